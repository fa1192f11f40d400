/** A sweep: an offboarding. Everything that one person holds, ended and itemised. */

import type { PersonId } from './people.js';

/** `waiting`: for a lead. `running`: nothing of theirs works any more, and something is left to do by hand. */
export type SweepState = 'waiting' | 'running' | 'done' | 'dropped';

export interface Sweep {
  readonly id: string;
  readonly person: PersonId;
  /** `lead`: somebody wants it. `automatic`: their chat says that they have left. */
  readonly origin: 'lead' | 'automatic';
  readonly state: SweepState;
  /** Why, in words. */
  readonly why: string;
  readonly at: Date;
  /** When nothing of theirs worked any more; null where that waits for a lead. */
  readonly accessEndedAt: Date | null;
  readonly proposer: PersonId | null;
  readonly proof: string | null;
  /** Whose their accounts and tasks are from then on. */
  readonly heir: PersonId | null;
  /** The second lead, where the person is one. */
  readonly confirmer: PersonId | null;
  readonly confirmProof: string | null;
  readonly settledAt: Date | null;
  readonly version: number;
}

export type SweepItemKind =
  | 'grant'
  | 'link'
  | 'request'
  /** A vote of theirs on a request that still waits: it counts no more. */
  | 'vote'
  | 'identity'
  | 'factor'
  | 'ssh-key'
  /** A connection of theirs that was open. */
  | 'session'
  /** A question that their factor was being asked. */
  | 'proof'
  /** A tier, a group, or being a client's contact. */
  | 'role'
  /** An account that they owned: the heir's now. */
  | 'account'
  /** A password that they had to change: the heir's task now. */
  | 'task'
  /** A password that they were shown and that still works; the subject is the grant. `due` until it is changed. */
  | 'exposure'
  /** A break-glass of theirs that somebody still has to review. */
  | 'review'
  /** A configuration that they had proposed. */
  | 'proposal';

export interface SweepItem {
  readonly sweep: string;
  readonly kind: SweepItemKind;
  readonly subject: string;
  readonly client: string | null;
  readonly state: 'done' | 'due';
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly doneAt: Date | null;
}

export const SWEEP_TRANSITIONS: readonly (readonly [SweepState | null, SweepState])[] = [
  [null, 'waiting'],
  [null, 'running'],
  [null, 'done'],
  ['waiting', 'running'],
  ['waiting', 'done'],
  ['waiting', 'dropped'],
  ['running', 'done'],
];

/** So many people may leave by themselves within an hour; more may be a mistake, or somebody's doing. */
export const AUTOMATIC_AN_HOUR = 3;
