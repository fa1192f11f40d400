/** The digest as one person reads it: what waits for them, a line a client, the heads of the audit trail, thirty days. */

import { readers } from '../digest.js';
import {
  type ClientDay,
  type DigestContent,
  type Need,
  pictureDays,
  type Reader,
} from '../digest-content.js';
import type { Head } from '../digest-facts.js';
import type { Directory } from '../directory.js';
import { wallClock } from '../local-day.js';
import type { PersonId } from '../people.js';
import { type Action, type Card, type DaysPicture, type Row, said, type Text } from './card.js';
import type { Copy } from './copies.js';
import { count, list, sayDuration } from './words.js';

/** Clients have a line of their own while there is room, in characters; the others share one. Each line takes some more than its text. */
const ROOM = 4000;
const AROUND = 160;
/** A line that is longer takes twice the room: it is shown folded, and whole. */
const LONG = 126;
const MOST_BUTTONS = 5;
const MOST_NAMES = 4;
const MOST_SWEEPS = 5;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * @param anchor the digest's own event in the operator's chain, which holds the heads of all; null where none was sent.
 * @returns null where it isn't for this person.
 */
export function digestCard(content: DigestContent, person: PersonId, anchor: Head | null): Card | null {
  const reader = content.readers.find((one) => one.person === person);
  if (!reader) return null;
  const lines = [...besides(reader), ...clientLines(content, reader), ...staffLines(content, reader)];
  const isQuiet = reader.needs.length === 0 && lines.length === 0;
  const since = saySince(content);
  const picture = isQuiet ? null : pictureOf(content, reader);
  return {
    client: null,
    title: `Digest, ${sayDay(content.day)}`,
    summary: summary(reader),
    rows: reader.needs.map((need) => rowOf(need, content)),
    lines: isQuiet
      ? [said(`Quiet since ${since}: nothing was lent, nothing waits.`)]
      : [...missed(content, since), ...lines, ...quietLine(content, reader)],
    ...(picture ? { picture } : {}),
    actions: reader.needs.flatMap(buttonOf).slice(0, MOST_BUTTONS),
    note: `Since ${since} · ${sayHead(content, anchor)}`,
  };
}

/** A stored digest to each of those whom it was made for and who would still be sent it. */
export function digestCopies(
  { content, anchor }: { readonly content: DigestContent; readonly anchor: Head | null },
  directory: Directory,
): Copy[] {
  return readers(directory).flatMap(({ id: person }): Copy[] => {
    const card = digestCard(content, person, anchor);
    return card ? [{ kind: 'digest', place: { person }, card }] : [];
  });
}

function summary({ counts }: Reader): string {
  const waiting = Object.values(counts).reduce((sum, n) => sum + n, 0);
  if (waiting === 0) return 'Digest: nothing waits for you';
  return `Digest: ${count(waiting, 'thing')} ${waiting === 1 ? 'waits' : 'wait'} for you`;
}

const LABELS: Readonly<Record<Need['kind'], string>> = {
  review: 'Review',
  resume: 'Settle',
  sweep: 'Offboard',
  decide: 'Decide',
  change: 'Change',
  proposal: 'Apply',
};

function rowOf(need: Need, content: DigestContent): Row {
  return { label: LABELS[need.kind], text: said(sayNeed(need, content)) };
}

function sayNeed(need: Need, content: DigestContent): string {
  const time = (at: string) => sayAt(at, content);
  switch (need.kind) {
    case 'decide':
      return `${need.id} ${need.client}, ${need.account}: ${need.who}, ${sayDuration(need.seconds)}, by ${time(need.by)}`;
    case 'review': {
      const due = need.by <= content.at ? `late since ${time(need.by)}` : `by ${time(need.by)}`;
      return `${need.id} ${need.client}, ${need.account}: ${need.who}’s break-glass, ${due}`;
    }
    case 'change':
      return `${need.client}, ${need.account}: ${need.who} was shown it, ${sayAge(need.since, content)} ago`;
    case 'sweep':
      return `${need.id} ${need.who}: waits for a lead since ${time(need.since)}`;
    case 'resume':
      return `${need.id} ${need.who} is paused until a lead has settled it`;
    case 'proposal':
      return `${need.id} ${need.who}’s configuration waits for a second lead`;
    default:
      return need satisfies never;
  }
}

