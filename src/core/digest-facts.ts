/** What a digest is made of, as the database has it at one moment. */

import type { Facts, RequestFacts } from './facts.js';
import type { PersonId } from './people.js';
import type { Request } from './request.js';
import type { Review } from './review.js';
import type { SweepState } from './sweep.js';

/** The last event of a chain. */
export interface Head {
  readonly chain: string;
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

/** What happened at a client since the digest before, and what is open there now. */
export interface ClientFacts {
  readonly client: string;
  readonly grants: number;
  readonly denials: number;
  readonly breakGlass: number;
  readonly reviewsOwed: number;
  readonly reviewsLate: number;
  readonly pending: number;
  readonly oldestPendingAt: Date | null;
  /** Passwords that somebody was shown, whose access has ended, and that nobody has changed since. */
  readonly unchanged: number;
  /** Other ends that are not yet true at the target. */
  readonly due: number;
  readonly stuck: number;
  readonly oldestDueAt: Date | null;
  /** What the offboardings under way still wait for. */
  readonly sweeping: number;
}

/** A client where nothing happened and nothing is open. */
export const QUIET: Omit<ClientFacts, 'client'> = {
  ...{ grants: 0, denials: 0, breakGlass: 0, reviewsOwed: 0, reviewsLate: 0, pending: 0 },
  ...{ unchanged: 0, due: 0, stuck: 0, sweeping: 0, oldestPendingAt: null, oldestDueAt: null },
};

/** A password that somebody has to change. */
export interface Task {
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  readonly holder: PersonId;
  readonly assignee: PersonId | null;
  readonly dueAt: Date;
}

export interface DigestFacts extends Facts {
  readonly last: LastDigest;
  /** What is told of happened after this. */
  readonly since: Date;
  readonly heads: readonly Head[];
  readonly clients: readonly ClientFacts[];
  /** Thirty local days, oldest first, with the clients where there was something. */
  readonly days: readonly {
    readonly day: string;
    readonly clients: readonly Pick<ClientFacts, 'client' | 'grants' | 'denials' | 'breakGlass'>[];
  }[];
  readonly pending: readonly RequestFacts[];
  readonly reviews: readonly { readonly review: Review; readonly request: Request }[];
  /** The oldest of them. */
  readonly tasks: readonly Task[];
  /** How many there are in all, by whose they are. */
  readonly taskCounts: readonly { readonly assignee: PersonId | null; readonly count: number }[];
  /** Those under way, and those that were done since. */
  readonly sweeps: readonly {
    readonly id: string;
    readonly person: PersonId;
    readonly state: Exclude<SweepState, 'dropped'>;
    readonly at: Date;
    readonly due: number;
  }[];
  /** Who is paused until a lead has settled what happened. */
  readonly incidents: readonly { readonly id: string; readonly person: PersonId }[];
  readonly proposals: readonly { readonly id: string; readonly proposer: PersonId }[];
  /** Approvers whom no chat reaches. */
  readonly unreached: readonly PersonId[];
}

/** The day of the last digest; before the first one, null and since when there is a deployment. */
export interface LastDigest {
  readonly day: string | null;
  readonly bornAt: Date;
}
