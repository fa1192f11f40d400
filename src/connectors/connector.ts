/** What Keyturn asks of a client's system: to change a password, to lend a group, and to say what is true there now. */

import type { Secret } from '../config/secret.js';
import type { System } from '../core/accounts.js';
import type { Abilities } from '../core/lendable.js';
import type { ReadBack } from '../core/target.js';

export { grantOfJitLogin, jitLogin as jitLoginOf } from '../core/target.js';

export type { Abilities, ReadBack };

/**
 * Why a call came to nothing.
 * `unreachable`: no answer, or none in time; the same call may go through later.
 * `untrusted`: whoever answers can't show that it is the system that was configured.
 * `not-allowed`: Keyturn's own sign-in was refused, or lacks the right.
 * `missing`: the login or the group isn't there.
 * `refused`: the target won't have it, such as a password against its rules.
 */
export type Trouble = 'unreachable' | 'untrusted' | 'not-allowed' | 'missing' | 'refused';

/** Thrown by every connector for whatever keeps it from its work; anything else is a fault of Keyturn. */
export class TargetError extends Error {
  override readonly name = 'TargetError';

  /** @param message one sentence for leads: what was tried, what came back, what to do. Never a secret. */
  constructor(
    readonly trouble: Trouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A group that is lent for the time of a grant. */
export interface Elevation {
  /** `G-8F3KQ2`. */
  readonly grant: string;
  readonly group: string;
  readonly login: string;
  /** `own`: the person's login, which is there. `jit`: made for this grant, and removed with it. */
  readonly as: 'own' | 'jit';
}

/**
 * One system of one client. Every call has a time limit of its own, and may be repeated whatever became of the one
 * before: a process may die between any two steps of it. What it resolves to was read at the target afterwards.
 */
export interface Connector {
  /** Whether this login's password is this one: asked by signing in with it. A disabled login refuses every password. */
  verify(login: string, secret: Secret): Promise<'works' | 'refused'>;
  /**
   * Makes `to` the password. When it resolves, `to` works and no password that worked before does.
   * While it is under way, whichever of the two is in force works. Where it throws, either may be.
   *
   * @param from the newest password known to have worked; null where none is.
   */
  rotate(login: string, to: Secret, from: Secret | null): Promise<ReadBack>;
  /**
   * Puts the login into the group until `until`, where the target can end it by itself, and until `withdraw` anyhow.
   *
   * @param password of a `jit` login, which is made with it; null for `own`.
   */
  elevate?(what: Elevation, until: Date, password: Secret | null): Promise<ReadBack>;
  /** Takes the login out of the group, and a `jit` login away altogether. No such login or no such member is done. */
  withdraw?(what: Elevation): Promise<ReadBack>;
  enable?(login: string, until: Date): Promise<ReadBack>;
  /** Nobody signs in with it any more, whatever they know. */
  disable?(login: string): Promise<ReadBack>;
  /** Ends what is signed in as this login now. */
  endSessions?(login: string): Promise<ReadBack>;
  /** What hangs on this login's password and would break with it, as people read it: service principal names and such. */
  dependencies?(login: string): Promise<readonly string[]>;
  /** The `jit` logins that exist there, whichever grant they were made for. */
  jitLogins?(): Promise<readonly { readonly login: string; readonly grant: string }[]>;
  /** A password by the target's own rules. Absent: any of Keyturn's will do. */
  newPassword?(login: string, from?: Secret | null): Promise<Secret>;
  /** Lets go of whatever is open. */
  close(): Promise<void>;
}

export interface ConnectorOptions {
  readonly system: System;
  /** The system's own secret, which Keyturn signs in with; null where none is in custody. */
  readonly secret: () => Promise<Secret | null>;
  /** Tells of what a call may see and a log may hold. */
  readonly log?: (what: Readonly<Record<string, unknown>>) => void;
}

/** How one folder makes its connector. Nothing is opened before the first call. */
export type OpenConnector = (options: ConnectorOptions) => Connector;
