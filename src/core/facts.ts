/** What is true, as read in one statement: everything that a verb may judge by. */

import type { Account, Client, SecretVersion } from './accounts.js';
import type { Directory } from './directory.js';
import type { Exposure, Grant, Revocation } from './grant.js';
import type { Offers } from './lendable.js';
import type { Link } from './link.js';
import type { Policy } from './policy.js';
import type { Decision, Request } from './request.js';

/** What every verb knows. `now` is the database's clock. */
export interface Facts {
  readonly now: Date;
  readonly directory: Directory;
  readonly offers: Offers;
}

/** What is known of one account when somebody asks for it. */
export interface AccountFacts extends Facts {
  readonly secret: SecretVersion | null;
  /** Grants of this account that have not ended. */
  readonly live: readonly Grant[];
  /** Requests for this account that wait for a decision. */
  readonly pending: readonly Request[];
}

/** One request's whole story, its grant's included. */
export interface RequestFacts extends AccountFacts {
  readonly request: Request;
  readonly decisions: readonly Decision[];
  readonly grant: Grant | null;
  readonly revocation: Revocation | null;
  readonly exposures: readonly Exposure[];
  /** Other ends on this account that still wait for somebody to change the password. */
  readonly dueOnAccount: readonly Revocation[];
  /** The grant's links that are not spent or dead. */
  readonly links: readonly Link[];
  readonly client: Client | undefined;
  readonly accountNow: Account | undefined;
  readonly policyNow: Policy | undefined;
}

export interface LinkFacts extends RequestFacts {
  readonly link: Link;
}
