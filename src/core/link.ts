/** A link: a one-time way from a person's own chat to one page, for one purpose. The database knows only the hash of its token. */

import type { PersonId } from './people.js';

export type LinkState = 'open' | 'asked' | 'confirmed' | 'spent' | 'dead';

/** `reveal` shows the password once; `new-secret` takes the new password of an ended grant's account. */
export type LinkPurpose = 'reveal' | 'new-secret';

export interface Link {
  /** A public handle, for chat buttons; it opens nothing. */
  readonly id: string;
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  readonly purpose: LinkPurpose;
  readonly grant: string;
  readonly person: PersonId;
  readonly state: LinkState;
  /** SHA-256 of what the one browser that asked keeps to itself. */
  readonly browserHash: string | null;
  /** Two digits that the browser shows and the chat repeats. */
  readonly number: string | null;
  readonly fails: number;
  /** The proof that let the browser in; null where none was due. */
  readonly proof: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly version: number;
}

/** So many failures kill a link, and its owner is told. */
export const LINK_FAILURES = 5;

/** The longest a link may live. */
export const LINK_SECONDS = 10 * 60;

export const LINK_TRANSITIONS: readonly (readonly [LinkState | null, LinkState])[] = [
  [null, 'open'],
  ['open', 'asked'],
  ['open', 'dead'],
  ['asked', 'asked'],
  ['asked', 'confirmed'],
  ['asked', 'dead'],
  ['confirmed', 'spent'],
  ['confirmed', 'asked'],
  ['confirmed', 'dead'],
];
