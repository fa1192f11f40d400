/** Reports: counts, and rows newest first, from the indexes of each noun. Nothing here asks who may read them. */

import type { ReportFacts } from '../core/facts.js';
import {
  type FactorLine,
  type FollowedExposure,
  type IdentityLine,
  type MonthLine,
  type Newest,
  type OfPerson,
  type OfSweep,
  type OwnDecision,
  PAGE_ROWS,
  type ReportCounts,
  type ReportData,
  type ReportRecord,
  type Story,
} from '../core/report-data.js';
import type { Sweep, SweepItem } from '../core/sweep.js';
import type { Database, Statement } from './driver.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;
type Scope = 'account' | 'client' | 'person';

/** Which requests `r` are of a report: $1 is its subject. */
const OF: Readonly<Record<Scope, string>> = {
  account: `r.client = split_part($1, '/', 1) and r.account = split_part($1, '/', 2)`,
  client: 'r.client = $1',
  person: 'r.requester = $1',
};
/** The same of a review `o`, and of a revocation `v` with its grant `g`. */
const OWED: Readonly<Record<Scope, string>> = {
  account: `o.client = split_part($1, '/', 1) and o.account = split_part($1, '/', 2)`,
  client: 'o.client = $1',
  person: 'o.person = $1',
};
const DUE: Readonly<Record<Scope, string>> = {
  account: `v.client = split_part($1, '/', 1) and v.account = split_part($1, '/', 2)`,
  client: 'v.client = $1',
  person: `exists (select from keyturn.grants g where g.id = v."grant" and g.holder = $1)`,
};

const owes = (scope: Scope) => `
  (select count(*)::int from keyturn.reviews o where o.state = 'owed' and ${OWED[scope]}) as "reviewsOwed",
  (select count(*)::int from keyturn.revocations v where v.state <> 'done' and v.kind = 'manual' and ${DUE[scope]}) as "toChange"`;
/** Of requests `r`. */
const SUMS = `count(*)::int as requests, (count(*) filter (where r.state = 'approved'))::int as granted,
  (count(*) filter (where r.state = 'denied'))::int as denied, (count(*) filter (where r.kind = 'break-glass'))::int as "breakGlass"`;

const counts = (scope: Scope): Statement => ({
  name: `report_counts_${scope}`,
  text: `select c.*, ${owes(scope)} from (select ${SUMS}
      from keyturn.requests r where ${OF[scope]} and r.asked_at >= $2 and r.asked_at < $3) c`,
});

/** Where each month of these days begins by the operator's clocks, and what it is called. */
const BEGINS: Statement = {
  name: 'report_begins',
  text: `select to_char(l, 'YYYY-MM') as month, l at time zone $3 as at
    from generate_series(date_trunc('month', $1::timestamptz at time zone $3), $2::timestamptz at time zone $3, interval '1 month') l order by l`,
};
/** In one pass, several workers at a time, and with the sums of all of them; $4 are the months' beginnings, $5 their names. */
const MONTHS: Statement = {
  name: 'report_months',
  text: `with b as (select width_bucket(r.asked_at, $4::timestamptz[]) as n, r.account, ${SUMS}
        from keyturn.requests r where r.client = $1 and r.asked_at >= $2 and r.asked_at < $3 group by 1, 2),
      m as (select ($5::text[])[b.n] as month, b.account, b.requests, b.granted, b.denied, b."breakGlass" from b),
      s as (select count(*)::int as total, sum(m.requests)::int as requests, sum(m.granted)::int as granted,
        sum(m.denied)::int as denied, sum(m."breakGlass")::int as "breakGlass" from m)
    select to_jsonb(s) as sums, m.* from m, s order by m.month desc, m.account limit $6 offset $7`,
};
const OWES: Statement = { name: 'report_owes_client', text: `select ${owes('client')}` };

/** When the password that was shown was changed: the first later version's own time. */
const CHANGED_AT = `(select min(s.at) from keyturn.secrets s where s.client = e.client and s.account = e.account
  and s.version > e.secret_version) as changed_at`;

/** Connections of one grant that a report names: copying in a loop makes thousands. */
const MOST_SESSIONS = 50;

