/** A review: what a break-glass owes. Somebody else says afterwards whether it was justified. */

import type { PersonId } from './people.js';

export type ReviewState = 'owed' | 'justified' | 'misuse';

export interface Review {
  /** The break-glass that it is about. */
  readonly request: string;
  readonly client: string;
  readonly account: string;
  /** Who broke the glass; never the one who reviews. */
  readonly person: PersonId;
  readonly state: ReviewState;
  readonly at: Date;
  readonly dueAt: Date;
  /** When somebody is reminded next. */
  readonly remindAt: Date;
  readonly reminders: number;
  /** A lead lets the person break glass once more although this is late, until then. */
  readonly allowedBy: PersonId | null;
  readonly allowedUntilAt: Date | null;
  readonly reviewer: PersonId | null;
  readonly note: string | null;
  readonly settledAt: Date | null;
  readonly version: number;
}

export const REVIEW_TRANSITIONS: readonly (readonly [ReviewState | null, ReviewState])[] = [
  [null, 'owed'],
  ['owed', 'justified'],
  ['owed', 'misuse'],
];

/** Whether nobody has reviewed it in time. */
export function isLate(review: Pick<Review, 'state' | 'dueAt'>, now: Date): boolean {
  return review.state === 'owed' && now >= review.dueAt;
}

/** Whether a lead lets its person break glass once more all the same. */
export function isAllowed(review: Pick<Review, 'allowedUntilAt'>, now: Date): boolean {
  return review.allowedUntilAt !== null && now < review.allowedUntilAt;
}
