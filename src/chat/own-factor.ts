/** One’s own ways in, in a chat: answering for one’s factor, enrolling one, ending one, a first contact. */

import { codeForm, promptCard } from '../core/cards/confirm-card.js';
import { enrolCard } from '../core/cards/identity-card.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { pressEnrol } from '../core/enrol.js';
import { identityId } from '../core/identify.js';
import type { Actor, ChatIdentity } from '../core/people.js';
import { perform, performOnFactor } from '../core/perform.js';
import { isTurnOf } from '../core/proof.js';
import type { Act, Desk, Reply } from './act.js';
import { confirming, refusalReply, replyTo, run, say } from './outcome.js';

/** What an account may do that only an e-mail address vouches for: answer for its person's factor, or enrol one. */
export function isOwnFactor(act: Act): boolean {
  if (act.act === 'submit') return act.form === 'code';
  return act.act === 'press' && ['prompt', 'code', 'another-way', 'enrol'].includes(act.button);
}

/** First contact: the person's own factor says whether this account is theirs. */
export async function introduce(desk: Desk, actor: Actor): Promise<Reply> {
  const identity = actor.identity as ChatIdentity;
  const outcome = await perform(desk.ports, actor, { verb: 'complete-identity', identity });
  if (!('confirm' in outcome)) return 'refused' in outcome ? refusalReply(desk, outcome, '') : { done: true };
  return confirming(desk, outcome.confirm, FIRST_CONTACT);
}

const FIRST_CONTACT =
  'I haven’t met this chat account before. Confirm with your second factor that it is yours, as my direct message to you says; then send this once more.';

/** What one presses on the card that asks for one's factor. */
export async function answerFactor(
  desk: Desk,
  actor: Actor,
  button: 'prompt' | 'code' | 'another-way',
  id: string,
): Promise<Reply> {
  const facts = await desk.ports.store.proofFacts({ id });
  if (!facts || facts.proof.person !== actor.person)
    return say({ code: 'confirm-not-yours' }, await desk.facts());
  if (button === 'code')
    return isTurnOf(facts.proof, 'totp', facts.now)
      ? { form: codeForm(facts) }
      : say({ code: 'proof-stale' }, facts);
  if (button === 'another-way') return replyTo(desk, await desk.prover.another(actor, id));
  const prompt = await desk.prover.prompt(actor, id);
  return 'url' in prompt ? { card: promptCard(facts, prompt.url) } : say(prompt.refused, facts);
}

/** The address of the page on which an authenticator is enrolled, for its person alone. */
export async function enrolPage(desk: Desk, actor: Actor, factor: string): Promise<Reply> {
  const { identities } = await desk.ports.store.personFacts(actor.person);
  // An account that only an e-mail vouches for enrols nothing beside one that is proven.
  if (actor.met && identities.some((i) => i.provenAt !== null))
    return say({ code: 'link-first' }, await desk.facts());
  const { url, tokenHash } = desk.freshLink('enrol');
  const outcome = await performOnFactor(desk.ports, { id: factor }, (facts) =>
    pressEnrol(facts, actor.person, tokenHash),
  );
  return 'done' in outcome ? { card: enrolCard(url) } : replyTo(desk, outcome);
}

export async function letEnrol(desk: Desk, actor: Actor, email: string): Promise<Reply> {
  const facts = await desk.facts();
  // Before any name is looked up: whether somebody is known here is nobody's business but the leads'.
  if (!facts.directory.isLead(actor.person)) return say({ code: 'leads-only' }, facts);
  const person = facts.directory.byEmail(email);
  if (!person) return say({ code: 'unknown-person', typed: email }, facts);
  const command = { verb: 'offer-factor', person: person.id, factor: desk.ports.fresh.factorId() } as const;
  return run(desk, actor, command);
}

export async function endChat(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const { identities } = await desk.ports.store.personFacts(actor.person);
  const identity = identities.find((i) => identityId(i) === id);
  if (!identity) return say({ code: 'identity-ended' }, await desk.facts());
  const { platform, workspace, userId } = identity;
  return run(desk, actor, { verb: 'end-identity', identity: { platform, workspace, userId } });
}

export async function answerCode(desk: Desk, actor: Actor, id: string, code: string): Promise<Reply> {
  const outcome = await desk.prover.enterCode(actor, id, code);
  if (!('refused' in outcome)) return { done: true };
  const { directory } = await desk.facts();
  const sentence = sayRefusal(outcome.refused, directory);
  // A code can be typed again where it stands; for everything else the window has done its work.
  return outcome.refused.code === 'wrong-code' ? { errors: { code: sentence } } : { say: sentence };
}