/** Before this one, newest first; a null cursor begins. The instant is text, because a Date drops its microseconds. */
const before = (at: string, id: string, n: number) =>
  `($${n}::text is null or (${at}, ${id}) < ($${n}::timestamptz, $${n + 1}::text))`;

const stories = (scope: Scope): Statement => ({
  name: `report_stories_${scope}`,
  text: `select r.asked_at::text as cursor_at, r.id as cursor_id, to_jsonb(r) as request, to_jsonb(g) as "grant", to_jsonb(w) as revocation, to_jsonb(o) as review,
      (select p.method from keyturn.proofs p where p.id = r.proof) as method,
      (select jsonb_agg(to_jsonb(d) || jsonb_build_object('method', p.method) order by d.at, d.person)
         from keyturn.decisions d left join keyturn.proofs p on p.id = d.proof where d.request = r.id) as decisions,
      (select jsonb_agg(x order by x.at) from (select e.*, ${CHANGED_AT} from keyturn.exposures e where e."grant" = g.id) x) as exposures,
      (select jsonb_agg(s order by s.opened_at) from (select * from keyturn.sessions s where s."grant" = g.id
         order by s.opened_at limit ${MOST_SESSIONS}) s) as sessions
    from (select * from keyturn.requests r where ${OF[scope]} and r.asked_at >= $2 and r.asked_at < $3
        and ${before('r.asked_at', 'r.id', 4)} order by r.asked_at desc, r.id desc limit $6) r
    left join keyturn.grants g on g.id = 'G' || substr(r.id, 2) left join keyturn.revocations w on w."grant" = g.id
    left join keyturn.reviews o on o.request = r.id order by r.asked_at desc, r.id desc`,
});

const DECISIONS: Statement = {
  name: 'report_decisions',
  text: `select d.at::text as cursor_at, d.request as cursor_id, d.*, p.method, r.client, r.account, r.requester
    from (select * from keyturn.decisions d where d.person = $1 and d.at >= $2 and d.at < $3
      and ${before('d.at', 'd.request', 4)} order by d.at desc, d.request desc limit $6) d
    join keyturn.requests r on r.id = d.request left join keyturn.proofs p on p.id = d.proof order by d.at desc, d.request desc`,
};
const EXPOSURES: Statement = {
  name: 'report_exposures',
  text: `select e.at::text as cursor_at, e.id as cursor_id, e.*, ${CHANGED_AT}
    from (select * from keyturn.exposures e where e.person = $1 and e.at >= $2 and e.at < $3
      and ${before('e.at', 'e.id', 4)} order by e.at desc, e.id desc limit $6) e order by e.at desc, e.id desc`,
};
const TOTALS: Statement = {
  name: 'report_totals',
  text: `select (select count(*)::int from keyturn.decisions d where d.person = $1 and d.at >= $2 and d.at < $3) as decisions,
    (select count(*)::int from keyturn.exposures e where e.person = $1 and e.at >= $2 and e.at < $3) as exposures`,
};
const WAYS_IN: Statement = {
  name: 'report_ways_in',
  text: `select (select jsonb_agg(to_jsonb(i) - 'id' - 'person' order by i.linked_at) from keyturn.identities i where i.person = $1) as identities,
    (select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'state', f.state, 'offered_by', f.offered_by,
       'offered_at', f.offered_at, 'active_at', f.active_at, 'ended_at', f.ended_at) order by f.offered_at)
       from keyturn.factors f where f.person = $1) as factors`,
};
const SWEEP: Statement = {
  name: 'report_sweep',
  text: `select to_jsonb(s) as sweep, (select count(*)::int from keyturn.sweep_items i where i.sweep = s.id) as total,
      (select count(*)::int from keyturn.sweep_items i where i.sweep = s.id and i.state = 'due') as due
    from keyturn.sweeps s where s.id = $1`,
};
const ITEMS: Statement = {
  name: 'report_items',
  text: `select i.* from keyturn.sweep_items i where i.sweep = $1
    and ($2::text is null or (i.kind, i.subject) > ($2, $3)) order by i.kind, i.subject limit $4`,
};
/** What is left to do comes first on a page. */
const ITEMS_DUE_FIRST: Statement = {
  name: 'report_items_due_first',
  text: `select i.* from keyturn.sweep_items i where i.sweep = $1 order by i.state = 'done', i.kind, i.subject limit $2`,
};

