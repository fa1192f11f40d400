/** Teams' composer: what one types to the bot are the same words as in Slack, alone or after its name in a channel. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CommandHint } from '../contract.js';
import type { Room } from '../state/chats.js';
import { fixedPart, hintsFor, promptsFor } from '../state/commands.js';
import { draftKey, type Model } from '../state/model.js';
import { usePlayground } from '../state/use.js';
import { PromptsIcon } from '../ui/icons.js';
import { WritingBox } from '../ui/WritingBox.js';

interface Props {
  readonly room: Room;
  /** What the bot is called. */
  readonly bot: string;
  readonly model: Model;
}

export function TeamsComposer({ room, bot, model }: Props) {
  return room.kind === 'dm' ? (
    <ToBot room={room} model={model} />
  ) : (
    <InChannel room={room} bot={bot} model={model} />
  );
}

function ToBot({ room, model }: Omit<Props, 'bot'>) {
  const page = usePlayground();
  const [wanted, setWanted] = useState(false);
  const draft = model.drafts[draftKey(model)] ?? '';
  const prompts = wanted || draft !== '' ? promptsFor(draft, model.cast.commands) : [];
  return (
    <Writing
      room={room}
      draft={draft}
      placeholder={`Type a message to ${room.name}`}
      hints={prompts}
      taken={({ usage }) => fixedPart(usage)}
      write={(text) => {
        setWanted(false);
        page.draft(text);
      }}
      hush={() => setWanted(false)}
    >
      <button
        type="button"
        class="btn shortcut"
        aria-expanded={prompts.length > 0}
        onClick={() => setWanted(!wanted)}
      >
        <PromptsIcon /> View prompts
      </button>
    </Writing>
  );
}

function InChannel({ room, bot, model }: Props) {
  const page = usePlayground();
  const draft = model.drafts[draftKey(model)] ?? '';
  const name = `@${bot}`;
  return (
    <Writing
      room={room}
      draft={draft}
      placeholder={`Post here, or ask ${name}`}
      hints={hintsFor(draft, model.cast.commands, name)}
      prefix={name}
      taken={({ usage }) => `${name} ${fixedPart(usage)}`}
      write={(text) => page.draft(text)}
    >
      <span />
    </Writing>
  );
}

interface WritingProps {
  readonly room: Room;
  readonly draft: string;
  readonly placeholder: string;
  readonly hints: readonly CommandHint[];
  readonly prefix?: string;
  readonly taken: (hint: CommandHint) => string;
  readonly write: (text: string) => void;
  readonly hush?: () => void;
  readonly children: ComponentChildren;
}

/** The box itself, which sends to its room. */
function Writing({ room, children, ...props }: WritingProps) {
  const page = usePlayground();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    const text = props.draft.trim();
    if (!text || busy) return;
    props.write('');
    setBusy(true);
    const outcome = await page.actInTeams({ kind: 'message', conversation: room.id, text });
    setBusy(false);
    if (outcome.ok) return;
    page.say(outcome.error ?? 'That did not work.');
    // What did not go out is not lost.
    page.draft(props.draft);
  };
  return (
    <WritingBox
      {...props}
      room={room.id}
      label={`Message to ${room.name}`}
      busy={busy}
      enter={() => void send()}
      send={() => void send()}
    >
      {children}
    </WritingBox>
  );
}
