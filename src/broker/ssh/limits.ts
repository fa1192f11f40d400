/** How much of the bastion one stranger, or one session, may take. */

export interface Limits {
  /** From connecting to being let in. */
  readonly loginGraceMs: number;
  /** Connections that nobody has signed in on yet, from one address and from all of them. */
  readonly waitingPerAddress: number;
  readonly waiting: number;
  /** All connections, signed in or not. */
  readonly connections: number;
  /** Tickets and signatures that one connection may try. */
  readonly attempts: number;
  /** Keys that one connection may ask about before it signs with one: an agent offers all that it holds. */
  readonly questions: number;
  /** A refusal is given at a multiple of this time after it was asked for, so that its haste tells nothing. */
  readonly refusalMs: number;
  /** Channels of one connection that are open at the same time. */
  readonly channels: number;
  /** A side that says nothing at all for three times this long is gone. */
  readonly keepaliveMs: number;
}

export const LIMITS: Limits = {
  loginGraceMs: 60_000,
  waitingPerAddress: 32,
  waiting: 256,
  connections: 2_000,
  attempts: 6,
  questions: 20,
  refusalMs: 300,
  channels: 100,
  keepaliveMs: 15_000,
};
