/** What a report is made of, as it stands in the database. Words come later. */

import type { Exposure, Grant, Revocation } from './grant.js';
import type { PersonId } from './people.js';
import type { Method } from './proof.js';
import type { Decision, Request } from './request.js';
import type { Review } from './review.js';
import type { Session } from './session.js';
import type { Sweep, SweepItem } from './sweep.js';

/** A decision, and by which factor it was proven. */
export interface ProvenDecision extends Decision {
  readonly method: Method | null;
}

/** A showing, and when the password that was shown was changed; null while it still works. */
export interface FollowedExposure extends Exposure {
  readonly changedAt: Date | null;
}

/** One request's whole story. */
export interface Story {
  readonly request: Request;
  /** Of a break-glass: by which factor. */
  readonly method: Method | null;
  readonly decisions: readonly ProvenDecision[];
  /** The grant that it became; null for an extension, which is of another's. */
  readonly grant: Grant | null;
  readonly exposures: readonly FollowedExposure[];
  /** Its connections, the first fifty. */
  readonly sessions: readonly Session[];
  readonly revocation: Revocation | null;
  readonly review: Review | null;
}

/** What there is in all, on the days of the report; what is owed and still works: now. */
export interface ReportCounts {
  readonly requests: number;
  readonly granted: number;
  readonly denied: number;
  readonly breakGlass: number;
  readonly reviewsOwed: number;
  readonly toChange: number;
}

/** One account in one month, `2026-11`. */
export interface MonthLine {
  readonly month: string;
  readonly account: string;
  readonly requests: number;
  readonly granted: number;
  readonly denied: number;
  readonly breakGlass: number;
}

/** Somebody's own word on somebody else's request. */
export interface OwnDecision extends ProvenDecision {
  readonly client: string;
  readonly account: string;
  readonly requester: PersonId;
}

export interface IdentityLine {
  readonly platform: string;
  readonly workspace: string;
  readonly userId: string;
  readonly linkedAt: Date;
  readonly provenAt: Date | null;
  readonly endedAt: Date | null;
}

/** A factor that Keyturn keeps; Duo's are Duo's. */
export interface FactorLine {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly offeredBy: PersonId | null;
  readonly offeredAt: Date;
  readonly activeAt: Date | null;
  readonly endedAt: Date | null;
}

/** The newest of them, and how many there are. */
export interface Newest<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** What a report of a person has besides. */
export interface OfPerson {
  readonly decisions: Newest<OwnDecision>;
  readonly exposures: Newest<FollowedExposure>;
  readonly identities: readonly IdentityLine[];
  readonly factors: readonly FactorLine[];
}

export interface OfSweep {
  readonly sweep: Sweep;
  /** How many items are left to do. */
  readonly due: number;
  readonly items: Newest<SweepItem>;
}

export interface ReportData {
  readonly counts: ReportCounts;
  readonly stories: Newest<Story>;
  /** Of a client: the newest month first. */
  readonly months: Newest<MonthLine>;
  readonly person: OfPerson | null;
  readonly sweep: OfSweep | null;
}

/** One record of the CSV: a row of any of these. */
export type ReportRecord =
  | { readonly record: 'request'; readonly row: Story }
  | { readonly record: 'month'; readonly row: MonthLine }
  | { readonly record: 'decision'; readonly row: OwnDecision }
  | { readonly record: 'exposure'; readonly row: FollowedExposure }
  | { readonly record: 'identity'; readonly row: IdentityLine }
  | { readonly record: 'factor'; readonly row: FactorLine }
  | { readonly record: 'item'; readonly row: SweepItem };

/** One cell of a table: the lines in it. */
export type ReportCell = readonly string[];

/** So many rows of each kind a page shows. */
export const PAGE_ROWS = 500;
