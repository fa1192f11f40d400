/** What a browser with a visit's address can do besides being let in: look, read the report, and take it as CSV. */

import type { VisitFacts } from '../core/facts.js';
import { performOnVisit } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { badDay } from '../core/report.js';
import { csvHead, csvRecord } from '../core/report-csv.js';
import type { ReportData, ReportRecord } from '../core/report-data.js';
import { clientOfReport, reportPage, reportTitle } from '../core/report-page.js';
import { isOfSessions, type VisitPage } from '../core/visit.js';
import { mayNotSee, readVisit } from '../core/visit-browser.js';
import { type Door, visitDoor } from './door.js';
import { type Acted, type Caller, LINK_OVER, secondsUntil, takenByAnother } from './door-acts.js';
import type { LinkAnswers } from './link-answers.js';
import { CutOff } from './streamed.js';

export interface VisitDesk {
  readonly ports: Ports;
  /** Counts, and the newest rows of each kind. */
  readReport(facts: VisitFacts): Promise<ReportData>;
  /** Every row, a batch at a time. */
  reportRecords(facts: VisitFacts): AsyncIterable<readonly ReportRecord[]>;
}

type Days = Pick<VisitPage, 'from' | 'to'>;

/** What the link is to. Spends nothing and counts nothing: a scanner may come this far. */
export async function lookAtVisit(
  { ports }: Pick<VisitDesk, 'ports'>,
  caller: Caller,
): Promise<Acted<LinkAnswers['look']>> {
  const facts = await ports.store.visitFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, door: null };
  const door = visitDoor(facts);
  const cannot = door.over ?? takenByAnother(door, caller);
  if (cannot) return { refused: cannot, door };
  const client = clientOfReport(facts);
  const answer = {
    client: client?.name ?? facts.directory.operator,
    colour: client?.colour ?? ('own' as const),
    account: reportTitle(facts),
    person: facts.directory.nameOf(door.person),
    purpose: isOfSessions(facts.visit.page) ? ('sessions' as const) : ('report' as const),
    state: door.state as 'open' | 'asked' | 'confirmed',
    expiresInSeconds: secondsUntil(door.expiresAt, door.now),
    grantEndsInSeconds: null,
  };
  return { answer, door };
}

/** The report, for the browser that was let in. Each reading is on record before anything of it leaves. */
export async function report(
  desk: VisitDesk,
  caller: Caller,
  days: Days,
): Promise<Acted<LinkAnswers['report']>> {
  const read = await reading(desk, caller, days, 'page');
  if ('refused' in read) return read;
  const { facts, door } = read;
  const page = reportPage(facts, await desk.readReport(facts));
  return { answer: { ...page, expiresInSeconds: secondsUntil(door.expiresAt, door.now) }, door };
}

/** The same whole, as CSV: a name for the file, and its parts. Cut off where its reader may read no more. */
export async function csv(
  desk: VisitDesk,
  caller: Caller,
  days: Days,
): Promise<Acted<{ readonly name: string; readonly parts: AsyncIterable<string> }>> {
  const read = await reading(desk, caller, days, 'csv');
  if ('refused' in read) return read;
  const { facts, door } = read;
  const { asked, about, from, to } = facts;
  const name = `${asked.report} ${about?.name ?? ''} ${from} ${to}`.replace(/[^\p{L}\p{N}]+/gu, '-');
  return { answer: { name: `${name}.csv`, parts: parts(desk, caller, facts) }, door };
}

async function* parts(desk: VisitDesk, caller: Caller, facts: VisitFacts): AsyncGenerator<string> {
  yield csvHead();
  for await (const records of desk.reportRecords(facts)) {
    const now = await desk.ports.store.visitFacts({ tokenHash: caller.tokenHash });
    // Half a file that ends as if it were whole would be believed.
    if (!now || mayNotSee(now, caller.browserHash))
      throw new CutOff('the reader of a report may read no more');
    yield records.map((record) => csvRecord(record, facts.directory)).join('');
  }
}

type Reading =
  | { readonly facts: VisitFacts; readonly door: Door }
  | Extract<Acted<never>, { readonly refused: unknown }>;

async function reading(
  { ports }: VisitDesk,
  caller: Caller,
  days: Days,
  how: 'page' | 'csv',
): Promise<Reading> {
  const bad = badDay(days);
  if (bad) return { refused: bad, door: null };
  const own = days.from === null && days.to === null ? undefined : days;
  let last: VisitFacts | null = null;
  const judge = (facts: VisitFacts) => {
    last = facts;
    return readVisit(facts, caller.browserHash, how);
  };
  const outcome = await performOnVisit(ports, caller.tokenHash, judge, own);
  const facts = last as VisitFacts | null;
  if ('refused' in outcome) return { refused: outcome.refused, door: facts && visitDoor(facts) };
  return facts ? { facts, door: visitDoor(facts) } : { refused: LINK_OVER, door: null };
}
