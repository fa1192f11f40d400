/** What concerns reading: reports, their pages, and the trail itself. */

import type { ReportFacts } from '../facts.js';
import type { Judged } from '../judged.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { badDay, exportAudit, type ReportCommand, readReport } from '../report.js';
import type { VisitPage } from '../visit.js';
import { openVisit } from '../visit-open.js';
import { type Attempt, onRecord, unknown } from './record.js';

/** A refusal stands in the operator's chain, without what was typed: it may be another client's. */
export async function attemptReport(ports: Ports, actor: Actor, command: ReportCommand): Promise<Attempt> {
  const page = await pageOf(ports, actor, command);
  if (!page) return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: '' });
  // What is no day is refused by name, and never comes to the database.
  const days = badDay(page) === null ? page : { ...page, from: null, to: null };
  const facts = await ports.store.reportFacts(days, actor.person);
  const judged = onReport(facts, actor, command);
  const made = command.verb === 'open-visit' ? command.link.id : 'a report';
  return onRecord(facts, actor, command.verb, 'operator', made, judged);
}

/** What is to be read. A button brings the id of a card's visit, which has to be one's own, or of a sweep. */
async function pageOf(ports: Ports, actor: Actor, command: ReportCommand): Promise<VisitPage | null> {
  switch (command.verb) {
    case 'read-report': {
      const { report, subject, from, to } = command;
      return { report, subject, from, to };
    }
    case 'export-audit':
      return { report: 'client', subject: command.chain ?? '', from: command.from, to: command.to };
    case 'open-visit': {
      if (command.of === 'sessions')
        return { report: 'sessions', subject: actor.person, from: null, to: null };
      if (!command.of.startsWith('W-')) return { report: 'sweep', subject: command.of, from: null, to: null };
      const visit = (await ports.store.visitFacts({ id: command.of }))?.visit;
      return visit?.person === actor.person ? visit.page : null;
    }
  }
}

function onReport(facts: ReportFacts, actor: Actor, command: ReportCommand): Judged {
  switch (command.verb) {
    case 'read-report':
      return readReport(facts, actor, command);
    case 'open-visit':
      return openVisit(facts, actor, command.link);
    case 'export-audit':
      return exportAudit(facts, actor, command);
  }
}
