/** What concerns a request or the grant that it became. */

import { cancel, lapse } from '../ask.js';
import type { Command } from '../command.js';
import { pressConnect } from '../connect.js';
import { approve, deny } from '../decide.js';
import { escalate } from '../escalate.js';
import { extend } from '../extend.js';
import type { RequestFacts } from '../facts.js';
import { requestIdOf } from '../grant.js';
import type { Judged } from '../judged.js';
import { mayKnowOf } from '../may-know.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { pressReveal } from '../reveal.js';
import { allowGlass, remindOfReview, review } from '../review-glass.js';
import { expire, giveBack, pressNewSecret, revoke } from '../revoke.js';
import { showAtTerminal } from '../show-at-terminal.js';
import { type Attempt, onRecord, unknown } from './record.js';

export type OnRequest = Extract<
  Command,
  {
    verb:
      | 'approve'
      | 'deny'
      | 'cancel'
      | 'lapse'
      | 'escalate'
      | 'return'
      | 'expire'
      | 'revoke'
      | 'press-reveal'
      | 'press-connect'
      | 'press-new-secret'
      | 'allow-glass'
      | 'remind-review'
      | 'show-at-terminal';
  }
>;

/** `done` is the request, or the showing that was made of it. */
export async function attemptOnRequest(ports: Ports, actor: Actor, command: OnRequest): Promise<Attempt> {
  const facts = await ports.store.requestFacts(requestIdOf(command.id));
  if (!facts || !mayKnowOf(facts, actor))
    return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: command.id });
  const judged = onRequest(ports, facts, actor, command);
  const attempted = onRecord(facts, actor, command.verb, facts.request.client, facts.request.id, judged);
  const made = 'change' in judged ? judged.change?.writes.find((w) => w.put === 'exposure') : undefined;
  return made?.put === 'exposure' ? { ...attempted, id: made.row.id } : attempted;
}

function onRequest(ports: Ports, facts: RequestFacts, actor: Actor, command: OnRequest): Judged {
  switch (command.verb) {
    case 'allow-glass':
      return allowGlass(facts, actor, ports.fresh.alertId());
    case 'remind-review':
      return remindOfReview(facts, actor);
    case 'show-at-terminal':
      return showAtTerminal(facts, actor, ports.fresh.exposureId());
    case 'approve':
      return approve(facts, actor, command.seconds);
    case 'deny':
      return deny(facts, actor, command.reason);
    case 'cancel':
      return cancel(facts, actor);
    case 'lapse':
      return lapse(facts, actor);
    case 'escalate':
      return escalate(facts, actor);
    case 'return':
      return giveBack(facts, actor);
    case 'expire':
      return expire(facts, actor);
    case 'revoke':
      return revoke(facts, actor, command.reason);
    case 'press-reveal':
      return pressReveal(facts, actor, command.link);
    case 'press-connect':
      return pressConnect(facts, actor, command.ticket);
    case 'press-new-secret':
      return pressNewSecret(facts, actor, command.link);
  }
}

export async function attemptReview(
  ports: Ports,
  actor: Actor,
  command: Extract<Command, { verb: 'review' }>,
): Promise<Attempt> {
  const facts = await ports.store.reviewFacts(requestIdOf(command.id));
  if (!facts || !mayKnowOf(facts, actor))
    return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: command.id });
  const judged = review(facts, actor, command, ports.fresh.alertId());
  return onRecord(facts, actor, command.verb, facts.request.client, facts.request.id, judged);
}

export async function attemptExtend(
  ports: Ports,
  actor: Actor,
  command: Extract<Command, { verb: 'extend' }>,
): Promise<Attempt> {
  const facts = await ports.store.requestFacts(requestIdOf(command.id));
  if (!facts || !mayKnowOf(facts, actor))
    return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: command.id });
  const id = ports.fresh.requestId();
  const judged = extend(facts, actor, command, id);
  return { ...onRecord(facts, actor, command.verb, facts.request.client, facts.request.id, judged), id };
}
