/** Who one can be, grouped by whose chat they are in. */

import { useEffect, useRef } from 'preact/hooks';
import type { CastMember } from '../contract.js';
import { chatOf, placeName, placeOf } from '../state/chats.js';
import type { Model } from '../state/model.js';
import { isRinging } from '../state/phones.js';
import { unreadOf } from '../state/unread.js';
import { usePlayground } from '../state/use.js';
import { Avatar } from './Avatar.js';
import { Badge } from './Badge.js';
import { Clock } from './Clock.js';
import { KeyMark, PhoneIcon, TerminalIcon, TrailIcon } from './icons.js';

export function TopBar({ model }: { model: Model }) {
  const page = usePlayground();
  return (
    <header class="top">
      <div class="brand">
        <KeyMark />
        <div>
          <h1>Keyturn</h1>
          <p>{model.cast.title}</p>
        </div>
      </div>
      <nav class="people" aria-label="Who you are">
        {byPlace(model.cast.people).map(([place, people]) => (
          <PlaceOf key={place} people={people} model={model} />
        ))}
      </nav>
      <div class="tools">
        <Clock clock={model.clock} />
        <button
          type="button"
          class="btn tool"
          aria-expanded={model.auditOpen}
          onClick={() => void page.showAudit(!model.auditOpen)}
        >
          <TrailIcon /> <span>Audit trail</span>
        </button>
        <button
          type="button"
          class="btn tool tool-terminal"
          aria-expanded={model.terminalUp}
          onClick={() => page.showTerminal(!model.terminalUp)}
        >
          <TerminalIcon /> <span>Terminal</span>
        </button>
      </div>
    </header>
  );
}

function byPlace(people: readonly CastMember[]): readonly (readonly [string, readonly CastMember[]])[] {
  return [...new Set(people.map(placeOf))].map((place) => [
    place,
    people.filter((one) => placeOf(one) === place),
  ]);
}

function PlaceOf({ people, model }: { people: readonly CastMember[]; model: Model }) {
  const [first] = people;
  if (!first) return null;
  const name = placeName(model, first);
  return (
    <fieldset class={`team team-${first.chat}`} aria-label={name}>
      <span class="team-name" aria-hidden="true">
        {name}
      </span>
      <div class="team-people">
        {people.map((person) => (
          <PersonButton key={person.key} person={person} model={model} />
        ))}
      </div>
    </fieldset>
  );
}

function PersonButton({ person, model }: { person: CastMember; model: Model }) {
  const page = usePlayground();
  const chat = chatOf(model, person.key);
  const unread = chat ? unreadOf(chat, model.seen[person.key] ?? {}) : 0;
  const current = person.key === model.who.key;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // On a phone they stand in a row that is wider than the page.
    if (current) button.current?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [current]);
  return (
    <button
      ref={button}
      type="button"
      class="person"
      aria-current={current ? 'true' : undefined}
      title={`${person.name} · ${person.caption}`}
      onClick={() => page.be(person.key)}
    >
      <Avatar name={person.name} colour={person.colour} />
      <span class="person-words">
        <span class="person-name">
          {firstName(person.name)}
          <span class="person-rest"> {person.name.slice(firstName(person.name).length + 1)}</span>
        </span>
        <span class="person-caption">{person.caption}</span>
      </span>
      {!current && <Badge count={unread} />}
      {!current && isRinging(model, person.key) && <Ring />}
    </button>
  );
}

/** Somebody else's phone wants an answer: one has to become them to give it. */
function Ring() {
  return (
    <span class="ring" title="Their phone rings">
      <PhoneIcon />
      <span class="unseen"> phone rings</span>
    </span>
  );
}

/** What one calls somebody. */
export function firstName(name: string): string {
  return name.split(' ')[0] ?? name;
}
