/** A report in chat: what there is in all, the newest few, and a button to the whole; and the question whose browser it is. */

import type { ReportFacts, VisitFacts } from '../facts.js';
import { LINK_FAILURES } from '../link.js';
import type { ReportData, Story } from '../report-data.js';
import { sayClock } from '../report-instant.js';
import { clientOfReport, reportTitle, sayCounts } from '../report-page.js';
import { sayEnd } from '../report-story.js';
import { visitFactorDue } from '../visit-browser.js';
import { type Card, said, type Text, typed } from './card.js';
import { entranceActions } from './link-card.js';
import { sayDuration } from './words.js';

/** With the sentences that stand above, a phone shows so many whole. */
const NEWEST = 3;
const LONGEST_REASON = 60;

/** @param visit the id that its button brings back. */
export function reportCard(facts: ReportFacts, data: ReportData, visit: string): Card {
  const { rows, total } = data.stories;
  const newest = rows.slice(0, NEWEST).map((story) => storyLine(story, facts));
  const more = total > newest.length && newest.length > 0 ? [said(`and ${total - newest.length} more`)] : [];
  return {
    client: clientOfReport(facts),
    title: `Report ${facts.from} to ${facts.to}`,
    rows: [{ label: 'About', text: said(reportTitle(facts)) }],
    lines: [...sayCounts(data.counts).map(said), ...newest, ...more],
    actions: [{ kind: 'button', act: 'report', label: 'Whole report', id: visit, style: 'primary' }],
    note: facts.directory.operator,
  };
}

/** When, who, what, why in short, who approved, how it ended, and whether it was taken back. */
function storyLine(story: Story, facts: ReportFacts): Text {
  const { directory } = facts;
  const { request, decisions } = story;
  const name = directory.account(request.client, request.account)?.name ?? request.account;
  const kind = { ask: '', 'break-glass': ', break-glass', extend: ', more time' }[request.kind];
  const what = facts.asked.report === 'account' ? [] : [name];
  const who = facts.asked.report === 'person' ? [] : [directory.nameOf(request.requester)];
  const spoken = decisions.map((d) => `${d.verdict === 'approve' ? '✓' : '✗'} ${directory.nameOf(d.person)}`);
  const parts = [
    `${sayClock(request.askedAt, directory)}${kind}`,
    ...who,
    ...what,
    `“${shortened(request.reason)}”`,
    ...(spoken.length === 0 ? [] : [spoken.join(' ')]),
    howItEnded(story, facts),
  ];
  return typed(parts.join(' · '));
}

function howItEnded(story: Story, { directory }: ReportFacts): string {
  const { request, grant, revocation } = story;
  if (!grant) return request.state === 'pending' ? 'waits' : request.state;
  if (grant.state !== 'ended') return 'has access';
  const end = sayEnd(grant, directory).toLowerCase();
  if (revocation?.state !== 'done')
    return `${end}, still to be ${revocation?.kind === 'target' ? 'taken back' : 'changed'}`;
  const at = revocation.doneAt === null ? '' : ` ${sayClock(revocation.doneAt, directory)}`;
  return `${end}, ${revocation.kind === 'nothing' ? 'nothing to change' : `taken back${at}`}`;
}

function shortened(reason: string): string {
  const characters = [...reason.replace(/\s+/g, ' ')];
  return characters.length > LONGEST_REASON
    ? `${characters.slice(0, LONGEST_REASON - 1).join('')}…`
    : characters.join('');
}

/** What a visit leads to: a report, or recorded sessions. */
function leadsTo({ asked }: ReportFacts) {
  return asked.report === 'sessions'
    ? {
        title: 'Sessions',
        it: 'the recorded sessions',
        them: 'these sessions',
        again: 'Type /access sessions',
      }
    : { title: 'Report', it: 'the report', them: 'this report', again: 'Press “Whole report” again' };
}

/** The link itself: an answer to the one who pressed, never stored, never shown to anybody else. */
export function visitWayCard(facts: VisitFacts, url: string): Card {
  const seconds = (facts.visit.expiresAt.getTime() - facts.visit.createdAt.getTime()) / 1000;
  const { title, it } = leadsTo(facts);
  const says = `This link shows ${it} in one browser, for you alone. It has to be opened within ${sayDuration(seconds)}; a new one ends it.`;
  return {
    client: clientOfReport(facts),
    title,
    rows: [{ label: 'About', text: said(reportTitle(facts)) }],
    lines: [said(says)],
    actions: [{ kind: 'way', label: `Open ${it}`, url }],
  };
}

/** Asks the visit's owner whether the browser that shows this number is theirs. */
export function visitBrowserCard(facts: VisitFacts): Card {
  const { visit, now } = facts;
  const asked = visit.state === 'asked' && now < visit.expiresAt && !visitFactorDue(facts);
  const number = visit.number ?? '';
  const { title, them } = leadsTo(facts);
  const asks = `A browser that shows the number ${number} wants to open ${them}. Press only if that number is on your own screen now.`;
  return {
    client: clientOfReport(facts),
    title,
    rows: [{ label: 'About', text: said(reportTitle(facts)) }],
    lines: [said(asked ? asks : sayVisit(facts))],
    actions: asked ? entranceActions(visit.id, `Open it in this browser, ${number}`) : [],
  };
}

function sayVisit(facts: VisitFacts): string {
  const { title, again } = leadsTo(facts);
  if (isVisitAbused(facts))
    return `Somebody else had this link, so it is dead. The alerts channel was told. ${again.replace(' again', '')} for a new one.`;
  const says = {
    open: 'This link has not been opened.',
    asked: `This link has run out. ${again} for a new one.`,
    confirmed: `Confirmed. The ${title.toLowerCase()} ${title === 'Report' ? 'is' : 'are'} in your browser, for half an hour.`,
    dead: 'This link opens nothing any more.',
  };
  return says[facts.visit.state];
}

/** Dead by failures, or because its owner said that the browser wasn't theirs. */
export function isVisitAbused({ visit }: VisitFacts): boolean {
  return visit.state === 'dead' && visit.fails >= LINK_FAILURES;
}

/** For the alerts channel, which reads no report: whose link came into other hands. */
export function visitAbuseCard(facts: VisitFacts): Card {
  const owner = facts.directory.nameOf(facts.visit.person);
  return {
    client: clientOfReport(facts),
    title: 'A link in other hands',
    rows: [
      { label: 'To a report', text: said(facts.asked.report) },
      { label: 'Meant for', text: said(owner) },
    ],
    lines: [
      said(`Another browser than ${owner}’s tried to use a link to a report. It is dead.`),
      said(`Ask ${owner} where it went.`),
    ],
    actions: [],
  };
}
