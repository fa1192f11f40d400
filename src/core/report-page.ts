/** A report in words, for its page: what there is in all, and tables whose cells are short lines. */

import type { Card } from './cards/card.js';
import { sayFactor } from './cards/say-proof.js';
import { count, sayDuration } from './cards/words.js';
import type { Directory } from './directory.js';
import type { ReportFacts } from './facts.js';
import type {
  FactorLine,
  FollowedExposure,
  IdentityLine,
  MonthLine,
  Newest,
  OwnDecision,
  ReportCell,
  ReportCounts,
  ReportData,
} from './report-data.js';
import { sayClock } from './report-instant.js';
import { STORY_HEAD, storyCells } from './report-story.js';
import { sayItem } from './report-sweep.js';

export interface ReportSection {
  readonly id: string;
  readonly title: string;
  /** How many there are, and how many of them stand here. */
  readonly says: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}

export interface ReportPage {
  readonly title: string;
  readonly client: Card['client'];
  readonly from: string;
  readonly to: string;
  /** A sweep's result is of no days. */
  readonly hasDays: boolean;
  readonly counts: readonly string[];
  readonly sections: readonly ReportSection[];
}

export function reportPage(facts: ReportFacts, data: ReportData): ReportPage {
  const { asked, from, to } = facts;
  const isSweep = asked.report === 'sweep';
  return {
    title: reportTitle(facts),
    client: clientOfReport(facts),
    from,
    to,
    hasDays: !isSweep,
    counts: isSweep ? sayDue(data) : sayCounts(data.counts),
    sections: sections(facts, data),
  };
}

/** `Account: Front desk PC (acme/front-desk)`. */
export function reportTitle({ asked, about }: ReportFacts): string {
  const name = about?.name ?? '';
  const titles = {
    account: `Account: ${name} (${about?.id})`,
    client: `Client: ${name}`,
    person: `Person: ${name}`,
    sweep: `Offboarding of ${name} (${about?.id})`,
    sessions: 'Recorded sessions',
  };
  return titles[asked.report];
}

/** The client that a report is of; null for one of the operator's own people. */
export function clientOfReport({ about, directory }: ReportFacts): Card['client'] {
  if (about === null || about.client === null) return null;
  const known = directory.client(about.client);
  return { name: known?.name ?? about.clientName ?? about.client, colour: known?.colour ?? 'blue' };
}

export function sayCounts(c: ReportCounts): string[] {
  const owed = [
    ...(c.reviewsOwed > 0 ? [`${count(c.reviewsOwed, 'review')} owed`] : []),
    ...(c.toChange > 0 ? [`${count(c.toChange, 'password')} still to be changed`] : []),
  ];
  const all = `${count(c.requests, 'request')}: ${c.granted} granted, ${c.denied} denied, ${c.breakGlass} break-glass.`;
  return [
    all,
    owed.length === 0
      ? 'No review is owed, and no password is still to be changed.'
      : `Now: ${owed.join(', ')}.`,
  ];
}

function sayDue({ sweep }: ReportData): string[] {
  const due = sweep?.due ?? 0;
  const total = sweep?.items.total ?? 0;
  const left = due === 0 ? 'nothing is left to do' : `${count(due, 'thing')} left to do by hand`;
  return [`${count(total, 'thing')} of theirs: ${left}.`];
}

function sections(facts: ReportFacts, { stories, months, person, sweep }: ReportData): ReportSection[] {
  const { directory } = facts;
  const one = <T>(
    id: string,
    title: string,
    head: readonly string[],
    all: Newest<T>,
    cells: (row: T) => ReportCell[],
  ) => section(id, title, head, all, cells);
  if (sweep)
    return [
      one('items', 'Everything they held', ['What', 'Which', 'State'], sweep.items, (item) =>
        sayItem(item, directory),
      ),
    ];
  return [
    ...(facts.asked.report === 'client'
      ? [one('months', 'By month and account', MONTH_HEAD, months, monthCells)]
      : []),
    one('requests', 'Requests', STORY_HEAD, stories, (story) => storyCells(story, directory)),
    ...(person
      ? [
          one('decisions', 'What they decided', DECISION_HEAD, person.decisions, (d) =>
            decisionCells(d, directory),
          ),
          one('exposures', 'What they were shown', EXPOSURE_HEAD, person.exposures, (e) =>
            exposureCells(e, directory),
          ),
          one(
            'identities',
            'Chat accounts',
            ['Where', 'Who there', 'Linked', 'Confirmed', 'Ended'],
            whole(person.identities),
            (i) => identityCells(i, directory),
          ),
          one(
            'factors',
            'Authenticators',
            ['Which', 'State', 'Allowed', 'Since', 'Ended'],
            whole(person.factors),
            (f) => factorCells(f, directory),
          ),
        ]
      : []),
  ];
}

function section<T>(
  id: string,
  title: string,
  head: readonly string[],
  { total, rows }: Newest<T>,
  cells: (row: T) => ReportCell[],
): ReportSection {
  const says =
    total === 0
      ? 'None.'
      : total > rows.length
        ? `The newest ${rows.length} of ${total}. The CSV has all.`
        : `${total} in all.`;
  return { id, title, says, head, rows: rows.map(cells) };
}

function whole<T>(rows: readonly T[]): Newest<T> {
  return { total: rows.length, rows };
}

const MONTH_HEAD = ['Month', 'Account', 'Requests', 'Granted', 'Denied', 'Break-glass'];

function monthCells({ month, account, requests, granted, denied, breakGlass }: MonthLine): ReportCell[] {
  return [[month], [account], ...[requests, granted, denied, breakGlass].map((n) => [String(n)])];
}

const DECISION_HEAD = ['When', 'Request', 'Account', 'Decided', 'By which factor'];

function decisionCells(d: OwnDecision, directory: Directory): ReportCell[] {
  const shorter = d.seconds === null ? [] : [`for ${sayDuration(d.seconds)}`];
  const why = d.reason === null ? [] : [`“${d.reason}”`];
  return [
    [sayClock(d.at, directory)],
    [d.request, `of ${directory.nameOf(d.requester)}`],
    [`${d.client}/${d.account}`],
    [d.verdict === 'approve' ? 'Approved' : 'Denied', ...shorter, ...why],
    d.proof === null ? ['none was due'] : [sayFactor(d.method), d.proof],
  ];
}

const EXPOSURE_HEAD = ['When', 'Account', 'Version', 'Changed since', 'Grant'];

function exposureCells(e: FollowedExposure, directory: Directory): ReportCell[] {
  return [
    [sayClock(e.at, directory)],
    [`${e.client}/${e.account}`],
    [String(e.secretVersion)],
    [e.changedAt === null ? 'No: it still works' : sayClock(e.changedAt, directory)],
    [e.grant],
  ];
}

function identityCells(i: IdentityLine, directory: Directory): ReportCell[] {
  const at = (instant: Date | null) => (instant === null ? [] : [sayClock(instant, directory)]);
  const platform = i.platform === 'slack' ? 'Slack' : 'Teams';
  return [[platform, i.workspace], [i.userId], at(i.linkedAt), at(i.provenAt), at(i.endedAt)];
}

function factorCells(f: FactorLine, directory: Directory): ReportCell[] {
  const at = (instant: Date | null) => (instant === null ? [] : [sayClock(instant, directory)]);
  const by = f.offeredBy === null ? [] : [`by ${directory.nameOf(f.offeredBy)}`];
  return [[f.id], [f.state], [...at(f.offeredAt), ...by], at(f.activeAt), at(f.endedAt)];
}
