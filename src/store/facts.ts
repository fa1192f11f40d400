/** Everything a verb judges by, each read in one statement: no transaction is open while TypeScript judges. */

import type { Alert } from '../core/alert.js';
import type { TargetFacts } from '../core/at-target.js';
import type { Factor } from '../core/factor.js';
import type {
  AdmissionFacts,
  AlertFacts,
  ConfigurationFacts,
  FactorFacts,
  Facts,
  GlassFacts,
  HoldingsFacts,
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
} from '../core/facts.js';
import type { Offers } from '../core/lendable.js';
import type { PersonId } from '../core/people.js';
import type { CustodyFacts, KnockedWith, LinkBy } from '../core/ports.js';
import type { Proof } from '../core/proof.js';
import type { Proposal } from '../core/proposal.js';
import type { Review } from '../core/review.js';
import type { Visit, VisitPage } from '../core/visit.js';
import type { DirectoryCache } from './directory.js';
import type { Database } from './driver.js';
import {
  type AccountRow,
  type AdmissionRow,
  accountFacts,
  admissionFacts,
  type Bare,
  type ConfigurationRow,
  type HoldingRow,
  holdingOf,
  type LinkRow,
  linkFacts,
  type PersonRow,
  personFacts,
  type ReportRow,
  type RequestRow,
  type ReviewRow,
  reportFacts,
  requestFacts,
  type SessionRow,
  sessionFacts,
} from './facts-rows.js';
import {
  BARE,
  BY_ACCOUNT,
  BY_ALERT,
  BY_CODE_ASK,
  BY_ENROL,
  BY_FACTOR,
  BY_GLASS,
  BY_KNOCK,
  BY_LINK,
  BY_PERSON,
  BY_PROOF,
  BY_REPORT,
  BY_REQUEST,
  BY_REVIEW,
  BY_SESSION,
  BY_SSH_KEY,
  BY_STATE,
  BY_STORY,
  BY_SWEEP,
  BY_TARGET,
  BY_TOKEN,
  BY_VISIT,
  BY_VISIT_TOKEN,
  CONFIGURATION,
  DUE,
  PENDING,
} from './facts-statements.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';
import { type StoryRow, type SweepRow, sweepFacts, sweepStory } from './sweep-facts.js';
import { type TargetRow, targetFacts } from './target-facts.js';

type Json = Record<string, unknown>;

/** Reads facts. Each answer holds together: one statement, one snapshot, and the directory of that version. */
export class FactsReader {
  constructor(
    private readonly database: Database,
    private readonly directories: DirectoryCache,
    readonly offers: Offers,
  ) {}

  async facts(): Promise<Facts> {
    return this.#with<Bare, Facts>(BARE, [], (_row, base) => base);
  }

  async ofAccount(client: string, account: string): Promise<CustodyFacts> {
    return this.#with<AccountRow, CustodyFacts>(BY_ACCOUNT, [client, account], accountFacts);
  }

