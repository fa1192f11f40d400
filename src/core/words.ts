/** What a person types after `/access`, read the same in every chat. */

import { clean } from './free-text.js';
import type { VisitPage } from './visit.js';

/** An account asked for in one line; `seconds` is null where no duration was typed. */
export interface Asked {
  readonly client: string;
  readonly account: string;
  readonly seconds: number | null;
  readonly reason: string;
  readonly ticket: string | null;
}

/** Words that stand alone. */
const ALONE = ['home', 'mine', 'pending', 'digest', 'link', 'help'] as const;

/** What people say to a bot that they meet. */
const GREETINGS: readonly string[] = ['hello', 'hi'];

export type Typed =
  | { readonly word: 'form' | (typeof ALONE)[number] }
  | { readonly word: 'enrol'; readonly email: string }
  /** An e-mail address, or a whole name. */
  | { readonly word: 'offboard'; readonly who: string }
  | { readonly word: 'show-sweep'; readonly id: string }
  /** The line of a public key; empty: what there is. */
  | { readonly word: 'ssh-key'; readonly line: string }
  | { readonly word: 'rotate'; readonly client: string; readonly account: string }
  | ({ readonly word: 'ask' } & Asked)
  | { readonly word: 'break-glass-form' }
  | { readonly word: 'break-glass'; readonly asked: Asked }
  | {
      readonly word: 'review';
      readonly id: string;
      readonly verdict: 'justified' | 'misuse' | null;
      readonly note: string;
    }
  | {
      readonly word: 'report';
      /** Null where what was typed is no report. */
      readonly page: VisitPage | null;
    }
  | { readonly word: 'sessions' }
  | { readonly word: 'show' | 'cancel' | 'return'; readonly id: string }
  | {
      readonly word: 'approve';
      readonly id: string;
      readonly seconds: number | null;
      readonly badDuration: boolean;
    }
  | {
      readonly word: 'extend';
      readonly id: string;
      /** Null where none was typed. */
      readonly seconds: number | null;
      readonly badDuration: boolean;
      readonly reason: string;
    }
  | { readonly word: 'deny' | 'revoke'; readonly id: string; readonly reason: string }
  | { readonly word: 'unknown'; readonly typed: string };

const ID = /^[RG]-[0-9A-Z]{6}$/i;
const SWEEP = /^S-[0-9A-Z]{6}$/i;
const ACCOUNT = /^([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9-]*)$/i;

/** One line of help: what is typed after `/access`, with `<…>` where something of one's own goes. */
export interface Help {
  readonly usage: string;
  readonly does: string;
}

/** Everything that can be typed: `help` prints it, and a composer may suggest it. */
export const HELP: readonly Help[] = [
  { usage: 'request', does: 'opens the request form' },
  {
    usage: '<client>/<account> <duration> <reason…>',
    does: 'asks in one line; #TICKET anywhere in it is the ticket. For example: acme/front-desk 30m printer is down #T-204',
  },
  {
    usage: 'break-glass <client>/<account> <duration> <reason…>',
    does: 'takes access at once, in an emergency: everybody is told, and somebody reviews it; alone, it opens the form',
  },
  { usage: 'home', does: 'what I hold, what I asked for and what waits for me, with the buttons' },
  { usage: 'mine', does: 'my requests and what I hold' },
  { usage: 'pending', does: 'what waits for my decision' },
  { usage: 'show <id>', does: 'one request or grant, with its whole trail' },
  { usage: 'approve <id> [<duration>]', does: 'approves; with a time, like 30m, for less than was asked' },
  { usage: 'deny <id> <reason…>', does: 'denies; one denial ends a request' },
  { usage: 'cancel <id>', does: 'takes my own request back' },
  {
    usage: 'extend <id> <duration> [<reason…>]',
    does: 'asks for more time of what I hold; it has to be approved like the first',
  },
  { usage: 'return <id>', does: 'hands my access back early' },
  { usage: 'revoke <id> <reason…>', does: 'takes somebody’s access away (leads and approvers)' },
  { usage: 'review <id> justified|misuse <note…>', does: 'settles somebody else’s break-glass' },
  {
    usage: 'report account|person|client <which> [<first day> <last day>]',
    does: 'who, when, why and what came of it; for example: report account acme/front-desk 2026-11-01 2026-11-23',
  },
  {
    usage: 'sessions',
    does: 'recorded sessions, to be searched and played in the browser: one’s own, and for leads and auditors everybody’s',
  },
  { usage: 'digest', does: 'the daily digest as it would be now (leads)' },
  {
    usage: 'offboard <email or name>',
    does: 'says what it would end, and ends it when confirmed: everything of somebody who leaves (leads)',
  },
  {
    usage: 'rotate <client>/<account>',
    does: 'has a password changed at its system now, where Keyturn can (leads)',
  },
  { usage: 'link', does: 'my linked chat accounts and second factors; ends one' },
  {
    usage: 'ssh-key [<public key>]',
    does: 'my SSH keys; with the line of a .pub file, registers one, which starts sessions without a ticket',
  },
  { usage: 'enrol <email>', does: 'lets somebody who has no second factor enrol an authenticator (leads)' },
  { usage: 'help', does: 'this list' },
];

