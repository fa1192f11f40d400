/** A ticket: what somebody who pressed Connect types to be let in, once, within ten minutes. The database knows only its hash. */

import type { PersonId } from './people.js';

export type TicketState = 'open' | 'spent' | 'dead';

export interface Ticket {
  /** A public handle; it opens nothing. */
  readonly id: string;
  /** SHA-256 of what is typed, base64url. */
  readonly tokenHash: string;
  readonly grant: string;
  readonly client: string;
  readonly person: PersonId;
  readonly state: TicketState;
  /** How often it was shown where it opened nothing: so often that is on record, and then only counted. */
  readonly fails: number;
  /** The proof by which it was made; null where none was due. */
  readonly proof: string | null;
  readonly openedAt: Date;
  /** The end of the window in which it, or a key of its person's, starts a connection. */
  readonly expiresAt: Date;
  readonly version: number;
}

/** So long a press of Connect opens the way. */
export const WINDOW_SECONDS = 10 * 60;

export const TICKET_FAILURES = 5;

export const TICKET_TRANSITIONS: readonly (readonly [TicketState | null, TicketState])[] = [
  [null, 'open'],
  ['open', 'spent'],
  ['open', 'dead'],
];

/** What a fresh ticket is made of; what is typed stays at the edge. */
export interface FreshTicket {
  readonly id: string;
  readonly tokenHash: string;
}
