/** A factor that Keyturn itself keeps: an authenticator of one person. Duo's devices are Duo's to know. */

import type { PersonId } from './people.js';

/** `offered`: may be enrolled. `trying`: a page shows its secret. It counts once a first code of it was right. */
export type FactorState = 'offered' | 'trying' | 'active' | 'ended';

export interface Factor {
  readonly id: string;
  readonly person: PersonId;
  readonly kind: 'totp';
  readonly state: FactorState;
  /** Whose word allows it: the person's own, with a factor of theirs, or a lead's. */
  readonly offeredBy: PersonId | null;
  /** The proof by which it was allowed. */
  readonly proof: string | null;
  readonly sealed: string | null;
  /** The step of the last code that was spent: none of it or before it counts again. */
  readonly lastStep: number | null;
  /** Of the page's address; the newest press alone opens it. */
  readonly tokenHash: string | null;
  readonly browserHash: string | null;
  readonly fails: number;
  readonly offeredAt: Date;
  readonly expiresAt: Date;
  readonly activeAt: Date | null;
  readonly endedAt: Date | null;
  readonly version: number;
}

export const FACTOR_TRANSITIONS: readonly (readonly [FactorState | null, FactorState])[] = [
  [null, 'offered'],
  ['offered', 'trying'],
  ['offered', 'ended'],
  ['trying', 'offered'],
  ['trying', 'active'],
  ['trying', 'ended'],
  ['active', 'ended'],
];

/** An offer lives a day; the page that it opens ten minutes. */
export const OFFER_SECONDS = 24 * 60 * 60;

export function activeFactor(factors: readonly Factor[]): Factor | undefined {
  return factors.find((factor) => factor.state === 'active');
}