  /** Grants whose time is up, the longest due first. */
  async ofDue(most: number): Promise<HoldingsFacts> {
    return this.#with<Bare & { holdings: HoldingRow[] | null }, HoldingsFacts>(DUE, [most], (row, base) => ({
      ...base,
      holdings: (row.holdings ?? []).map(holdingOf),
    }));
  }

  async ofGlass(client: string, account: string, person: PersonId): Promise<GlassFacts & CustodyFacts> {
    return this.#with<AccountRow & { owed: Json[] | null }, GlassFacts & CustodyFacts>(
      BY_GLASS,
      [client, account, person],
      (row, base) => ({ ...accountFacts(row, base), owed: fromRows<Review>(row.owed) }),
    );
  }

  async ofRequest(id: string): Promise<RequestFacts | null> {
    return this.#orNull<RequestRow, RequestFacts>(BY_REQUEST, [id], requestFacts);
  }

  async ofReview(id: string): Promise<ReviewFacts | null> {
    return this.#orNull<ReviewRow, ReviewFacts>(BY_REVIEW, [id], (row, base) => ({
      ...requestFacts(row, base),
      holdings: (row.holdings ?? []).map(holdingOf),
      counts: row.counts,
    }));
  }

  async ofLink(by: LinkBy): Promise<LinkFacts | null> {
    if ('ask' in by) return this.#orNull<LinkRow, LinkFacts>(BY_CODE_ASK, [by.ask], linkFacts);
    const statement = 'id' in by ? BY_LINK : BY_TOKEN;
    return this.#orNull<LinkRow, LinkFacts>(statement, ['id' in by ? by.id : by.tokenHash], linkFacts);
  }

  async ofReport({ report, subject, from, to }: VisitPage, reader: PersonId): Promise<ReportFacts> {
    const asked = { report, subject, from, to };
    return this.#with<ReportRow, ReportFacts>(BY_REPORT, [report, subject, from, to, reader], (row, base) =>
      reportFacts(row, base, asked),
    );
  }

  async ofVisit(
    by: { readonly tokenHash: string } | { readonly id: string },
    days?: Pick<VisitPage, 'from' | 'to'>,
  ): Promise<VisitFacts | null> {
    const values = [
      'id' in by ? by.id : by.tokenHash,
      days?.from ?? null,
      days?.to ?? null,
      days !== undefined,
    ];
    return this.#orNull<ReportRow & { visit: Json; proof: Json | null }, VisitFacts>(
      'id' in by ? BY_VISIT : BY_VISIT_TOKEN,
      values,
      (row, base) => {
        const visit = fromRow<Visit>(row.visit);
        const asked = { ...visit.page, ...days };
        return { ...reportFacts(row, base, asked), visit, proof: fromRowOrNull<Proof>(row.proof) };
      },
    );
  }

  async ofPerson(person: PersonId): Promise<PersonFacts> {
    return this.#with<PersonRow, PersonFacts>(BY_PERSON, [person], personFacts);
  }

  async ofSshKey(person: PersonId, fingerprint: string): Promise<SshKeyFacts> {
    return this.#with<PersonRow & { isTaken: boolean }, SshKeyFacts>(
      BY_SSH_KEY,
      [person, fingerprint],
      (row, base) => ({ ...personFacts(row, base), isTaken: row.isTaken }),
    );
  }

  async ofAdmission(by: KnockedWith): Promise<AdmissionFacts | null> {
    const hash = 'tokenHash' in by ? by.tokenHash : null;
    const fingerprint = 'fingerprint' in by ? by.fingerprint : null;
    const values = [by.grant, hash, fingerprint, by.address];
    return this.#orNull<AdmissionRow, AdmissionFacts>(BY_KNOCK, values, admissionFacts);
  }

  async ofSession(id: string): Promise<SessionFacts | null> {
    return this.#orNull<SessionRow, SessionFacts>(BY_SESSION, [id], sessionFacts);
  }

  async ofProof(by: { readonly id: string } | { readonly stateHash: string }): Promise<ProofFacts | null> {
    const statement = 'id' in by ? BY_PROOF : BY_STATE;
    return this.#orNull<PersonRow & { proof: Json }, ProofFacts>(
      statement,
      ['id' in by ? by.id : by.stateHash],
      (row, base) => ({ ...personFacts(row, base), proof: fromRow<Proof>(row.proof) }),
    );
  }

  async ofFactor(by: { readonly id: string } | { readonly tokenHash: string }): Promise<FactorFacts | null> {
    const statement = 'id' in by ? BY_FACTOR : BY_ENROL;
    return this.#orNull<PersonRow & { factor: Json }, FactorFacts>(
      statement,
      ['id' in by ? by.id : by.tokenHash],
      (row, base) => ({ ...personFacts(row, base), factor: fromRow<Factor>(row.factor) }),
    );
  }

  async ofAlert(id: string): Promise<AlertFacts | null> {
    return this.#orNull<Bare & { alert: Json; proposal: Json | null; review: Json | null }, AlertFacts>(
      BY_ALERT,
      [id],
      (row, base) => ({
        ...base,
        alert: fromRow<Alert>(row.alert),
        proposal: fromRowOrNull<Proposal>(row.proposal),
        review: fromRowOrNull<Review>(row.review),
      }),
    );
  }

  async ofConfiguration(proposal: string | null): Promise<ConfigurationFacts> {
    return this.#with<ConfigurationRow, ConfigurationFacts>(CONFIGURATION, [proposal], (row, base) => ({
      ...base,
      configuration: row.configuration ?? { version: 0, digest: '' },
      proposal: fromRowOrNull<Proposal>(row.proposal),
    }));
  }

  async ofSweep(by: { readonly person: PersonId } | { readonly sweep: string }): Promise<SweepFacts | null> {
    return this.#orNull<Bare & SweepRow & { holdings: HoldingRow[] | null }, SweepFacts>(
      BY_SWEEP,
      'person' in by ? [by.person, null] : [null, by.sweep],
      (row, base) => sweepFacts(row, base, (row.holdings ?? []).map(holdingOf)),
    );
  }

  async ofTarget(client: string, account: string): Promise<TargetFacts> {
    return this.#with<TargetRow, TargetFacts>(BY_TARGET, [client, account], targetFacts);
  }

  async ofStory(id: string): Promise<SweepStory | null> {
    return this.#orNull<Bare & StoryRow, SweepStory>(BY_STORY, [id], sweepStory);
  }

  async ofPending(): Promise<RequestFacts[]> {
    return this.#all<RequestRow, RequestFacts>(PENDING, [], requestFacts);
  }

  async #with<Row extends Bare, T>(s: typeof BARE, values: unknown[], make: Make<Row, T>): Promise<T> {
    return (await this.#all<Row, T>(s, values, make))[0] as T;
  }

  async #orNull<Row extends Bare, T>(
    s: typeof BARE,
    values: unknown[],
    make: Make<Row, T>,
  ): Promise<T | null> {
    return (await this.#all<Row, T>(s, values, make))[0] ?? null;
  }

  /** Reads until the rows and the directory are of one version; an apply in between asks for one more reading. */
  async #all<Row extends Bare, T>(s: typeof BARE, values: unknown[], make: Make<Row, T>): Promise<T[]> {
    for (;;) {
      const rows = await this.database.run<Row>(s, values);
      const version = rows[0]?.directory;
      if (version === undefined) return [];
      const directory = await this.directories.at(version);
      if (directory.version !== version) continue;
      return rows.map((row) =>
        make(row, { now: row.now, directory, offers: this.offers, paused: row.paused ?? [] }),
      );
    }
  }
}

type Make<Row, T> = (row: Row, base: Facts) => T;
