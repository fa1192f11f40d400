/** A client's contact answers an asking for a one-time code. */

import { giveCode } from '../codes.js';
import type { Command } from '../command.js';
import { mayKnowOf } from '../may-know.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { type Attempt, onRecord, unknown } from './record.js';

/** `done` is the asking. To another client's people it isn't there. */
export async function attemptGiveCode(
  ports: Ports,
  actor: Actor,
  command: Extract<Command, { verb: 'give-code' }>,
): Promise<Attempt> {
  const facts = await ports.store.linkFacts({ ask: command.ask });
  const ask = facts?.codeAsks.find(({ id }) => id === command.ask);
  if (!facts || !ask || !mayKnowOf(facts, actor))
    return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: command.ask });
  const judged = giveCode(facts, ask, actor, command.sealed);
  return onRecord(facts, actor, command.verb, facts.request.client, facts.link.grant, judged);
}
