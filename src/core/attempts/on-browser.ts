/** A browser that its owner vouches for in their own chat. */

import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { chainOfReport } from '../report.js';
import { confirmBrowser } from '../reveal.js';
import { confirmVisit } from '../visit-browser.js';
import { type Attempt, onRecord, unknown } from './record.js';

export async function attemptBrowser(
  ports: Ports,
  actor: Actor,
  link: string,
  itIsMe: boolean,
): Promise<Attempt> {
  const facts = await ports.store.linkFacts({ id: link });
  if (!facts) return attemptVisit(ports, actor, link, itIsMe);
  const judged = confirmBrowser(facts, actor, itIsMe);
  return onRecord(facts, actor, 'confirm-browser', facts.request.client, facts.link.id, judged);
}

/** A browser at the page of a report, rather than of a grant. */
async function attemptVisit(ports: Ports, actor: Actor, id: string, itIsMe: boolean): Promise<Attempt> {
  const facts = await ports.store.visitFacts({ id });
  if (!facts) return unknown(ports, actor, 'confirm-browser', { code: 'link-over' });
  const judged = confirmVisit(facts, actor, itIsMe);
  return onRecord(facts, actor, 'confirm-browser', chainOfReport(facts), id, judged);
}
