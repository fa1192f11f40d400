/** What a person types after `/access`, read the same in every chat. */

import { clean } from './free-text.js';

export type Typed =
  | { readonly word: 'form' | 'mine' | 'pending' | 'link' | 'help' }
  | { readonly word: 'enrol'; readonly email: string }
  | {
      readonly word: 'ask';
      readonly client: string;
      readonly account: string;
      readonly seconds: number | null;
      readonly reason: string;
      readonly ticket: string | null;
    }
  | { readonly word: 'show' | 'cancel' | 'return'; readonly id: string }
  | {
      readonly word: 'approve';
      readonly id: string;
      readonly seconds: number | null;
      readonly badDuration: boolean;
    }
  | { readonly word: 'deny' | 'revoke'; readonly id: string; readonly reason: string }
  | { readonly word: 'unknown'; readonly typed: string };

const ID = /^[RG]-[0-9A-Z]{6}$/i;
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
  { usage: 'mine', does: 'my requests and what I hold' },
  { usage: 'pending', does: 'what waits for my decision' },
  { usage: 'show <id>', does: 'one request or grant, with its whole trail' },
  { usage: 'approve <id> [<duration>]', does: 'approves; with a time, like 30m, for less than was asked' },
  { usage: 'deny <id> <reason…>', does: 'denies; one denial ends a request' },
  { usage: 'cancel <id>', does: 'takes my own request back' },
  { usage: 'return <id>', does: 'hands my access back early' },
  { usage: 'revoke <id> <reason…>', does: 'takes somebody’s access away (leads and approvers)' },
  { usage: 'link', does: 'my linked chat accounts and second factors; ends one' },
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
  if (first === 'mine' || first === 'pending' || first === 'link' || first === 'help') return { word: first };
  // Slack shows an address as mailto: when it is copied from elsewhere.
  if (first === 'enrol') return { word: 'enrol', email: (rest[0] ?? '').replace(/^mailto:/i, '') };
  const account = ACCOUNT.exec(first);
  if (account) return readAsk(account[1] as string, account[2] as string, rest);
  const id = (rest[0] ?? '').toUpperCase();
  if (!ID.test(id)) return { word: 'unknown', typed: words.join(' ') };
  if (first === 'show' || first === 'cancel' || first === 'return') return { word: first, id };
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
function readAsk(client: string, account: string, rest: string[]): Typed {
  const ticket = rest.find((word) => /^#[\w./-]+$/.test(word)) ?? null;
  const others = rest.filter((word) => word !== ticket);
  const seconds = readDuration(others[0] ?? '');
  const reason = (seconds === null ? others : others.slice(1)).join(' ');
  return { word: 'ask', client, account, seconds, reason, ticket: ticket?.slice(1) ?? null };
}
