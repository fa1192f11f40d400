/** What is true, as read in one statement: everything that a verb may judge by. */

import type { Account, Client, SecretVersion } from './accounts.js';
import type { Alert } from './alert.js';
import type { LinkedIdentity } from './change.js';
import type { Directory } from './directory.js';
import type { Holding } from './end-grant.js';
import type { Factor } from './factor.js';
import type { Exposure, Grant, Revocation } from './grant.js';
import type { Offers } from './lendable.js';
import type { Link } from './link.js';
import type { PersonId } from './people.js';
import type { Policy } from './policy.js';
import type { Proof } from './proof.js';
import type { Proposal } from './proposal.js';
import type { Decision, Request } from './request.js';
import type { Review } from './review.js';

/** What every verb knows. `now` is the database's clock. */
export interface Facts {
  readonly now: Date;
  readonly directory: Directory;
  readonly offers: Offers;
  /** Who may do nothing until a lead has settled what happened. */
  readonly paused: readonly PersonId[];
}

/** What is known of one account when somebody asks for it. */
export interface AccountFacts extends Facts {
  readonly secret: SecretVersion | null;
  /** Grants of this account that have not ended. */
  readonly live: readonly Grant[];
  /** Requests for this account that wait for a decision. */
  readonly pending: readonly Request[];
}

/** What is known when somebody wants to break the glass. */
export interface GlassFacts extends AccountFacts {
  /** The break-glasses of theirs that nobody has reviewed yet. */
  readonly owed: readonly Review[];
}

/** Grants that have not ended, with all that hangs on them: those whose time is up, or those of one person. */
export interface HoldingsFacts extends Facts {
  readonly holdings: readonly Holding[];
}

/** One request's whole story, its grant's included. */
export interface RequestFacts extends AccountFacts {
  readonly request: Request;
  readonly decisions: readonly Decision[];
  /** The grant that it became; for an extension, the one that it is of. */
  readonly grant: Grant | null;
  readonly revocation: Revocation | null;
  readonly exposures: readonly Exposure[];
  /** Other ends on this account that still wait for somebody to change the password. */
  readonly dueOnAccount: readonly Revocation[];
  /** The grant's links that are not spent or dead. */
  readonly links: readonly Link[];
  /** The extensions of its grant that were asked for, oldest first. */
  readonly extensions: readonly Request[];
  /** What a break-glass owes; null where it is none. */
  readonly review: Review | null;
  /** Who is being asked on their phone to confirm their word on it. */
  readonly confirming: readonly PersonId[];
  readonly client: Client | undefined;
  readonly accountNow: Account | undefined;
  readonly policyNow: Policy | undefined;
}

export interface LinkFacts extends RequestFacts {
  readonly link: Link;
  /** The newest proof that was asked for this link. */
  readonly proof: Proof | null;
}

/** What is known of how a person proves who they are. */
export interface PersonFacts extends Facts {
  readonly person: PersonId;
  /** The proofs that were asked for within the last hour, and those that wait. */
  readonly proofs: readonly Proof[];
  /** The factors that are not ended. */
  readonly factors: readonly Factor[];
  /** The chat accounts that are not ended. */
  readonly identities: readonly LinkedIdentity[];
  /** The keys of what was told about them within the last hour. */
  readonly alertKeys: readonly string[];
  /** No lead has ever had a factor that Keyturn knows of, nor proven anything. */
  readonly isUnproven: boolean;
}

export interface ProofFacts extends PersonFacts {
  readonly proof: Proof;
}

export interface FactorFacts extends PersonFacts {
  readonly factor: Factor;
}

export interface AlertFacts extends Facts {
  readonly alert: Alert;
  /** The proposal that it tells of; null where it tells of none. */
  readonly proposal: Proposal | null;
}

/** What is known of the configuration when somebody wants another. */
export interface ConfigurationFacts extends Facts {
  /** The version in force; 0 before the first. */
  readonly configuration: { readonly version: number; readonly digest: string };
  /** The one that was asked about, or the one that waits; null where there is none. */
  readonly proposal: Proposal | null;
}
