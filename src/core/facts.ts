/** What is true, as read in one statement: everything that a verb may judge by. */

import type { Account, Client, SecretVersion } from './accounts.js';
import type { Alert } from './alert.js';
import type { LinkedIdentity } from './change.js';
import type { CodeAsk, CodeWindow } from './code-window.js';
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
import type { ReportSubject } from './report.js';
import type { Decision, Request } from './request.js';
import type { Review } from './review.js';
import type { Session, SessionUse } from './session.js';
import type { SshKey } from './ssh-key.js';
import type { Sweep, SweepItemKind } from './sweep.js';
import type { Ticket } from './ticket.js';
import type { Visit, VisitPage } from './visit.js';

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
  /** The newest version of the seed of its one-time codes; null where none is in custody. */
  readonly seed: SecretVersion | null;
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
  /** The grant's ticket that waits to be typed. */
  readonly tickets: readonly Ticket[];
  /** The grant's connections that are open now, oldest first; and how many there have been. */
  readonly sessions: readonly Session[];
  readonly sessionUses: readonly SessionUse[];
  /** The extensions of its grant that were asked for, oldest first. */
  readonly extensions: readonly Request[];
  /** What a break-glass owes; null where it is none. */
  readonly review: Review | null;
  /** The proof of a break-glass has let a browser in, or shown the secret at a terminal: it does so once. */
  readonly glassSpent: boolean;
  /** Who is being asked on their phone to confirm their word on it. */
  readonly confirming: readonly PersonId[];
  readonly client: Client | undefined;
  readonly accountNow: Account | undefined;
  readonly policyNow: Policy | undefined;
}

/** One break-glass, with all that its person holds. */
export interface ReviewFacts extends RequestFacts, HoldingsFacts {
  /** How much of each kind that is. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface LinkFacts extends RequestFacts {
  readonly link: Link;
  /** The newest proof that was asked for this link. */
  readonly proof: Proof | null;
  /** Codes for the browser that was shown the password; null where none are due, or nothing was shown yet. */
  readonly codeWindow: CodeWindow | null;
  /** How often the client's contacts were asked for one, oldest first. */
  readonly codeAsks: readonly CodeAsk[];
}

/** What is known when somebody knocks at the bastion for a grant. */
export interface AdmissionFacts extends RequestFacts {
  /** The one that they show, whosever it is; null where there is none such. */
  readonly ticket: Ticket | null;
  /** The holder's key that they show; null where it isn't registered for the holder. */
  readonly key: SshKey | null;
  /** The newest ticket of the grant that isn't dead: its time is the window's. */
  readonly pressed: Ticket | null;
  /** A session of the grant by this key and from this address: one that is open, else the one that ended last. */
  readonly alike: Session | null;
  /** When a lead last had a session of the grant ended; null where none did. */
  readonly cutAt: Date | null;
}

/** One session, with the grant that it is of. */
export interface SessionFacts extends RequestFacts {
  readonly session: Session;
  /** The key that it came with; null where it came with a ticket. */
  readonly key: SshKey | null;
  /** What the leads were told of lately about targets of this client, by the keys of the alerts. */
  readonly told: readonly string[];
}

/** What is known of something that somebody wants a report of. */
export interface ReportFacts extends Facts {
  readonly asked: VisitPage;
  /** What it is about, still here or gone; null where nothing was ever called so. */
  readonly about: ReportSubject | null;
  /** Local days of the operator's, both inclusive; where none was asked for, the last thirty. */
  readonly from: string;
  readonly to: string;
  /** The same as instants: from `start` to before `end`. */
  readonly start: Date;
  readonly end: Date;
  /** The visits of the one who wants it that no browser has been let in by yet. */
  readonly unopened: readonly Visit[];
}

export interface VisitFacts extends ReportFacts {
  readonly visit: Visit;
  /** The newest proof that was asked for this visit. */
  readonly proof: Proof | null;
}