/** `90s`, `15m`, `4h`, `1h30m`, `2d` in seconds; null where it is no duration. */
export function readDuration(text: string): number | null {
  const match = /^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/i.exec(text.trim());
  if (!match?.[0]) return null;
  const [d = 0, h = 0, m = 0, s = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((d * 24 + h) * 60 + m) * 60 + s;
}

/** Reads a typed line. Never throws; what it can't read is `unknown` with the words as typed. */
export function readWords(text: string): Typed {
  const words = clean(text).split(/\s+/).filter(Boolean);
  const first = (words[0] ?? '').toLowerCase();
  const rest = words.slice(1);
  if (first === '' || first === 'request') return { word: 'form' };
  const alone = ALONE.find((word) => word === (GREETINGS.includes(first) ? 'home' : first));
  if (alone) return { word: alone };
  // Slack shows an address as mailto: when it is copied from elsewhere.
  if (first === 'enrol') return { word: 'enrol', email: (rest[0] ?? '').replace(/^mailto:/i, '') };
  if (first === 'sessions' && rest.length === 0) return { word: 'sessions' };
  if (first === 'ssh-key') return { word: 'ssh-key', line: rest.join(' ') };
  if (first === 'report') return { word: 'report', page: readReportWords(rest) };
  if (first === 'offboard') return { word: 'offboard', who: rest.join(' ').replace(/^mailto:/i, '') };
  if (first === 'show' && SWEEP.test(rest[0] ?? ''))
    return { word: 'show-sweep', id: (rest[0] ?? '').toUpperCase() };
  const rotated = first === 'rotate' && rest.length === 1 ? ACCOUNT.exec(rest[0]?.toLowerCase() ?? '') : null;
  if (rotated) return { word: 'rotate', client: rotated[1] as string, account: rotated[2] as string };
  const account = ACCOUNT.exec(first);
  if (account) return { word: 'ask', ...readAsk(account[1] as string, account[2] as string, rest) };
  if (first === 'break-glass') return readGlass(rest);
  const id = (rest[0] ?? '').toUpperCase();
  if (!ID.test(id)) return { word: 'unknown', typed: words.join(' ') };
  if (first === 'show' || first === 'cancel' || first === 'return') return { word: first, id };
  if (first === 'review') return readReview(id, rest.slice(1));
  if (first === 'extend') return readExtend(id, rest.slice(1));
  if (first === 'deny' || first === 'revoke') return { word: first, id, reason: rest.slice(1).join(' ') };
  if (first !== 'approve') return { word: 'unknown', typed: words.join(' ') };
  const seconds = rest[1] === undefined ? null : readDuration(rest[1]);
  return {
    word: 'approve',
    id,
    seconds,
    badDuration: rest.length > 2 || (rest.length === 2 && seconds === null),
  };
}

/** `<duration> <reason…>`, with `#TICKET` anywhere in it. */
function readAsk(client: string, account: string, rest: string[]): Asked {
  const ticket = rest.find((word) => /^#[\w./-]+$/.test(word)) ?? null;
  const others = rest.filter((word) => word !== ticket);
  const seconds = readDuration(others[0] ?? '');
  const reason = (seconds === null ? others : others.slice(1)).join(' ');
  return { client, account, seconds, reason, ticket: ticket?.slice(1) ?? null };
}

function readGlass(words: string[]): Typed {
  if (words.length === 0) return { word: 'break-glass-form' };
  const account = ACCOUNT.exec((words[0] ?? '').toLowerCase());
  if (!account) return { word: 'unknown', typed: ['break-glass', ...words].join(' ') };
  const asked = readAsk(account[1] as string, account[2] as string, words.slice(1));
  return { word: 'break-glass', asked };
}

function readReview(id: string, [word = '', ...note]: string[]): Typed {
  const said = word.toLowerCase();
  const verdict = said === 'justified' || said === 'misuse' ? said : null;
  return { word: 'review', id, verdict, note: note.join(' ') };
}

const REPORTS = ['account', 'person', 'client'] as const;

/** `account acme/front-desk [2026-11-01 [2026-11-23]]`; null where it is something else. What is no day is refused later, by name. */
export function readReportWords(words: readonly string[]): VisitPage | null {
  const report = REPORTS.find((one) => one === words[0]?.toLowerCase());
  // Slack shows an address as mailto: when it is copied from elsewhere.
  const subject = (words[1] ?? '').replace(/^mailto:/i, '').toLowerCase();
  if (!report || subject === '' || words.length > 4) return null;
  return { report, subject, from: words[2] ?? null, to: words[3] ?? null };
}

function readExtend(id: string, [long, ...why]: string[]): Typed {
  const seconds = long === undefined ? null : readDuration(long);
  const badDuration = long !== undefined && seconds === null;
  return { word: 'extend', id, seconds, badDuration, reason: why.join(' ') };
}