const MORE: Readonly<Record<Need['kind'], string>> = {
  review: 'to review',
  resume: 'to settle',
  sweep: 'to offboard',
  decide: 'to decide (/access pending)',
  change: 'to change',
  proposal: 'to apply',
};

/** What had no row of its own. */
function besides({ needs, counts }: Reader): Text[] {
  const kinds = Object.keys(LABELS) as Need['kind'][];
  const more = kinds.flatMap((kind) => {
    const left = (counts[kind] ?? 0) - needs.filter((need) => need.kind === kind).length;
    return left > 0 ? [`${left} more ${MORE[kind]}`] : [];
  });
  return more.length === 0 ? [] : [said(`Besides, for you: ${list(more)}.`)];
}

function missed({ since, at }: DigestContent, words: string): Text[] {
  const isMissed = Date.parse(at) - Date.parse(since) > DAY + 2 * HOUR;
  return isMissed ? [said(`No digest was sent since ${words}: this one covers all of it.`)] : [];
}

function seen({ clients }: DigestContent, { sees }: Reader): ClientDay[] {
  return clients.filter(({ id }) => sees === 'all' || sees.includes(id));
}

/** Those with something open first: whoever reads no further has read that. */
function clientLines(content: DigestContent, reader: Reader): Text[] {
  const loud = seen(content, reader).filter((client) => partsOf(client, content).length > 0);
  const sorted = [...loud.filter(isOpen), ...loud.filter((client) => !isOpen(client))];
  const lines = fitting(sorted.map((client) => clientLine(client, content)));
  const rest = sorted.slice(lines.length);
  return [...lines, ...(rest.length === 0 ? [] : [together(rest)])].map(said);
}

function fitting(lines: readonly string[]): string[] {
  let left = ROOM;
  return lines.filter((line) => {
    if (left >= 0) left -= (line.length + AROUND) * (line.length > LONG ? 2 : 1);
    return left >= 0;
  });
}

function isOpen({ reviewsOwed, pending, unchanged, due, stuck, sweeping, unreached }: ClientDay): boolean {
  return reviewsOwed + pending + unchanged + due + stuck + sweeping + unreached.length > 0;
}

function clientLine(client: ClientDay, content: DigestContent): string {
  const head = content.heads.find(({ chain }) => chain === client.id);
  return `${client.name}: ${partsOf(client, content).join(', ')}${head ? ` · ${short(head)}` : ''}`;
}

function partsOf(client: ClientDay, content: DigestContent): string[] {
  const { reviewsOwed, reviewsLate, pending, oldestPending, unchanged, due, stuck, oldestDue } = client;
  const age = (since: string | null) => (since === null ? '' : ` (oldest ${sayAge(since, content)})`);
  const late = reviewsLate > 0 ? ` (${reviewsLate} late)` : '';
  return [
    ...(reviewsOwed > 0 ? [`${count(reviewsOwed, 'review')} owed${late}`] : []),
    ...(stuck > 0 ? [`${count(stuck, 'revocation')} stuck`] : []),
    ...(due > 0 ? [`${count(due, 'revocation')} due${age(oldestDue)}`] : []),
    ...(unchanged > 0
      ? [`${count(unchanged, 'shown password')} unchanged${due > 0 ? '' : age(oldestDue)}`]
      : []),
    ...(pending > 0 ? [`${pending} pending${age(oldestPending)}`] : []),
    ...(client.sweeping > 0 ? [`${client.sweeping} left of an offboarding`] : []),
    ...(client.unreached.length > 0 ? [`no chat reaches ${list(few(client.unreached))}`] : []),
    ...happened(client),
  ];
}

function happened({ grants, denials, breakGlass }: Pick<ClientDay, 'grants' | 'denials' | 'breakGlass'>) {
  return [
    ...(breakGlass > 0 ? [`${breakGlass} break-glass`] : []),
    ...(grants > 0 ? [`${grants} granted`] : []),
    ...(denials > 0 ? [`${denials} denied`] : []),
  ];
}

function together(clients: readonly ClientDay[]): string {
  const sum = (of: 'grants' | 'denials' | 'breakGlass') => clients.reduce((all, one) => all + one[of], 0);
  const parts = happened({ grants: sum('grants'), denials: sum('denials'), breakGlass: sum('breakGlass') });
  const says = parts.length === 0 ? 'something open' : parts.join(', ');
  return `${count(clients.length, 'more client')}: ${says}. See them with /access report client.`;
}

