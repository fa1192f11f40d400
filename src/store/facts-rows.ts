/** What the statements of facts answer, and the facts that are made of it. */

import type { SecretVersion } from '../core/accounts.js';
import type { LinkedIdentity } from '../core/change.js';
import type { CodeAsk, CodeWindow } from '../core/code-window.js';
import type { Holding } from '../core/end-grant.js';
import type { Factor } from '../core/factor.js';
import type {
  AdmissionFacts,
  ConfigurationFacts,
  Facts,
  LinkFacts,
  PersonFacts,
  ReportFacts,
  RequestFacts,
  ReviewFacts,
  SessionFacts,
} from '../core/facts.js';
import type { Exposure, Grant, Revocation } from '../core/grant.js';
import type { Link } from '../core/link.js';
import type { PersonId } from '../core/people.js';
import type { CustodyFacts } from '../core/ports.js';
import type { Proof } from '../core/proof.js';
import type { ReportSubject } from '../core/report.js';
import type { Decision, Request } from '../core/request.js';
import type { Review } from '../core/review.js';
import type { Session, SessionUse } from '../core/session.js';
import type { SshKey } from '../core/ssh-key.js';
import type { Ticket } from '../core/ticket.js';
import type { Visit, VisitPage } from '../core/visit.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;

export interface ReportRow extends Bare {
  readonly about: ReportSubject | null;
  readonly from: string;
  readonly to: string;
  readonly start: Date;
  readonly end: Date;
  readonly unopened: Json[] | null;
}

export interface Bare {
  readonly now: Date;
  readonly directory: number;
  readonly paused: PersonId[] | null;
}
export interface ConfigurationRow extends Bare {
  readonly configuration: ConfigurationFacts['configuration'] | null;
  readonly proposal: Json | null;
}
export interface PersonRow extends Bare {
  readonly person: PersonId;
  readonly proofs: Json[] | null;
  readonly factors: Json[] | null;
  readonly sshKeys: Json[] | null;
  readonly identities: Json[] | null;
  readonly alertKeys: string[] | null;
  readonly isUnproven: boolean;
}
export interface HoldingRow {
  readonly grant: Json;
  readonly exposures: Holding['exposures'] | null;
  readonly sessions: Holding['sessions'] | null;
  readonly secretVersion: number | null;
  readonly links: Json[] | null;
  readonly extensions: Json[] | null;
}
export interface AccountRow extends Bare {
  readonly secret: Json | null;
  readonly seed: Json | null;
  readonly live: Json[] | null;
  readonly pending: Json[] | null;
  readonly due: Json[] | null;
}
export interface RequestRow extends AccountRow {
  readonly request: Json;
  readonly decisions: Json[] | null;
  readonly grant: Json | null;
  readonly revocation: Json | null;
  readonly exposures: Json[] | null;
  readonly links: Json[] | null;
  readonly tickets: Json[] | null;
  readonly sessions: Json[] | null;
  readonly sessionUses: SessionUse[] | null;
  readonly confirming: PersonId[] | null;
  readonly extensions: Json[] | null;
  readonly review: Json | null;
  readonly glassSpent: boolean;
}
export interface ReviewRow extends RequestRow {
  readonly holdings: HoldingRow[] | null;
  readonly counts: ReviewFacts['counts'];
}
export interface LinkRow extends RequestRow {
  readonly link: Json;
  readonly codeWindow: Json | null;
  readonly codeAsks: Json[] | null;
  readonly proof: Json | null;
}

export interface AdmissionRow extends RequestRow {
  readonly ticket: Json | null;
  readonly key: Json | null;
  readonly pressed: Json | null;
  readonly alike: Json | null;
  readonly cutAt: Date | null;
}
export interface SessionRow extends RequestRow {
  readonly session: Json;
  readonly key: Json | null;
  readonly told: string[] | null;
}

export function reportFacts(row: ReportRow, base: Facts, asked: VisitPage): ReportFacts {
  const { about, from, to, start, end } = row;
  return { ...base, asked, about, from, to, start, end, unopened: fromRows<Visit>(row.unopened) };
}

export function personFacts(row: PersonRow, base: Facts): PersonFacts {
  return {
    ...base,
    person: row.person,
    proofs: fromRows<Proof>(row.proofs),
    factors: fromRows<Factor>(row.factors),
    sshKeys: fromRows<SshKey>(row.sshKeys),
    identities: fromRows<LinkedIdentity>(row.identities),
    alertKeys: row.alertKeys ?? [],
    isUnproven: row.isUnproven,
  };
}

export function holdingOf({
  grant,
  exposures,
  sessions,
  secretVersion,
  links,
  extensions,
}: HoldingRow): Holding {
  return {
    grant: fromRow<Grant>(grant),
    exposures: exposures ?? [],
    sessions: sessions ?? [],
    secretVersion,
    links: fromRows<Link>(links),
    extensions: fromRows<Request>(extensions),
  };
}

export function accountFacts(row: AccountRow, base: Facts): CustodyFacts {
  return {
    ...base,
    secret: fromRowOrNull<SecretVersion>(row.secret),
    seed: fromRowOrNull<SecretVersion>(row.seed),
    live: fromRows<Grant>(row.live),
    pending: fromRows<Request>(row.pending),
    dueOnAccount: fromRows<Revocation>(row.due),
  };
}

export function requestFacts(row: RequestRow, base: Facts): RequestFacts {
  const request = fromRow<Request>(row.request);
  const accountNow = base.directory.account(request.client, request.account);
  return {
    ...accountFacts(row, base),
    request,
    decisions: fromRows<Decision>(row.decisions),
    grant: fromRowOrNull<Grant>(row.grant),
    revocation: fromRowOrNull<Revocation>(row.revocation),
    exposures: fromRows<Exposure>(row.exposures),
    links: fromRows<Link>(row.links),
    tickets: fromRows<Ticket>(row.tickets),
    sessions: fromRows<Session>(row.sessions),
    sessionUses: row.sessionUses ?? [],
    confirming: row.confirming ?? [],
    extensions: fromRows<Request>(row.extensions),
    glassSpent: row.glassSpent,
    review: fromRowOrNull<Review>(row.review),
    client: base.directory.client(request.client),
    accountNow,
    policyNow: accountNow && base.directory.policy(accountNow.policy),
  };
}

export function linkFacts(row: LinkRow, base: Facts): LinkFacts {
  return {
    ...requestFacts(row, base),
    link: fromRow<Link>(row.link),
    codeWindow: fromRowOrNull<CodeWindow>(row.codeWindow),
    codeAsks: fromRows<CodeAsk>(row.codeAsks),
    proof: fromRowOrNull<Proof>(row.proof),
  };
}

export function admissionFacts(row: AdmissionRow, base: Facts): AdmissionFacts {
  return {
    ...requestFacts(row, base),
    ticket: fromRowOrNull<Ticket>(row.ticket),
    key: fromRowOrNull<SshKey>(row.key),
    pressed: fromRowOrNull<Ticket>(row.pressed),
    alike: fromRowOrNull<Session>(row.alike),
    cutAt: row.cutAt,
  };
}

export function sessionFacts(row: SessionRow, base: Facts): SessionFacts {
  return {
    ...requestFacts(row, base),
    session: fromRow<Session>(row.session),
    key: fromRowOrNull<SshKey>(row.key),
    told: row.told ?? [],
  };
}
