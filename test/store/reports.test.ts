import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '../../src/core/perform.js';
import { PAGE_ROWS, type ReportRecord } from '../../src/core/report-data.js';
import { reportPage } from '../../src/core/report-page.js';
import type { VisitPage } from '../../src/core/visit.js';
import { readReportData, reportRecords } from '../../src/store/reports.js';
import { type House, KINDS, openHouse } from '../support/house.js';

const DAYS = { from: '2026-01-01', to: '2026-12-31' };

describe.each(KINDS)('reports, from the %s database', (kind) => {
  let house: House;
  let tess: string;
  let lena: string;
  beforeAll(async () => {
    house = await openHouse(kind);
    tess = (await house.as('Tess')).person;
    lena = (await house.as('Lena')).person;
    const run = (text: string, values: unknown[] = []) => house.database.run({ name: '', text }, values);
    // Seven by the month, three of them at one instant; the operator's clocks are six hours behind: one is still January's.
    await fill(run, tess);
    await run(
      `insert into keyturn.sweeps (id, person, origin, state, why, at, version) values ('S-8F3KQ2', $1, 'automatic', 'waiting', 'left', keyturn.now(), 1)`,
      [tess],
    );
    await run(
      `insert into keyturn.sweep_items (sweep, kind, subject, client, state, data, at, done_at)
       select 'S-8F3KQ2', 'grant', 'G-' || n, 'acme', case when n = 3 then 'due' else 'done' end, '{}', keyturn.now(),
         case when n = 3 then null else keyturn.now() end from generate_series(1, 5) n`,
    );
  });
  afterAll(() => house.close());

  /** Three of them within a microsecond; by the operator's clocks, six hours behind, the first is still January's. */
  async function fill(run: (text: string, values: unknown[]) => Promise<unknown>, person: string) {
    const rows = [
      ['1', '2026-02-01 05:59:59.999999Z', 'front-desk'],
      ['2', '2026-02-01 06:00:00Z', 'front-desk'],
      ['3', '2026-03-08 12:00:00.123456Z', 'front-desk'],
      ['4', '2026-03-08 12:00:00.123456Z', 'front-desk'],
      ['5', '2026-03-08 12:00:00.123457Z', 'front-desk'],
      ['6', '2026-12-31 23:00:00Z', 'router'],
      ['7', '2027-01-01 06:00:00Z', 'router'],
    ];
    for (const [n, at, account] of rows) {
      await run(
        `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version, state,
           version, asked_at, decide_by) values ('R-00000' || $1::text, 'acme', $3, $4, 1800, 'reason ' || $1::text, 'reveal', 'p', 1,
           'pending', 1, $2::timestamptz, $2::timestamptz + interval '1 hour')`,
        [n, at, account, person],
      );
      await run(
        `update keyturn.requests set state = 'cancelled', version = 2, ended_at = asked_at, ended_by = $2 where id = 'R-00000' || $1::text`,
        [n, person],
      );
    }
  }

  const factsOf = (report: VisitPage['report'], subject: string, days = DAYS) =>
    house.ports.store.reportFacts({ report, subject, ...days }, lena);

  async function idsOf(report: VisitPage['report'], subject: string, batch: number, days = DAYS) {
    const all: ReportRecord[] = [];
    for await (const some of reportRecords(house.database, await factsOf(report, subject, days), batch))
      all.push(...some);
    return all.flatMap((one) => (one.record === 'request' ? [one.row.request.id.slice(-1)] : []));
  }

  test('days are the operator’s own: from the first’s midnight to the last’s, by their clocks', async () => {
    const facts = await factsOf('client', 'acme', { from: '2026-02-01', to: '2026-03-08' });
    expect(facts.start.toISOString()).toBe('2026-02-01T06:00:00.000Z');
    // The day on which the clocks go forward has but 23 hours.
    expect(facts.end.toISOString()).toBe('2026-03-09T05:00:00.000Z');
    expect(await idsOf('client', 'acme', 10, { from: '2026-02-01', to: '2026-03-08' })).toEqual([
      '5',
      '4',
      '3',
      '2',
    ]);
    const asked = await house.ports.store.reportFacts(
      { report: 'client', subject: 'acme', from: null, to: '2026-03-30' },
      lena,
    );
    expect([asked.from, asked.to]).toEqual(['2026-03-01', '2026-03-30']);
  });

  test.each([1, 2, 3, 100])('a CSV has each row once, newest first, in batches of %i', async (batch) => {
    for (const [report, subject] of [
      ['client', 'acme'],
      ['person', tess],
    ] as const)
      expect(await idsOf(report, subject, batch)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(await idsOf('account', 'acme/front-desk', batch)).toEqual(['5', '4', '3', '2', '1']);
  });

  test('a client’s months are the operator’s own, and their sums are the whole', async () => {
    const facts = await factsOf('client', 'acme');
    const { counts, months, stories } = await readReportData(house.database, facts);
    expect(months.rows.map(({ month, account, requests }) => [month, account, requests])).toEqual([
      ['2026-12', 'router', 1],
      ['2026-03', 'front-desk', 3],
      ['2026-02', 'front-desk', 1],
      ['2026-01', 'front-desk', 1],
    ]);
    expect(counts).toMatchObject({
      requests: 6,
      granted: 0,
      denied: 0,
      breakGlass: 0,
      reviewsOwed: 0,
      toChange: 0,
    });
    expect(stories.total).toBe(6);
    const short = await readReportData(house.database, facts, 2);
    expect([short.counts.requests, short.stories.rows.length]).toEqual([6, 2]);
    expect(PAGE_ROWS).toBe(500);
  });

  test('a report of nothing is empty, not amiss', async () => {
    const none = { from: '2001-01-01', to: '2001-01-31' };
    const data = await readReportData(house.database, await factsOf('client', 'acme', none));
    expect([data.counts.requests, data.months.total, data.stories.total]).toEqual([0, 0, 0]);
  });

  test('a sweep’s result has every item, what is left to do first, for leads alone', async () => {
    const page = { report: 'sweep', subject: 'S-8F3KQ2', from: null, to: null } as const;
    const facts = await house.ports.store.reportFacts(page, lena);
    expect(facts.about).toMatchObject({ id: 'S-8F3KQ2', name: 'Tess Tran', client: null });
    const said = reportPage(facts, await readReportData(house.database, facts));
    expect(said.counts).toEqual(['5 things of theirs: 1 thing left to do by hand.']);
    expect(said.sections[0]?.rows.map((row) => row[1]?.[0])).toEqual(['G-3', 'G-1', 'G-2', 'G-4', 'G-5']);
    const items: string[] = [];
    for await (const some of reportRecords(house.database, facts, 2))
      items.push(...some.flatMap((one) => (one.record === 'item' ? [one.row.subject] : [])));
    expect(items).toEqual(['G-1', 'G-2', 'G-3', 'G-4', 'G-5']);
    const open = async (name: string, id: string) =>
      perform(house.ports, await house.as(name), {
        verb: 'open-visit',
        of: 'S-8F3KQ2',
        link: { id, tokenHash: `hash of ${id}` },
      });
    expect(await open('Lena', 'W-000000000001')).toEqual({ done: 'W-000000000001' });
    expect(await open('Tess', 'W-000000000002')).toEqual({ refused: { code: 'may-not-report' } });
  });
});
