/** What a verb makes of stored state: the next state, audit events and notices, to be committed as one. */

import type { Alert } from './alert.js';
import type { AuditEvent } from './audit.js';
import type { CodeAsk, CodeWindow } from './code-window.js';
import type { Factor } from './factor.js';
import type { Exposure, Grant, Revocation } from './grant.js';
import type { Link } from './link.js';
import type { ChatIdentity, PersonId } from './people.js';
import type { Proof } from './proof.js';
import type { ConfigurationFile, Proposal } from './proposal.js';
import type { Decision, Request } from './request.js';
import type { Review } from './review.js';
import type { Rotation } from './rotation.js';
import type { Session } from './session.js';
import type { SshKey } from './ssh-key.js';
import type { Sweep, SweepItem } from './sweep.js';
import type { Ticket } from './ticket.js';
import type { Visit } from './visit.js';

/** Something that was read and must not have moved until the commit, checked under a row lock. */
export type Guard =
  /** The grant gives access at the instant of the commit, by the database's clock. */
  | { readonly noun: 'live-grant'; readonly id: string }
  /** The grant's secret was shown, or used for a session, just so many times; neither happens from here to the commit. */
  | { readonly noun: 'exposures'; readonly id: string; readonly count: number }
  /** The same of many grants: how often each one's secret was shown or used. */
  | { readonly noun: 'exposures-of'; readonly counts: Readonly<Record<string, number>> }
  /** A person holds as much of each kind as they did; only for a change that is committed alone. */
  | { readonly noun: 'holdings'; readonly id: PersonId; readonly counts: Readonly<Record<string, number>> }
  /** The link is not past its end at the instant of the commit. */
  | { readonly noun: 'live-link'; readonly id: string }
  /** The newest version of the account's secret is still the one that was judged by. */
  | { readonly noun: 'secret'; readonly client: string; readonly account: string; readonly version: number }
  /** Nobody has paused this person. */
  | { readonly noun: 'unpaused'; readonly id: PersonId };

/** A new password on its way into the vault: sealed already, bound to client, account and version. */
export interface SealedSecret {
  readonly client: string;
  readonly account: string;
  readonly version: number;
  readonly sealed: string;
  readonly by: PersonId | null;
  readonly at: Date;
}

/** An identity pinned to a person. `endedAt` set: no longer theirs. */
export interface LinkedIdentity extends ChatIdentity {
  readonly person: PersonId;
  readonly linkedAt: Date;
  /** When a factor of the person completed it; null where only the confirmed e-mail vouches for it. */
  readonly provenAt: Date | null;
  readonly endedAt: Date | null;
}

/** Many rows of one noun; a revocation is new, or it isn't. */
export type Many =
  | { readonly of: 'grant'; readonly rows: readonly Grant[] }
  | { readonly of: 'new-revocation' | 'revocation'; readonly rows: readonly Revocation[] }
  | { readonly of: 'link'; readonly rows: readonly Link[] }
  | { readonly of: 'request'; readonly rows: readonly Request[] }
  | { readonly of: 'sweep-item'; readonly rows: readonly SweepItem[] };

/** What a digest says, kept as it was when it was due. */
export interface DigestRow {
  /** `2026-11-23`, in the operator's timezone. */
  readonly day: string;
  readonly at: Date;
  readonly content: Readonly<Record<string, unknown>>;
}

/** One row as it shall be. A state that may not follow the stored one is refused by the database. */
export type Write =
  | { readonly put: 'request'; readonly row: Request }
  | { readonly put: 'decision'; readonly row: Decision }
  | { readonly put: 'grant'; readonly row: Grant }
  | { readonly put: 'revocation'; readonly row: Revocation }
  | { readonly put: 'link'; readonly row: Link }
  | { readonly put: 'exposure'; readonly row: Exposure }
  | { readonly put: 'code-window'; readonly row: CodeWindow }
  | { readonly put: 'code-ask'; readonly row: CodeAsk }
  | { readonly put: 'secret'; readonly row: SealedSecret }
  | { readonly put: 'identity'; readonly row: LinkedIdentity }
  | { readonly put: 'proof'; readonly row: Proof }
  | { readonly put: 'factor'; readonly row: Factor }
  | { readonly put: 'alert'; readonly row: Alert }
  | { readonly put: 'proposal'; readonly row: Proposal }
  | { readonly put: 'review'; readonly row: Review }
  | { readonly put: 'sweep'; readonly row: Sweep }
  | { readonly put: 'visit'; readonly row: Visit }
  | { readonly put: 'rotation'; readonly row: Rotation }
  | { readonly put: 'ticket'; readonly row: Ticket }
  | { readonly put: 'session'; readonly row: Session }
  | { readonly put: 'ssh-key'; readonly row: SshKey }
  /** The digest of one local day: a second one of the same day is refused whole. */
  | { readonly put: 'digest'; readonly row: DigestRow }
  /** Rows by the thousand, each as it shall be, in one statement. */
  | { readonly put: 'all'; readonly row: Many }
  /** A delivery that has been acted on: a second commit with the same key is refused whole. */
  | { readonly put: 'delivery'; readonly row: { readonly key: string } };

/** Whose cards are out of date now. The outbox brings every copy to the state that it finds then. */
export type Notice =
  | { readonly about: 'request'; readonly id: string }
  | { readonly about: 'link'; readonly id: string }
  /** A factor has work with a proof. */
  | { readonly about: 'proof'; readonly id: string }
  /** The card of the one who confirms. */
  | { readonly about: 'confirm'; readonly id: string }
  | { readonly about: 'alert'; readonly id: string }
  | { readonly about: 'visit'; readonly id: string }
  /** A client's contacts are asked for a one-time code. */
  | { readonly about: 'code'; readonly id: string }
  | { readonly about: 'sweep'; readonly id: string }
  | { readonly about: 'digest'; readonly id: string }
  /** There is work at the system of an account, `client/account`. */
  | { readonly about: 'target'; readonly id: string };

/** The next version of the configuration, which this change brings into force. */
export interface NextConfiguration
  extends Pick<ConfigurationFile, 'document' | 'operator' | 'directory' | 'digest'> {
  /** One above the version that was judged by. */
  readonly version: number;
  /** Of the one who applies it. */
  readonly email: string | null;
}

export interface Change {
  /** The directory's version that this was judged by. */
  readonly directory: number;
  readonly guards: readonly Guard[];
  readonly writes: readonly Write[];
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly Notice[];
  /** Waits for every act under way; every later one is judged by it. */
  readonly configuration?: NextConfiguration;
  /** Nothing else is committed meanwhile: what it was judged by is the whole of what there is. */
  readonly alone?: true;
  /** Makes a person a tombstone, which is the next version of the directory. */
  readonly tombstone?: { readonly person: PersonId; readonly heir: PersonId | null };
}