/** What is known of how a person proves who they are. */
export interface PersonFacts extends Facts {
  readonly person: PersonId;
  /** The proofs that were asked for within the last hour, and those that wait. */
  readonly proofs: readonly Proof[];
  /** The factors that are not ended. */
  readonly factors: readonly Factor[];
  /** The public keys that are not ended. */
  readonly sshKeys: readonly SshKey[];
  /** The chat accounts that are not ended. */
  readonly identities: readonly LinkedIdentity[];
  /** The keys of what was told about them within the last hour. */
  readonly alertKeys: readonly string[];
  /** No lead has ever had a factor that Keyturn knows of, nor proven anything. */
  readonly isUnproven: boolean;
}

/** What is known of a person who wants a key registered. */
export interface SshKeyFacts extends PersonFacts {
  /** The key is somebody else's. */
  readonly isTaken: boolean;
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
  /** The review that it reminds of; null where it is about none. */
  readonly review: Review | null;
}

/** A password that somebody was shown and that nobody has changed since. */
export interface Shown {
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  readonly secretVersion: number;
  /** When they were first shown it by this grant. */
  readonly at: Date;
}

/** What is known of somebody who leaves: everything that they hold, and what they leave behind. */
export interface SweepFacts extends HoldingsFacts {
  readonly person: PersonId;
  /** `gone`: no file names them any more; `swept`: a tombstone. */
  readonly standing: 'here' | 'gone' | 'swept';
  /** The client whose contact they are; null of staff. */
  readonly client: string | null;
  /** Their links that are not spent or dead, those of their grants included. */
  readonly links: readonly Link[];
  /** Their requests that wait. */
  readonly requests: readonly Request[];
  /** Requests that wait and on which they have spoken. */
  readonly votes: readonly Pick<Request, 'id' | 'client' | 'account'>[];
  readonly identities: readonly LinkedIdentity[];
  readonly factors: readonly Factor[];
  readonly sshKeys: readonly SshKey[];
  /** Their connections that are open. */
  readonly sessions: readonly Session[];
  /** Questions to their factors that nothing has come of yet. */
  readonly proofs: readonly Proof[];
  readonly visits: readonly Visit[];
  /** Passwords that they have to change. */
  readonly tasks: readonly Revocation[];
  readonly shown: readonly Shown[];
  /** Accounts among them, as `client/account`, whose password is being changed. */
  readonly rotating: readonly string[];
  /** Their break-glasses that nobody has reviewed. */
  readonly reviews: readonly Review[];
  readonly proposals: readonly Proposal[];
  /** Incidents about them that wait to be settled. */
  readonly alerts: readonly Alert[];
  /** How much of each kind there is, for the commit to compare. */
  readonly counts: Readonly<Record<string, number>>;
  /** The sweep that was asked about, or the one of theirs that waits; null where there is none. */
  readonly sweep: Sweep | null;
}

/** A password of a sweep that nobody has changed yet. */
export interface Unchanged {
  readonly client: string;
  readonly account: string;
  readonly version: number;
  readonly since: Date;
  /** Whose task it is; null while they still hold the grant. */
  readonly assignee: PersonId | null;
}

/** A sweep as its card tells it. */
export interface SweepStory extends Facts {
  readonly sweep: Sweep;
  /** The client whose contact they are, or were; null of staff. */
  readonly client: string | null;
  /** What it ended and what it handed on, by kind. */
  readonly counts: Readonly<Partial<Record<SweepItemKind, number>>>;
  /** How much of each kind the person holds now. */
  readonly holds: Readonly<Record<string, number>>;
  /** Passwords that the person was shown: how many there are, and how many were changed since. */
  readonly passwords: { readonly total: number; readonly changed: number };
  /** The first few that weren't, by client and account. */
  readonly unchanged: readonly Unchanged[];
  /** Break-glasses of theirs that somebody still has to review. */
  readonly owed: readonly string[];
  /** Everybody whose chat said within the hour before that they have left, themselves last. */
  readonly together: readonly PersonId[];
  readonly droppedBy: PersonId | null;
}

/** What is known of the configuration when somebody wants another. */
export interface ConfigurationFacts extends Facts {
  /** The version in force; 0 before the first. */
  readonly configuration: { readonly version: number; readonly digest: string };
  /** The one that was asked about, or the one that waits; null where there is none. */
  readonly proposal: Proposal | null;
}
