/** What concerns one person now: Slack's Home tab and the answer to `home` in any chat are made of the same cards. */

import type { Card } from '../core/cards/card.js';
import { homeCards, MOST_AT_HOME } from '../core/cards/home-card.js';
import type { Item } from '../core/cards/lists.js';
import { whoMayDecide } from '../core/decide.js';
import type { RequestFacts } from '../core/facts.js';
import { isLive } from '../core/grant.js';
import type { Actor } from '../core/people.js';
import type { Desk } from './act.js';

export async function home(desk: Desk, actor: Actor): Promise<Card[]> {
  const { directory, now } = await desk.facts();
  const items = await desk.mine(actor.person);
  const held = items.filter(({ grant }) => grant !== null && isLive(grant, now));
  const asked = items.filter(({ request }) => request.state === 'pending' && now < request.decideBy);
  const waiting = (await desk.pending()).filter((facts) => !('refused' in whoMayDecide(facts, actor)));
  return homeCards({
    directory,
    mayAsk: directory.person(actor.person)?.role !== 'auditor',
    held: await wholeOf(desk, held),
    asked: await wholeOf(desk, asked),
    waiting: waiting.slice(0, MOST_AT_HOME),
    counts: { held: held.length, asked: asked.length, waiting: waiting.length },
  });
}

/** The first few with all that a card says of them. */
async function wholeOf(desk: Desk, items: readonly Item[]): Promise<RequestFacts[]> {
  const first = items.slice(0, MOST_AT_HOME);
  const facts = await Promise.all(first.map(({ request }) => desk.ports.store.requestFacts(request.id)));
  return facts.flatMap((one) => (one ? [one] : []));
}
