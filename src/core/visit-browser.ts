/** A browser at the page of a visit: it asks, its person lets it in, and it reads for a while, each time authorised anew. */

import { event, KEYTURN } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change } from './change.js';
import {
  askedBy,
  type BrowserAsk,
  browserRefusal,
  disowned,
  failedOnce,
  isTaken,
  overRefusal,
} from './entrance.js';
import type { Facts, VisitFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import type { Needs } from './proof.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import { chainOfReport, readSaid, whyNotRead } from './report.js';
import { isOfSessions, type Visit } from './visit.js';

/** A browser that was let in reads for so long. */
export const VISIT_SECONDS = 30 * 60;

/** Whether the person's factor lets the browser in, rather than their word in chat: wherever factors are configured. */
export function visitFactorDue({ offers }: Facts): boolean {
  return offers.factors.length > 0;
}

/** One answer for a visit that opens nothing any more, and what speaks against its person's reading now. */
export function visitRefusal(facts: VisitFacts): Refusal | null {
  return overRefusal(facts.visit, facts.now) ?? whyNotRead(facts, ownerOf(facts.visit));
}

/** A browser asks to be let in. The first keeps the visit; each other one counts as a failure. */
export function askVisit(facts: VisitFacts, asked: BrowserAsk): Judged {
  const { visit } = facts;
  const cannot = visitRefusal(facts);
  if (cannot) return refuse(cannot);
  if (isTaken(visit, asked.browserHash)) return anotherBrowser(facts);
  const row = askedBy(visit, asked);
  if (!row) return { change: change(facts, { audit: [] }) };
  return {
    change: change(facts, {
      writes: [{ put: 'visit', row }],
      audit: [event(KEYTURN, chainOfReport(facts), 'visit.asked', visit.id)],
      notices: [{ about: 'visit', id: visit.id }],
    }),
  };
}

/** Its person says that the browser with this number is theirs, or that it isn't. */
export function confirmVisit(facts: VisitFacts, actor: Actor, itIsMe: boolean): Judged {
  const { visit, now } = facts;
  if (visit.person !== actor.person) return refuse({ code: 'link-not-yours' });
  const cannot = itIsMe ? visitRefusal(facts) : overRefusal(visit, now);
  if (cannot) return refuse(cannot);
  if (visit.state !== 'asked') return refuse({ code: 'link-over' });
  // Saying "that isn't me" needs nobody's phone.
  const due = itIsMe && visitFactorDue(facts);
  if (!due && actor.via === 'web') return refuse({ code: 'not-confirmed' });
  const spent = spend(facts, actor, due, browserNeeds(facts));
  if (!('writes' in spent)) return spent;
  const version = visit.version + 1;
  const expiresAt = new Date(now.getTime() + VISIT_SECONDS * 1000);
  const row: Visit = itIsMe
    ? { ...visit, state: 'confirmed', proof: spent.proof, expiresAt, version }
    : disowned(visit);
  const why = itIsMe
    ? { number: visit.number, ...provenBy(actor, spent) }
    : { why: 'the owner said: not me' };
  const what = itIsMe ? 'visit.confirmed' : 'visit.dead';
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'visit', row }],
      audit: [event(actor, chainOfReport(facts), what, visit.id, why)],
      notices: [{ about: 'visit', id: visit.id }],
    }),
  };
}

/** The browser that was let in reads, on the page or as CSV. */
export function readVisit(facts: VisitFacts, browserHash: string, how: 'page' | 'csv'): Judged {
  if (isOfSessions(facts.visit.page)) return refuse({ code: 'link-over' });
  const cannot = mayNotSee(facts, browserHash);
  if (cannot?.code === 'other-browser') return anotherBrowser(facts);
  if (cannot) return refuse(cannot);
  const said = readSaid(facts, ownerOf(facts.visit), how, { visit: facts.visit.id });
  return {
    change: change(facts, { guards: [{ noun: 'unpaused', id: facts.visit.person }], audit: [said] }),
  };
}

/** Why this browser is shown nothing more. Factors may have come to be asked for after it was let in without one. */
export function mayNotSee(facts: VisitFacts, browserHash: string): Refusal | null {
  const cannot = overRefusal(facts.visit, facts.now) ?? browserRefusal(facts.visit, browserHash);
  if (cannot) return cannot;
  if (visitFactorDue(facts) && facts.visit.proof === null) return { code: 'not-proven' };
  return whyNotRead(facts, ownerOf(facts.visit));
}

function ownerOf({ person }: Visit): Actor {
  return { person, via: 'web' };
}

/** Somebody else's browser counts as a failure of the visit. */
export function anotherBrowser(facts: VisitFacts): { readonly refused: Refusal; readonly change: Change } {
  const row = failedOnce(facts.visit);
  const isDead = row.state === 'dead';
  const data = { why: 'another browser', fails: row.fails };
  return {
    refused: { code: 'other-browser' },
    change: change(facts, {
      writes: [{ put: 'visit', row }],
      audit: [event(KEYTURN, chainOfReport(facts), isDead ? 'visit.dead' : 'visit.failed', row.id, data)],
      notices: isDead ? [{ about: 'visit', id: row.id }] : [],
    }),
  };
}

/** One browser, by its number, at one visit. */
function browserNeeds(facts: VisitFacts): Needs {
  const { visit, asked, about } = facts;
  const number = visit.number ?? '';
  return {
    act: 'visit',
    subject: { kind: 'visit', id: visit.id, version: 1 },
    terms: `${asked.report} ${about?.id ?? ''} in the browser that shows ${number}`,
    client: about?.client ?? null,
    facts: onPhone([
      ['Number on your screen', number],
      ['Report', `${asked.report} ${about?.name ?? ''}`],
      ...(about?.clientName ? ([['Client', about.clientName]] as const) : []),
    ]),
    number,
  };
}
