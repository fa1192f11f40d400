/** One sentence about what to try next. */

import type { GuideStep } from '../contract.js';
import { chatOf } from '../state/chats.js';
import { COMMAND } from '../state/commands.js';
import { stepsFor } from '../state/guide.js';
import type { Model } from '../state/model.js';
import { openRoom } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { Avatar } from './Avatar.js';
import { CloseIcon } from './icons.js';
import { firstName } from './TopBar.js';

export function Guide({ model }: { model: Model }) {
  const page = usePlayground();
  if (model.guideShut) return null;
  const steps = stepsFor(model.cast);
  const step = steps[model.guide];
  return (
    <section
      class={step && offers(step, model) ? 'guide guide-acting' : 'guide'}
      aria-label="What to try next"
    >
      <div class="guide-count" aria-hidden="true">
        {step ? `${model.guide + 1}/${steps.length}` : '✓'}
      </div>
      <p class="guide-text" aria-live="polite">
        {step ? <Sentence step={step} model={model} /> : <Done model={model} />}
      </p>
      {step && <StepAction step={step} model={model} />}
      {step && (
        <button type="button" class="link-btn" onClick={() => page.guideTo(model.guide + 1)}>
          Skip
        </button>
      )}
      <button
        type="button"
        class="icon-btn"
        aria-label="Close the guide"
        onClick={() => page.shutGuide(true)}
      >
        <CloseIcon />
      </button>
    </section>
  );
}

function Sentence({ step, model }: { step: GuideStep; model: Model }) {
  const person = model.cast.people.find(({ key }) => key === step.as);
  const other = person && person.key !== model.who.key;
  return (
    <>
      {other && <strong>Next, as {firstName(person.name)}: </strong>}
      <Coded text={step.text} />
    </>
  );
}

/** What stands in backquotes is something to press or type. */
function Coded({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 ? <b class="guide-code">{part}</b> : part))}</>;
}

function Done({ model }: { model: Model }) {
  const help = model.who.chat === 'teams' ? 'help' : `${COMMAND} help`;
  return (
    <Coded
      text={`That was a whole turn of the key. Now try your own: deny one, ask for more, or type \`${help}\`.`}
    />
  );
}

/** Whether the step can be made shorter: by a switch, or by having its line typed. */
function offers(step: GuideStep, model: Model): boolean {
  return step.as !== model.who.key || step.type !== undefined;
}

/** The shortest way to what the step asks: be that person, or have the line typed. */
function StepAction({ step, model }: { step: GuideStep; model: Model }) {
  const page = usePlayground();
  const person = model.cast.people.find(({ key }) => key === step.as);
  if (person && person.key !== model.who.key) {
    return (
      <button type="button" class="btn guide-btn" onClick={() => page.be(person.key)}>
        <Avatar name={person.name} colour={person.colour} /> Switch to {firstName(person.name)}
      </button>
    );
  }
  if (!step.type) return null;
  const typeIt = () => {
    const channel = openRoom(model) ?? chatOf(model, model.who.key)?.channels[0];
    if (channel) page.openChannel(channel.id);
    page.draft(step.type ?? '');
    document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
  };
  return (
    <button type="button" class="btn guide-btn" onClick={typeIt}>
      Type it for me
    </button>
  );
}
