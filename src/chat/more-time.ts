/** Extending, in a chat: the small form that asks how long and why, and what came of it. */

import { extendForm } from '../core/cards/extend-form.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { sayDuration, sayTime } from '../core/cards/words.js';
import { whyNotExtend } from '../core/extend.js';
import { requestIdOf } from '../core/grant.js';
import { mayKnowOf } from '../core/may-know.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Typed } from '../core/words.js';
import type { Desk, Reply, Values } from './act.js';
import { refusalReply, say } from './outcome.js';

/** The form, or why there is none. @param seconds what was typed already. */
export async function askMore(desk: Desk, actor: Actor, id: string, seconds?: number): Promise<Reply> {
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts || !mayKnowOf(facts, actor)) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const cannot = whyNotExtend(facts, actor);
  return cannot ? refusalReply(desk, { refused: cannot }, id) : { form: extendForm(facts, seconds) };
}

/** `extend <id> <duration> [<reason…>]`: without a reason the form asks for it. */
export async function extendTyped(
  desk: Desk,
  actor: Actor,
  { id, seconds, badDuration, reason }: Extract<Typed, { word: 'extend' }>,
): Promise<Reply> {
  if (badDuration) return { say: 'Write the time like 30m, 1h or 1h30m, after the id.' };
  if (seconds === null || reason === '') return askMore(desk, actor, id, seconds ?? undefined);
  const outcome = await perform(desk.ports, actor, { verb: 'extend', id, seconds, reason });
  return 'done' in outcome ? { say: await sayMore(desk, outcome.done) } : refusalReply(desk, outcome, id);
}

/** What was sent with the form. */
export async function answerMore(desk: Desk, actor: Actor, id: string, values: Values): Promise<Reply> {
  const { long = '', why = '' } = values;
  const seconds = /^\d{1,9}$/.test(long) ? Number(long) : Number.NaN;
  const outcome = await perform(desk.ports, actor, { verb: 'extend', id, seconds, reason: why });
  if (!('refused' in outcome)) return { done: true };
  const { directory } = await desk.facts();
  const { code } = outcome.refused;
  const field = code === 'bad-duration' || code === 'beyond-total' ? 'long' : 'why';
  return { errors: { [field]: sayRefusal(outcome.refused, directory) } };
}

async function sayMore(desk: Desk, id: string): Promise<string> {
  const facts = await desk.ports.store.requestFacts(id);
  if (!facts?.grant?.endsAt) return `Asked: ${id}.`;
  const { request, grant, directory, now } = facts;
  const until = sayTime(grant.endsAt as Date, directory, now);
  return request.state === 'approved'
    ? `${grant.id} is yours until ${until}.`
    : `Asked: ${id}, ${sayDuration(request.seconds)} more of ${grant.id}. Until it is approved, that ends ${until} as before.`;
}
