/** Any report over a million audit events, as its page is answered: counts, months and the newest rows of everything. */

import { reportPage } from '../../src/core/report-page.js';
import type { VisitPage } from '../../src/core/visit.js';
import { readReportData } from '../../src/store/reports.js';
import type { Figure, Measurement } from './figure.js';
import { fillReports } from './report-fill.js';
import { openStage, type Stage } from './stage.js';

/** So many of one client's, with all that became of them, put more than a million events on record. */
const REQUESTS = 250_000;
const EVENTS = 1_000_000;
const ACCOUNTS = 2_000;
const GOAL_S = 2;
const DAYS = { from: '2020-01-01', to: '2030-12-31' };

export const reports: Measurement = {
  id: 'report_s',
  async measure() {
    const stage = await openStage(ACCOUNTS, [{ from: 'leads', need: 1 }]);
    try {
      const [people, leads] = [stage.requesters, stage.leads].map((all) => all.map(({ id }) => id));
      await fillReports(stage.url, {
        ...{
          requests: REQUESTS,
          accounts: ACCOUNTS / 20,
          people: people as string[],
          leads: leads as string[],
        },
      });
      const events = await onRecord(stage);
      if (events < EVENTS) throw new Error(`only ${events} events are on record`);
      const subjects = [
        ['client', 'client-0'],
        ['account', 'client-0/a0'],
        ['person', people?.[0] as string],
        ['person', leads?.[0] as string],
      ] as const;
      const took: { readonly name: string; readonly seconds: number }[] = [];
      for (const [report, subject] of subjects)
        took.push({ name: report, seconds: await worst(() => read(stage, report, subject)) });
      return figure(took, events, await worst(() => plainly(stage)));
    } finally {
      await stage.close();
    }
  },
};

async function read({ ports, database }: Stage, report: VisitPage['report'], subject: string): Promise<void> {
  const facts = await ports.store.reportFacts({ report, subject, ...DAYS }, '');
  const page = reportPage(facts, await readReportData(database, facts));
  if (page.sections.every(({ rows }) => rows.length === 0)) throw new Error(`an empty report of ${subject}`);
}

/** How many audit events the rows stand for: each but a grant's for one, a grant's for its beginning and its end. */
async function onRecord({ database }: Stage): Promise<number> {
  const tables = ['requests', 'decisions', 'grants', 'grants', 'revocations', 'exposures', 'reviews'];
  const text = `select ${tables.map((table) => `(select count(*) from keyturn.${table})`).join(' + ')} as events`;
  const [row] = await database.run<{ events: string }>({ name: 'on_record', text }, []);
  return Number(row?.events);
}

/** The same requests as the largest report counts, by one plain select. */
async function plainly({ database }: Stage): Promise<void> {
  const text = `select state, kind, count(*) from keyturn.requests where client = 'client-0' group by 1, 2`;
  await database.run({ name: 'plainly', text }, []);
}

/** The slowest of three, after one that warms up. */
async function worst(work: () => Promise<void>): Promise<number> {
  await work();
  const seconds: number[] = [];
  for (let n = 0; n < 3; n++) {
    const started = performance.now();
    await work();
    seconds.push((performance.now() - started) / 1000);
  }
  return Math.max(...seconds);
}

function figure(
  took: readonly { name: string; seconds: number }[],
  events: number,
  baseline: number,
): Figure {
  const value = Math.max(...took.map(({ seconds }) => seconds));
  const each = took.map(({ name, seconds }) => `${name} ${seconds.toFixed(2)} s`).join(', ');
  return {
    ...{ id: 'report_s', value, unit: 's', baseline, goal: GOAL_S, met: value < GOAL_S, aim: `< ${GOAL_S}` },
    notes: [
      `one client with ${REQUESTS} requests, which are ${events} events: ${each}; baseline: one select that counts them`,
    ],
  };
}