/** Which rows: the subject's id and the days, as instants. */
export type ReportScope = Pick<ReportFacts, 'asked' | 'about' | 'start' | 'end' | 'directory'>;

type Sums = Omit<MonthLine, 'month' | 'account'> & { readonly total: number };

const NO_SUMS: Sums = { total: 0, requests: 0, granted: 0, denied: 0, breakGlass: 0 };
const NONE: ReportCounts = { requests: 0, granted: 0, denied: 0, breakGlass: 0, reviewsOwed: 0, toChange: 0 };

/** Counts, and the newest `most` rows of each kind. */
export async function readReportData(
  database: Database,
  scope: ReportScope,
  most = PAGE_ROWS,
): Promise<ReportData> {
  const id = scope.about?.id ?? '';
  const { report } = scope.asked;
  if (report === 'sweep') {
    const sweep = await readSweep(database, id, most);
    return { counts: NONE, stories: none(), months: none(), person: null, sweep };
  }
  if (report === 'sessions') throw new Error('recordings are no report');
  const days = [id, scope.start, scope.end];
  const isWhole = most >= PAGE_ROWS;
  const byMonth = report === 'client' && isWhole;
  const [summed, rows, person] = await Promise.all([
    byMonth ? sumMonths(database, scope, most) : sum(database, report, days),
    newestStories(database, report, days, null, most),
    report === 'person' && isWhole ? readPerson(database, days, most) : null,
  ]);
  const stories = { total: summed.counts.requests, rows: rows.map(storyOf) };
  return { ...summed, stories, person, sweep: null };
}

/** Everything, newest first, a batch at a time: no transaction is held while somebody's line is slow. */
export async function* reportRecords(
  database: Database,
  scope: ReportScope,
  batch = 2_000,
): AsyncGenerator<readonly ReportRecord[]> {
  const id = scope.about?.id ?? '';
  const { report } = scope.asked;
  if (report === 'sweep') return yield* sweepRecords(database, id, batch);
  if (report === 'sessions') throw new Error('recordings are no report');
  const days = [id, scope.start, scope.end];
  if (report === 'client') yield* monthRecords(database, scope, batch);
  for await (const rows of pages<StoryRow>(database, stories(report), days, batch))
    yield rows.map((row) => ({ record: 'request', row: storyOf(row) }));
  if (report !== 'person') return;
  for await (const rows of pages<CursorRow>(database, DECISIONS, days, batch))
    yield rows.map((row) => ({ record: 'decision', row: rowOf<OwnDecision>(row) }));
  for await (const rows of pages<CursorRow>(database, EXPOSURES, days, batch))
    yield rows.map((row) => ({ record: 'exposure', row: rowOf<FollowedExposure>(row) }));
  const { identities, factors } = await waysIn(database, id);
  yield identities.map((row) => ({ record: 'identity', row }));
  yield factors.map((row) => ({ record: 'factor', row }));
}

interface CursorRow extends Json {
  readonly cursor_at: string;
  readonly cursor_id: string;
}

interface StoryRow extends CursorRow {
  readonly request: Json;
  readonly grant: Json | null;
  readonly revocation: Json | null;
  readonly review: Json | null;
  readonly method: Story['method'];
  readonly decisions: Json[] | null;
  readonly exposures: Json[] | null;
  readonly sessions: Json[] | null;
}

function newestStories(
  database: Database,
  report: Scope,
  days: unknown[],
  after: CursorRow | null,
  most: number,
) {
  const cursor = [after?.cursor_at ?? null, after?.cursor_id ?? null];
  return database.run<StoryRow>(stories(report), [...days, ...cursor, most]);
}

async function* pages<Row extends CursorRow>(
  database: Database,
  of: Statement,
  days: unknown[],
  batch: number,
) {
  for (let after: Row | undefined; ; ) {
    const cursor = [after?.cursor_at ?? null, after?.cursor_id ?? null];
    const rows: Row[] = await database.run<Row>(of, [...days, ...cursor, batch]);
    if (rows.length > 0) yield rows;
    after = rows.at(-1);
    if (rows.length < batch) return;
  }
}

