/** Performs a command and says to the one who acted what came of it. */

import { codeForm } from '../core/cards/confirm-card.js';
import { requestCard } from '../core/cards/request-card.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { accountLine, sayDuration } from '../core/cards/words.js';
import type { Command, Outcome } from '../core/command.js';
import type { Facts } from '../core/facts.js';
import { requestIdOf } from '../core/grant.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Refusal } from '../core/refusals.js';
import type { Desk, Reply } from './act.js';

const CONFIRM =
  'Confirm it with your second factor: your phone asks, and my direct message to you has the number to type, if there is one.';

/** The digits are asked for at once where nothing but an authenticator comes first; else the card says how. */
export async function confirming(desk: Desk, proof: string, aside = CONFIRM): Promise<Reply> {
  if (desk.prover.order[0] !== 'totp') return { aside };
  await desk.prover.advance(proof);
  const facts = await desk.ports.store.proofFacts({ id: proof });
  return facts?.proof.method === 'totp' ? { form: codeForm(facts) } : { aside };
}

export async function run(desk: Desk, actor: Actor, command: Command): Promise<Reply> {
  const outcome = await perform(desk.ports, actor, command);
  if ('confirm' in outcome) return confirming(desk, outcome.confirm);
  if ('refused' in outcome) return refusalReply(desk, outcome, '');
  if (command.verb === 'rotate')
    return {
      say: `Keyturn changes the password of ${outcome.done} now, and tells you when it has read it back.`,
    };
  const isAsked = command.verb === 'ask' || command.verb === 'break-glass';
  return isAsked ? { say: await sayAsked(desk, outcome.done) } : { done: true };
}

export async function replyTo(desk: Desk, outcome: Outcome): Promise<Reply> {
  return 'refused' in outcome ? refusalReply(desk, outcome, '') : { done: true };
}

async function sayAsked(desk: Desk, id: string): Promise<string> {
  const facts = await desk.ports.store.requestFacts(id);
  const account = facts?.accountNow;
  if (!facts || !account) return `Asked: ${id}.`;
  const what = `${facts.client?.name ?? account.client}, ${accountLine(account)}, ${sayDuration(facts.request.seconds)}`;
  if (facts.grant?.state === 'provisioning')
    return `${facts.grant.id} is yours, and being set up: ${what}. You will hear here when it stands; your time starts then.`;
  return facts.grant
    ? `${facts.grant.id} is yours: ${what}.`
    : `Asked: ${id}. ${what}. You will hear here when it is decided.`;
}

/** A refusal as a sentence, with the card of what they already have where that helps. */
export async function refusalReply(desk: Desk, outcome: Outcome, typed: string): Promise<Reply> {
  const refused = 'refused' in outcome ? outcome.refused : ({ code: 'unknown-id', typed } as const);
  const has =
    refused.code === 'already-pending'
      ? refused.request
      : refused.code === 'already-holding'
        ? refused.grant
        : null;
  const facts = has === null ? null : await desk.ports.store.requestFacts(requestIdOf(has));
  const { directory } = facts ?? (await desk.facts());
  if (!facts) return { say: sayRefusal(refused, directory) };
  const card = requestCard(facts, 'requester');
  return { card: { ...card, lines: [{ said: sayRefusal(refused, directory) }, ...card.lines] } };
}

export function say(refused: Refusal, facts: Facts): Reply {
  return { say: sayRefusal(refused, facts.directory) };
}
