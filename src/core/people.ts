/** Who there is: the operator's staff, the clients' contacts, and the groups they form. */

import type { Method, Proof } from './proof.js';

export type PersonId = string;

export type Tier = 'L1' | 'L2' | 'L3' | 'lead';

/** A human. Chat identities belong to people, never the other way round. */
export interface Person {
  readonly id: PersonId;
  readonly email: string;
  readonly name: string;
  readonly kind: 'staff' | 'contact';
  /** Staff only; an auditor has none. */
  readonly tier?: Tier;
  /** An auditor reads and never asks or decides. */
  readonly role?: 'auditor';
  /** Contacts only: the client they speak for. */
  readonly client?: string;
  readonly title?: string;
  /** Contacts only: whether they may decide, and whether they may ask. */
  readonly approves?: boolean;
  readonly requests?: boolean;
  readonly duoUsername?: string;
  /** The person's own logins, by system id. */
  readonly logins?: Readonly<Record<string, string>>;
}

/** A chat account, pinned by id to one person. `workspace` is the Slack team or the Teams tenant. */
export interface ChatIdentity {
  readonly platform: 'slack' | 'teams';
  readonly workspace: string;
  readonly userId: string;
}

/**
 * What acts: a verified person, and through what they came. Edges make actors;
 * core never sees a chat id in a decision.
 */
export interface Actor {
  readonly person: PersonId;
  readonly via: 'slack' | 'teams' | 'web' | 'cli' | 'ssh' | 'system';
  readonly identity?: ChatIdentity;
  /** What the platform calls the delivery that brought this, so that the same one does nothing twice. */
  readonly delivery?: string;
  /** Only an e-mail address vouches for the chat account yet: it may be completed, and nothing else. */
  readonly met?: true;
  /** What their factor has said for this act; whether it fits is judged. */
  readonly proof?: Proof;
  /** The factor by which they want to be asked; absent: their first. */
  readonly wish?: Method;
}
