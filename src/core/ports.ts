/** What core needs of the outside. Edges implement these; nothing here knows how. */

import type { TargetFacts } from './at-target.js';
import type { Change } from './change.js';
import type {
  AccountFacts,
  AdmissionFacts,
  AlertFacts,
  ConfigurationFacts,
  FactorFacts,
  GlassFacts,
  LinkFacts,
  PersonFacts,
  ProofFacts,
  ReportFacts,
  RequestFacts,
  ReviewFacts,
  SessionFacts,
  SshKeyFacts,
  SweepFacts,
  SweepStory,
  VisitFacts,
} from './facts.js';
import type { Revocation } from './grant.js';
import type { PersonId } from './people.js';
import type { VisitPage } from './visit.js';

/** Facts of an account, with the ends on it that still wait for a new password. */
export type CustodyFacts = AccountFacts & { readonly dueOnAccount: readonly Revocation[] };

/** What a link is known by. */
export type LinkBy = { readonly tokenHash: string } | { readonly id: string } | { readonly ask: string };

/** What somebody knocks with at the bastion: for which grant, with what, from where. */
export type KnockedWith = { readonly grant: string; readonly address: string } & (
  | { readonly tokenHash: string }
  | { readonly fingerprint: string }
);

export type Committed = 'done' | 'moved' | 'repeated';

export interface Store {
  accountFacts(client: string, account: string): Promise<CustodyFacts>;
  /** With the reviews that this person's break-glasses still owe. */
  glassFacts(client: string, account: string, person: PersonId): Promise<GlassFacts & CustodyFacts>;
  /** By a request's or a grant's id, in any case; null where there is none. */
  requestFacts(id: string): Promise<RequestFacts | null>;
  /** With all that the one who asked holds. */
  reviewFacts(id: string): Promise<ReviewFacts | null>;
  /** `ask`: the link of this asking for a one-time code. */
  linkFacts(by: LinkBy): Promise<LinkFacts | null>;
  /** What `page` is about, whether it is still here or not; `reader` is who wants it. */
  reportFacts(page: VisitPage, reader: PersonId): Promise<ReportFacts>;
  /** With these days instead of the visit's own, where any are given. */
  visitFacts(
    by: { readonly tokenHash: string } | { readonly id: string },
    days?: Pick<VisitPage, 'from' | 'to'>,
  ): Promise<VisitFacts | null>;
  personFacts(person: PersonId): Promise<PersonFacts>;
  /** With whether this key is somebody else's. */
  sshKeyFacts(person: PersonId, fingerprint: string): Promise<SshKeyFacts>;
  /** By a grant's id, in any case; null where there is none. */
  admissionFacts(by: KnockedWith): Promise<AdmissionFacts | null>;
  sessionFacts(id: string): Promise<SessionFacts | null>;
  proofFacts(by: { readonly id: string } | { readonly stateHash: string }): Promise<ProofFacts | null>;
  factorFacts(by: { readonly id: string } | { readonly tokenHash: string }): Promise<FactorFacts | null>;
  alertFacts(id: string): Promise<AlertFacts | null>;
  /** With this proposal, or for null with the one that waits. */
  configurationFacts(proposal: string | null): Promise<ConfigurationFacts>;
  /** Of somebody, with their sweep that waits, or of the one whom this sweep is about; null where there is none such. */
  sweepFacts(by: { readonly person: PersonId } | { readonly sweep: string }): Promise<SweepFacts | null>;
  /** All that is left to do at the system of an account, whether it is configured still or not. */
  targetFacts(client: string, account: string): Promise<TargetFacts>;
  sweepStory(id: string): Promise<SweepStory | null>;
  /**
   * Writes state, audit and notices in one transaction, or nothing.
   * `moved`: something that the change was judged by is no longer so; judge again.
   * `repeated`: the delivery that brought it has been acted on before; nothing was written.
   */
  commit(change: Change): Promise<Committed>;
}

/** Unguessable, never repeated. */
export interface Fresh {
  requestId(): string;
  linkId(): string;
  exposureId(): string;
  proofId(): string;
  factorId(): string;
  alertId(): string;
  proposalId(): string;
  sweepId(): string;
  visitId(): string;
  rotationId(): string;
  codeAskId(): string;
  sessionId(): string;
  sshKeyId(): string;
  ticketId(): string;
}

export interface Ports {
  readonly store: Store;
  readonly fresh: Fresh;
  /** A short wait before judging again, growing and jittered by attempt. */
  pause(attempt: number): Promise<void>;
}