function storyOf(row: StoryRow): Story {
  const { request, grant, revocation, review, method, decisions, exposures, sessions } = row;
  return {
    method,
    request: fromRow(request),
    grant: fromRowOrNull(grant),
    revocation: fromRowOrNull(revocation),
    review: fromRowOrNull(review),
    decisions: fromRows(decisions),
    exposures: fromRows(exposures),
    sessions: fromRows(sessions),
  };
}

function rowOf<T>({ cursor_at: _at, cursor_id: _id, ...row }: CursorRow): T {
  return fromRow<T>(row);
}

async function sum(database: Database, report: Scope, days: unknown[]) {
  const [counted] = await database.run<ReportCounts>(counts(report), days);
  return { counts: counted ?? NONE, months: none<MonthLine>() };
}

/** The whole is the sum of its months: a million rows are counted once. */
async function sumMonths(database: Database, scope: ReportScope, most: number) {
  const [{ sums, rows }, [owed]] = await Promise.all([
    newestMonths(database, scope, most, 0),
    database.run<Pick<ReportCounts, 'reviewsOwed' | 'toChange'>>(OWES, [scope.about?.id ?? '']),
  ]);
  const { total, ...counted } = sums;
  return { counts: { ...NONE, ...counted, ...owed }, months: { total, rows } };
}

async function newestMonths(database: Database, scope: ReportScope, most: number, skip: number) {
  const { about, start, end, directory } = scope;
  const begins = await database.run<{ month: string; at: Date }>(BEGINS, [start, end, directory.timezone]);
  const months = [begins.map(({ at }) => at.toISOString()), begins.map(({ month }) => month)];
  const values = [about?.id ?? '', start, end, ...months, most, skip];
  const found = await database.run<MonthLine & { sums: Sums }>(MONTHS, values);
  return { sums: found[0]?.sums ?? NO_SUMS, rows: found.map(({ sums: _, ...row }): MonthLine => row) };
}

async function* monthRecords(database: Database, scope: ReportScope, batch: number) {
  for (let skip = 0; ; skip += batch) {
    const { rows } = await newestMonths(database, scope, batch, skip);
    yield rows.map((row): ReportRecord => ({ record: 'month', row }));
    if (rows.length < batch) return;
  }
}

async function readPerson(database: Database, days: unknown[], most: number): Promise<OfPerson> {
  const [[totals], decisions, exposures, ways] = await Promise.all([
    database.run<{ decisions: number; exposures: number }>(TOTALS, days),
    database.run<CursorRow>(DECISIONS, [...days, null, null, most]),
    database.run<CursorRow>(EXPOSURES, [...days, null, null, most]),
    waysIn(database, String(days[0])),
  ]);
  return {
    decisions: { total: totals?.decisions ?? 0, rows: decisions.map((row) => rowOf<OwnDecision>(row)) },
    exposures: { total: totals?.exposures ?? 0, rows: exposures.map((row) => rowOf<FollowedExposure>(row)) },
    ...ways,
  };
}

async function waysIn(database: Database, person: string) {
  const [row] = await database.run<{ identities: Json[] | null; factors: Json[] | null }>(WAYS_IN, [person]);
  return {
    identities: fromRows<IdentityLine>(row?.identities ?? null),
    factors: fromRows<FactorLine>(row?.factors ?? null),
  };
}

async function readSweep(database: Database, id: string, most: number): Promise<OfSweep | null> {
  const [row] = await database.run<{ sweep: Json; total: number; due: number }>(SWEEP, [id]);
  if (!row) return null;
  const items = await database.run<Json>(ITEMS_DUE_FIRST, [id, most]);
  const rows = items.map((item) => fromRow<SweepItem>(item));
  return { sweep: fromRow<Sweep>(row.sweep), due: row.due, items: { total: row.total, rows } };
}

async function* sweepRecords(database: Database, id: string, batch: number) {
  for (let last: SweepItem | undefined; ; ) {
    const found = await database.run<Json>(ITEMS, [id, last?.kind ?? null, last?.subject ?? null, batch]);
    const rows = found.map((item) => fromRow<SweepItem>(item));
    yield rows.map((row): ReportRecord => ({ record: 'item', row }));
    last = rows.at(-1);
    if (rows.length < batch) return;
  }
}

function none<T>(): Newest<T> {
  return { total: 0, rows: [] };
}
