/** A browser before the page of a link or a visit: one asks, the owner says yes, and no other gets in. */

import { LINK_FAILURES, type LinkState } from './link.js';
import type { Refusal } from './refusals.js';

/** What a link and a visit have in common. */
export interface Entrance {
  readonly state: LinkState;
  readonly browserHash: string | null;
  readonly number: string | null;
  readonly fails: number;
  readonly expiresAt: Date;
  readonly version: number;
}

/** What a browser that opened the address sends: its own nonce, hashed, and the digits it shall show. */
export interface BrowserAsk {
  readonly browserHash: string;
  readonly number: string;
}

/** One answer for everything that opens nothing any more. */
export function overRefusal({ state, expiresAt }: Entrance, now: Date): Refusal | null {
  return state === 'spent' || state === 'dead' || now >= expiresAt ? { code: 'link-over' } : null;
}

/** Whether this browser is the confirmed one. */
export function browserRefusal({ state, browserHash }: Entrance, hash: string): Refusal | null {
  if (state === 'open') return { code: 'not-confirmed' };
  if (browserHash !== hash) return { code: 'other-browser' };
  return state === 'confirmed' ? null : { code: 'not-confirmed' };
}

/** Another browser had it first. */
export function isTaken({ state, browserHash }: Entrance, hash: string): boolean {
  return state !== 'open' && browserHash !== hash;
}

/** Asked by this browser, which keeps it from here on; null where it has asked before. */
export function askedBy<E extends Entrance>(entrance: E, asked: BrowserAsk): E | null {
  if (entrance.state !== 'open') return null;
  return { ...entrance, ...asked, state: 'asked', version: entrance.version + 1 };
}

/** One more failure; the last one allowed kills it. */
export function failedOnce<E extends Entrance>(entrance: E): E {
  const fails = entrance.fails + 1;
  const state = fails >= LINK_FAILURES ? 'dead' : entrance.state;
  return { ...entrance, fails, state, version: entrance.version + 1 };
}

/** Somebody else at the address is the gravest failure: it counts as all of them. */
export function disowned<E extends Entrance>(entrance: E): E {
  return { ...entrance, state: 'dead', fails: LINK_FAILURES, version: entrance.version + 1 };
}