/** What concerns no client: leads read it. */
function staffLines({ sweeps, unreached }: DigestContent, { isLead }: Reader): Text[] {
  if (!isLead) return [];
  const lines = sweeps.slice(0, MOST_SWEEPS).map(({ id, who, state, due }) => {
    const left = due === 0 ? 'under way' : `under way, ${due} left`;
    const says = { waiting: 'waits for a lead', running: left, done: 'done' }[state];
    return said(`Offboarding of ${who} (${id}): ${says}`);
  });
  const more = sweeps.length - lines.length;
  const others = more > 0 ? [said(`and ${count(more, 'more offboarding')}`)] : [];
  const shut =
    unreached.length > 0 ? [said(`No chat reaches ${list(few(unreached))}: tell them yourself.`)] : [];
  return [...lines, ...others, ...shut];
}

function few(names: readonly string[]): string[] {
  if (names.length <= MOST_NAMES) return [...names];
  return [...names.slice(0, MOST_NAMES - 1), count(names.length - MOST_NAMES + 1, 'other')];
}

function quietLine(content: DigestContent, reader: Reader): Text[] {
  const quiet = seen(content, reader).filter((client) => partsOf(client, content).length === 0);
  if (quiet.length === 0) return [];
  const names = quiet.map(({ name }) => name);
  return [said(`Quiet: ${names.length <= MOST_NAMES ? list(names) : count(names.length, 'other client')}.`)];
}

function buttonOf(need: Need): Action[] {
  const { kind, id } = need;
  if (kind === 'review') return [{ kind: 'button', act: 'review', label: `Review ${id}`, id }];
  if (kind === 'decide') return [{ kind: 'button', act: 'show', label: `Show ${id}`, id }];
  if (kind === 'change')
    return [{ kind: 'button', act: 'new-secret', label: `New password of ${need.account}`, id }];
  return [];
}

function pictureOf(content: DigestContent, reader: Reader): DaysPicture | null {
  const days = pictureDays(reader);
  const sum = (of: 'grants' | 'denials' | 'breakGlass') => days.reduce((all, day) => all + day[of], 0);
  const [grants, denials, glass] = [sum('grants'), sum('denials'), sum('breakGlass')];
  if (grants + denials + glass === 0) return null;
  const alt = `${count(days.length, 'day')} to ${sayDay(content.day)}: ${grants} granted, ${denials} denied, ${glass} taken by break-glass.`;
  return { kind: 'days', title: count(days.length, 'day'), days, alt };
}

/** Twelve digits are more than anybody can forge, and few enough to compare by eye. */
function short({ seq, hash }: Head): string {
  return `#${seq} ${hash.slice(0, 12)}`;
}

function sayHead({ heads }: DigestContent, anchor: Head | null): string {
  const head = anchor ?? heads.find(({ chain }) => chain === 'operator');
  if (!head) return 'keyturn audit verify';
  const all = anchor ? ', which holds every head' : '';
  return `audit: operator ${short(head)}${all} · keyturn audit verify`;
}

/** `08:00` today, `yesterday 08:00`, `20 Nov 08:00`. */
function saySince(content: DigestContent): string {
  return sayAt(content.since, content, true);
}

function sayAt(iso: string, { at, timezone }: DigestContent, isPast = false): string {
  const { day, time } = wallClock(new Date(iso), timezone);
  const today = wallClock(new Date(at), timezone).day;
  if (day === today) return time;
  return isPast && day === dayBefore(today) ? `yesterday ${time}` : `${sayDay(day)} ${time}`;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10);
}

/** `2026-11-23` → `23 Nov`. */
function sayDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

/** `3 days`, `5 hours`, `20 minutes`: as much as matters. */
function sayAge(iso: string, { at }: DigestContent): string {
  const age = Math.max(0, Date.parse(at) - Date.parse(iso));
  if (age >= 2 * DAY) return count(Math.floor(age / DAY), 'day');
  if (age >= HOUR) return count(Math.floor(age / HOUR), 'hour');
  return count(Math.floor(age / 60_000), 'minute');
}
