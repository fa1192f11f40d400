/** One-time codes beside a password that was shown: for one browser, a few minutes long. Who holds the seed gives the code. */

import type { Account } from './accounts.js';
import type { LinkFacts } from './facts.js';
import type { PersonId } from './people.js';

/** Who can make an account's one-time codes: Keyturn by the seed in custody, or the client's contacts with their own authenticator. */
export type CodesHeldBy = 'keyturn' | 'contacts';

/** Opened by the showing, for the browser that was shown the password. */
export interface CodeWindow {
  /** The spent link whose browser it is for. */
  readonly link: string;
  readonly heldBy: CodesHeldBy;
  /** How many different codes of Keyturn's own were shown. */
  readonly shown: number;
  /** The time step of the newest of them. */
  readonly lastStep: number | null;
  readonly openedAt: Date;
  readonly untilAt: Date;
  readonly version: number;
}

/** `asked`: the contacts have a card. `typed`: one of them typed it, and it lies sealed. `handed`: the page has it. `over`: blanked. */
export type CodeAskState = 'asked' | 'typed' | 'handed' | 'over';

/** The client's contacts are asked for one code. */
export interface CodeAsk {
  /** A public handle, for chat buttons; it opens nothing. */
  readonly id: string;
  readonly link: string;
  /** 1, 2, 3: which asking of this showing it is. */
  readonly n: number;
  readonly state: CodeAskState;
  readonly askedAt: Date;
  /** Until then it can be typed; once it is typed, taken. */
  readonly untilAt: Date;
  /** The code, sealed: while it is `typed`, and at no other time. */
  readonly sealed: string | null;
  readonly typedBy: PersonId | null;
  readonly typedAt: Date | null;
  readonly handedAt: Date | null;
  readonly version: number;
}

export const CODE_ASK_TRANSITIONS: readonly (readonly [CodeAskState | null, CodeAskState])[] = [
  [null, 'asked'],
  ['asked', 'typed'],
  ['asked', 'over'],
  ['typed', 'handed'],
  ['typed', 'over'],
];

/** So long after a showing the page gives codes; never longer than the grant lives. */
export const CODE_SECONDS = 5 * 60;

/** So often the contacts are asked, a showing. */
export const MOST_ASKS = 3;

/** A typed code lies sealed so long at most. */
export const RELAY_SECONDS = 60;

/** More codes than any period gives within a window: whoever asks for more isn't a page of ours. */
export const MOST_CODES = 32;

/** Who makes this account's codes; null where it signs in without any. */
export function codesHeldBy(account: Pick<Account, 'totp' | 'totpHeldBy'> | undefined): CodesHeldBy | null {
  if (account?.totpHeldBy === 'contacts') return 'contacts';
  return account?.totp ? 'keyturn' : null;
}

/** Whether it still waits for somebody: to type it, or to take it. */
export function isAskOpen({ state, untilAt }: CodeAsk, now: Date): boolean {
  return (state === 'asked' || state === 'typed') && now < untilAt;
}

/** Six to eight digits, as authenticators show them; blanks between them are left out. Null where it is no code. */
export function readCode(typed: string): string | null {
  const code = typed.replace(/[\s-]/g, '');
  return /^[0-9]{6,8}$/.test(code) ? code : null;
}

/** What a showing opens besides: codes for its browser, for a while. Null where the account signs in without any. */
export function openWindow({ link, accountNow, grant, now }: LinkFacts): CodeWindow | null {
  const heldBy = codesHeldBy(accountNow);
  if (heldBy === null) return null;
  const end = Math.min(now.getTime() + CODE_SECONDS * 1000, grant?.endsAt?.getTime() ?? 0);
  const untilAt = new Date(end);
  return { link: link.id, heldBy, shown: 0, lastStep: null, openedAt: now, untilAt, version: 1 };
}
