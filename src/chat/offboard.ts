/** Offboarding in a chat: the preview with its question, what is made of the answer, and the card of a sweep. */

import { sweepCard } from '../core/cards/sweep-card.js';
import { offboardForm } from '../core/cards/sweep-preview.js';
import type { SweepFacts } from '../core/facts.js';
import { whyNotOffboard } from '../core/offboard.js';
import { named } from '../core/offboard-rules.js';
import type { Actor, PersonId } from '../core/people.js';
import type { Refusal } from '../core/refusals.js';
import type { Desk, Reply, Values } from './act.js';
import { run, say } from './outcome.js';

/** Typed: an e-mail address or a whole name. */
export async function letOffboard(desk: Desk, actor: Actor, who: string): Promise<Reply> {
  const facts = await desk.facts();
  // Before any name is looked up: whether somebody is known here is nobody's business but the leads'.
  if (!facts.directory.isLead(actor.person)) return say({ code: 'leads-only' }, facts);
  const found = named(facts.directory, who);
  return 'refused' in found ? say(found.refused, facts) : openOffboard(desk, actor, found.id);
}

/** The form, of a person or of a sweep that waits; where another lead has said who takes over, there is nothing to ask. */
export async function openOffboard(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const base = await desk.facts();
  if (!base.directory.isLead(actor.person)) return say({ code: 'leads-only' }, base);
  const facts = await sweepFactsOf(desk, id);
  if (!facts) return say(unknown(id), base);
  const cannot = whyNotOffboard(facts, actor);
  if (cannot) return say(cannot, facts);
  const { sweep } = facts;
  const isSecond = sweep !== null && sweep.proposer !== null && sweep.proposer !== actor.person;
  return isSecond ? run(desk, actor, { verb: 'confirm-sweep', id: sweep.id }) : { form: offboardForm(facts) };
}

/** What the form was sent with. */
export async function answerOffboard(desk: Desk, actor: Actor, id: string, { heir }: Values): Promise<Reply> {
  const wanted = (heir ?? null) as PersonId | null;
  const reply = await run(
    desk,
    actor,
    isSweep(id)
      ? { verb: 'confirm-sweep', id, heir: wanted }
      : { verb: 'offboard', person: id as PersonId, heir: wanted },
  );
  return 'say' in reply ? { errors: { heir: reply.say } } : reply;
}

/** A sweep's card, for a lead. */
export async function showSweep(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const base = await desk.facts();
  if (!base.directory.isLead(actor.person)) return say({ code: 'leads-only' }, base);
  const story = await desk.ports.store.sweepStory(id);
  return story ? { card: sweepCard(story, actor.person) } : say(unknown(id), base);
}

export function isSweep(id: string): boolean {
  return /^S-[0-9A-Z]{6}$/i.test(id);
}

function sweepFactsOf(desk: Desk, id: string): Promise<SweepFacts | null> {
  return desk.ports.store.sweepFacts(isSweep(id) ? { sweep: id } : { person: id as PersonId });
}

function unknown(id: string): Refusal {
  return isSweep(id) ? { code: 'unknown-id', typed: id } : { code: 'unknown-person', typed: id };
}
