/** Reports in a chat: the short of it as a card, and a link to the whole for one's own browser. */

import { reportCard, visitWayCard } from '../core/cards/report-card.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { VisitPage } from '../core/visit.js';
import type { Desk, Reply } from './act.js';
import { refusalReply } from './outcome.js';

/** More than a card shows, so that it can say how many there are besides. */
const NEWEST = 5;

export async function report(desk: Desk, actor: Actor, page: VisitPage): Promise<Reply> {
  const { id, tokenHash } = desk.freshLink('report');
  const command = { verb: 'read-report', how: 'card', card: { id, tokenHash }, ...page } as const;
  const outcome = await perform(desk.ports, actor, command);
  const facts = 'done' in outcome ? await desk.ports.store.visitFacts({ id }) : null;
  if (!facts) return refusalReply(desk, outcome, '');
  return { card: reportCard(facts, await desk.report(facts, NEWEST), id) };
}

/** @param of a card's own visit, a sweep, or `sessions`: what was recorded of them. */
export async function visitWay(desk: Desk, actor: Actor, of: string): Promise<Reply> {
  const { url, ...link } = desk.freshLink(of === 'sessions' ? 'sessions' : 'report');
  const outcome = await perform(desk.ports, actor, { verb: 'open-visit', of, link });
  const facts = 'done' in outcome ? await desk.ports.store.visitFacts({ id: link.id }) : null;
  return facts ? { card: visitWayCard(facts, url) } : refusalReply(desk, outcome, of);
}
