/** Reports: who may read what. The one rule, for every entrance; and every reading on record. */

import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Write } from './change.js';
import type { Facts, ReportFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor, Person } from './people.js';
import type { Needs } from './proof.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import type { FreshLink } from './reveal.js';
import type { VisitPage } from './visit.js';
import { type ReadingOf, unopenedVisit } from './visit-open.js';

/** What a report is about, still here or gone. */
export interface ReportSubject {
  /** `acme/front-desk`, a person's id, a client's or a sweep's. */
  readonly id: string;
  /** As people call it; of a sweep, the person's name. */
  readonly name: string;
  /** The client it belongs to; null for the operator's own people. */
  readonly client: string | null;
  readonly clientName: string | null;
}

export type ReportCommand =
  /** `card`: what its button makes a link of, later. */
  | ({
      readonly verb: 'read-report';
      readonly how: 'card' | 'terminal';
      readonly card?: FreshLink;
    } & VisitPage)
  /** A link to the whole of it: of a card's visit, or of a sweep's result. */
  | { readonly verb: 'open-visit'; readonly of: string; readonly link: FreshLink }
  | ({ readonly verb: 'export-audit' } & AuditSpan);

/** Which events: of one chain or all, on these local days. */
export interface AuditSpan {
  readonly chain: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** A day of the calendar, `2026-11-23`. */
export function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  if (!/^2\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** What is no day among these; null where all are. */
export function badDay(days: Pick<VisitPage, 'from' | 'to'>): Refusal | null {
  const bad = [days.from, days.to].find((day) => day !== null && !isDay(day));
  return typeof bad === 'string' ? { code: 'bad-day', typed: bad.slice(0, 40) } : null;
}

/**
 * Why this person may not read it; null where they may. Leads and auditors read everything; whoever approves for a
 * client reads that client and its accounts; everybody else on the staff reads what is on record of themselves. What
 * isn't theirs and what doesn't exist sound the same, but to those who may read everything.
 */
export function whyNotRead(facts: ReportFacts, reader: Actor): Refusal | null {
  const { asked, about, from, to } = facts;
  const who = readerOf(facts, reader);
  if ('code' in who) return who;
  if (readsAll(who)) {
    if (about === null) return { code: 'unknown-report', typed: asked.subject.slice(0, 80) };
  } else if (about === null || !isTheirs(who, facts, about)) return { code: 'may-not-report' };
  return from > to ? { code: 'bad-span', from, to } : null;
}

function readerOf(facts: Facts, { person }: Actor): Person | Refusal {
  const who = facts.directory.person(person);
  if (!who) return { code: 'nobody' };
  return facts.paused.includes(who.id) ? { code: 'paused' } : who;
}

function readsAll({ kind, tier, role }: Person): boolean {
  return kind === 'staff' && (tier === 'lead' || role === 'auditor');
}

function isTheirs(who: Person, { asked: { report } }: ReportFacts, about: ReportSubject): boolean {
  if (who.kind === 'staff') return (report === 'person' || report === 'sessions') && about.id === who.id;
  const ofClient = report === 'client' || report === 'account';
  return ofClient && who.approves === true && who.client !== undefined && about.client === who.client;
}

/** In whose chain a reading stands. */
export function chainOfReport({ about }: ReportFacts): string {
  return about?.client ?? 'operator';
}

/** Reads it in chat or at a terminal, where a factor says who sits there. */
export function readReport(
  facts: ReportFacts,
  actor: Actor,
  { how, card, ...page }: Extract<ReportCommand, { verb: 'read-report' }>,
): Judged {
  const cannot = badDay(page) ?? whyNotRead(facts, actor);
  if (cannot) return refuse(cannot);
  const spent = spend(facts, actor, dueAtTerminal(facts, actor), terminalNeeds(facts));
  if (!('writes' in spent)) return spent;
  const writes: Write[] = card ? [unopenedVisit(facts, actor, card)] : [];
  return {
    change: change(facts, {
      writes: [...spent.writes, ...writes],
      audit: [readSaid(facts, actor, how, provenBy(actor, spent))],
    }),
  };
}

/** That it was read, in the chain of those whom it concerns. */
export function readSaid(facts: ReportFacts, actor: Actor, how: ReadingOf, more: object = {}) {
  const { asked, about, from, to } = facts;
  const data = { report: asked.report, subject: about?.id, from, to, how, ...more };
  return event(actor, chainOfReport(facts), 'report.read', about?.id ?? 'a report', data);
}

/** Whether a factor has to say who sits at the terminal: nothing else vouches for them. */
function dueAtTerminal({ offers }: Facts, { via }: Actor): boolean {
  return via === 'cli' && offers.factors.length > 0;
}

function terminalNeeds(facts: ReportFacts): Needs {
  const { asked, about, from, to } = facts;
  const title = `${asked.report} ${about?.name ?? ''}`;
  return {
    act: 'visit',
    subject: { kind: 'visit', id: 'terminal', version: 1 },
    terms: `report ${asked.report} ${about?.id} ${from} ${to}`,
    client: about?.client ?? null,
    facts: onPhone([
      ['Report', title],
      ['Days', `${from} to ${to}`],
    ]),
  };
}

/** Leads and auditors take the trail, or one chain of it, elsewhere. */
export function exportAudit(facts: ReportFacts, actor: Actor, span: AuditSpan): Judged {
  const who = readerOf(facts, actor);
  if ('code' in who) return refuse(who);
  if (!readsAll(who)) return refuse({ code: 'may-not-report' });
  const bad = badDay(span);
  if (bad) return refuse(bad);
  const { from, to, about } = facts;
  if (from > to) return refuse({ code: 'bad-span', from, to });
  if (span.chain !== null && span.chain !== 'operator' && about === null)
    return refuse({ code: 'unknown-report', typed: span.chain.slice(0, 80) });
  const chain = span.chain ?? 'every chain';
  const days = `${span.from ?? 'the first day'} to ${span.to ?? 'now'}`;
  const needs: Needs = {
    act: 'export-audit',
    subject: { kind: 'audit', id: chain, version: 1 },
    terms: `export ${chain} ${days}`,
    client: null,
    facts: onPhone([
      ['Audit trail', chain],
      ['Days', days],
    ]),
  };
  const spent = spend(facts, actor, dueAtTerminal(facts, actor), needs);
  if (!('writes' in spent)) return spent;
  const data = { chain: span.chain, from: span.from, to: span.to, ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: spent.writes,
      audit: [event(actor, 'operator', 'audit.exported', chain, data)],
    }),
  };
}
