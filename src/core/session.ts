/** A session: one connection through the bastion, on record from its admission to its end. */

import type { PersonId } from './people.js';

export type SessionState = 'open' | 'ended';

/** Why one is over. The bastion sees a grant that is over; whether its holder was paused, or their key ended, is known only here. */
export type SessionEnd =
  | 'left'
  | 'target-left'
  | 'grant-over'
  | 'holder-paused'
  | 'key-ended'
  | 'ended-by-lead'
  | 'idle'
  | 'not-recordable'
  | 'recording-full'
  | 'bastion-stopped'
  | 'target-refused'
  | 'wrong-host-key';

export interface Session {
  /** `X-` and six characters. */
  readonly id: string;
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  readonly person: PersonId;
  /** The ticket that it spent, or the registered key that it came with: one of them. */
  readonly ticket: string | null;
  readonly key: string | null;
  /** Where it comes from. */
  readonly address: string;
  /** The replica that carries it. */
  readonly owner: string;
  /** The version of the account's secret that it signs in with at the target. */
  readonly secretVersion: number;
  /** Without a byte for so long it ends; and for so long after it another of the same key and address needs no new proof. */
  readonly idleSeconds: number;
  readonly state: SessionState;
  readonly why: SessionEnd | null;
  readonly openedAt: Date;
  /** When its replica last said that it still carries it. */
  readonly seenAt: Date;
  readonly endedAt: Date | null;
  /** A lead's word that it shall end, which the bastion hears of within a second. */
  readonly endAskedAt: Date | null;
  readonly endAskedBy: PersonId | null;
  /** SHA-256 of its recording, as hexadecimal; null until that is whole. */
  readonly recordingHash: string | null;
  readonly recordingBytes: number | null;
  readonly recordingEvents: number | null;
  readonly version: number;
}

export const SESSION_TRANSITIONS: readonly (readonly [SessionState | null, SessionState])[] = [
  [null, 'open'],
  ['open', 'ended'],
];

/** How many connections a grant has had by one version of the secret, and how many of them its end has cut, or is cutting. */
export interface SessionUse {
  readonly secretVersion: number;
  readonly count: number;
  readonly cut: number;
}

/** Open at a time, of one grant: more than anybody works in, and less than would crowd everybody else out of the bastion. */
export const MOST_SESSIONS = 64;

/** Where the account says nothing of it. */
export const IDLE_SECONDS = 15 * 60;

export function countSessions(uses: readonly Pick<SessionUse, 'count'>[]): number {
  return uses.reduce((sum, { count }) => sum + count, 0);
}

/** Ended by whoever was in it: what comes next from the same place may go on from there. */
export function isLeft({ state, why }: Session): boolean {
  return state === 'ended' && (why === 'left' || why === 'target-left');
}
