/** The cards of a report, of each kind and in each state in which their words differ. */

import type { Card } from '../../src/core/cards/card.js';
import {
  reportCard,
  visitAbuseCard,
  visitBrowserCard,
  visitWayCard,
} from '../../src/core/cards/report-card.js';
import type { ReportFacts, RequestFacts, VisitFacts } from '../../src/core/facts.js';
import type { ReportData, Story } from '../../src/core/report-data.js';
import type { VisitPage, VisitState } from '../../src/core/visit.js';

const SUBJECTS = {
  account: { id: 'acme/router', name: 'Office router', client: 'acme', clientName: 'Acme Dental' },
  client: { id: 'acme', name: 'Acme Dental', client: 'acme', clientName: 'Acme Dental' },
  person: { id: 'Tess', name: 'Tess Tran', client: null, clientName: null },
  sweep: { id: 'S-8F3KQ2', name: 'Tess Tran', client: null, clientName: null },
  sessions: { id: 'Lena', name: 'Lena Falk', client: null, clientName: null },
};

/** @param facts of a request whose reason is as hostile as it gets. */
export function reportCards(facts: RequestFacts): readonly (readonly [string, Card])[] {
  const { now } = facts;
  const of = (report: VisitPage['report']): ReportFacts => ({
    ...facts,
    asked: { report, subject: SUBJECTS[report].id, from: null, to: null },
    about: SUBJECTS[report],
    ...{ from: '2026-10-25', to: '2026-11-23', start: now, end: now, unopened: [] },
  });
  const visit = (report: VisitPage['report'], state: VisitState, fails = 0): VisitFacts => ({
    ...of(report),
    offers: { ...facts.offers, factors: [] },
    proof: null,
    visit: {
      ...{ id: 'W-1', tokenHash: 'h', person: 'Lena', page: of(report).asked, state, browserHash: 'b' },
      ...{ number: '47', fails, proof: null, createdAt: now, version: 1 },
      expiresAt: new Date(now.getTime() + 600_000),
    },
  });
  const story: Story = { ...facts, method: null, decisions: [], exposures: [], sessions: [] };
  const data = (rows: readonly Story[], total: number): ReportData => ({
    counts: { requests: total, granted: total, denied: 0, breakGlass: 0, reviewsOwed: 1, toChange: 2 },
    stories: { rows, total },
    ...{ months: { rows: [], total: 0 }, person: null, sweep: null },
  });
  const kinds = ['account', 'client', 'person'] as const;
  return [
    ...kinds.map(
      (kind) => [`report ${kind}`, reportCard(of(kind), data([story, story, story], 1234), 'W-1')] as const,
    ),
    ['report, empty', reportCard(of('client'), data([], 0), 'W-1')],
    ['report, its link', visitWayCard(visit('sweep', 'open'), 'https://keys.northwind.example/me/reports#t')],
    [
      'sessions, the link',
      visitWayCard(visit('sessions', 'open'), 'https://keys.northwind.example/me/sessions#t'),
    ],
    ['sessions, browser asked', visitBrowserCard(visit('sessions', 'asked'))],
    ...(['asked', 'confirmed', 'dead', 'open'] as const).map(
      (state) => [`report, browser ${state}`, visitBrowserCard(visit('account', state))] as const,
    ),
    ['report, browser abused', visitBrowserCard(visit('account', 'dead', 5))],
    ['report, abused', visitAbuseCard(visit('person', 'dead', 5))],
  ];
}
