/** A rotation: one account's password on its way from the version in force to the next. */

import type { PersonId } from './people.js';

export type RotationState = 'asked' | 'prepared' | 'done' | 'dropped';

/**
 * Why a password is changed: a grant ended, it is time, a lead asked, or somebody left who had seen it. `insisted`: a
 * lead asked who has read what hangs on it.
 */
export type RotationCause = 'used' | 'schedule' | 'asked' | 'insisted' | 'offboarded';

/** At most one of an account is not settled. */
export interface Rotation {
  readonly id: string;
  readonly client: string;
  readonly account: string;
  readonly cause: RotationCause;
  /** `prepared`: the new password is in the vault, and either of the two may be in force at the target. */
  readonly state: RotationState;
  /** The version that the new password will be; null until there is one. */
  readonly secretVersion: number | null;
  /** The new password, sealed; null until there is one. It stays when it was dropped: the target may have it. */
  readonly sealed: string | null;
  readonly askedAt: Date;
  readonly askedBy: PersonId | null;
  readonly settledAt: Date | null;
  readonly tried: number;
  readonly triedAt: Date | null;
  readonly trouble: string | null;
  readonly version: number;
}

export const ROTATION_TRANSITIONS: readonly (readonly [RotationState | null, RotationState])[] = [
  [null, 'asked'],
  [null, 'prepared'],
  ['asked', 'prepared'],
  ['asked', 'dropped'],
  ['prepared', 'done'],
  ['prepared', 'dropped'],
];
