/** A visit: a one-time way from a person's own chat to a page that shows something for a while. Its token is stored as a hash. */

import type { PersonId } from './people.js';

export type VisitState = 'open' | 'asked' | 'confirmed' | 'dead';

/** What the page shows. `from` and `to` are local days, `2026-11-23`, both inclusive. */
export interface VisitPage {
  readonly report: 'account' | 'person' | 'client' | 'sweep' | 'sessions';
  /** `acme/front-desk`, a person's id, a client's id, or a sweep's; of sessions, the id of the one who looks. */
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Visit {
  readonly id: string;
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  readonly person: PersonId;
  readonly page: VisitPage;
  readonly state: VisitState;
  /** SHA-256 of what the one browser that asked keeps to itself. */
  readonly browserHash: string | null;
  /** Two digits that the browser shows and the phone or the chat repeats. */
  readonly number: string | null;
  readonly fails: number;
  readonly proof: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly version: number;
}

export const VISIT_TRANSITIONS: readonly (readonly [VisitState | null, VisitState])[] = [
  [null, 'open'],
  ['open', 'asked'],
  ['open', 'dead'],
  ['asked', 'confirmed'],
  ['asked', 'dead'],
  ['confirmed', 'dead'],
];

/** Whether a page is about recordings of sessions. No other page shows them, and theirs shows nothing else. */
export function isOfSessions({ report }: VisitPage): boolean {
  return report === 'sessions';
}
