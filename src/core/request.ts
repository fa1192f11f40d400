/** A request: somebody asks for an account, for a time, for a reason. Never edited: cancel and ask again. */

import type { Delivery } from './accounts.js';
import type { PersonId } from './people.js';

export type RequestState = 'pending' | 'approved' | 'denied' | 'cancelled' | 'lapsed';

/** `break-glass`: access at once, nobody was asked. `extend`: more time for a grant that one holds. */
export type RequestKind = 'ask' | 'break-glass' | 'extend';

export interface Request {
  readonly id: string;
  readonly client: string;
  readonly account: string;
  readonly requester: PersonId;
  readonly seconds: number;
  readonly reason: string;
  readonly ticket: string | null;
  readonly delivery: Delivery;
  readonly policy: string;
  readonly policyVersion: number;
  readonly state: RequestState;
  /** Counts every write to the request or its decisions, so that a stale judgement can't be committed. */
  readonly version: number;
  readonly askedAt: Date;
  readonly decideBy: Date;
  readonly endedAt: Date | null;
  readonly endedBy: PersonId | null;
  readonly kind: RequestKind;
  /** The grant that it asks more time for; null but for an extension. */
  readonly extends: string | null;
  /** The proof of a break-glass; null where none was due. */
  readonly proof: string | null;
  /** When others are told that nobody has decided; null where the policy names nobody. */
  readonly escalateAt: Date | null;
  readonly escalatedAt: Date | null;
}

/** One approver's word on one request; an approver may shorten. */
export interface Decision {
  readonly request: string;
  readonly person: PersonId;
  readonly verdict: 'approve' | 'deny';
  readonly seconds: number | null;
  readonly reason: string | null;
  /** The proof of an approval; null where none was due. */
  readonly proof: string | null;
  readonly at: Date;
}

/** The legal arrows, `null` being birth. The same pairs stand in the database; a test proves them equal. */
export const REQUEST_TRANSITIONS: readonly (readonly [RequestState | null, RequestState])[] = [
  [null, 'pending'],
  ['pending', 'approved'],
  ['pending', 'denied'],
  ['pending', 'cancelled'],
  ['pending', 'lapsed'],
];
