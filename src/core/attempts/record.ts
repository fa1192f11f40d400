/** On whose record a judgement stands: with its change where it goes through, as a refusal where it doesn't. */

import type { Change } from '../change.js';
import type { Facts } from '../facts.js';
import { type Judged, refusalOnRecord } from '../judged.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import type { Refusal } from '../refusals.js';

/** A judgement, and the id of what it makes or changes. */
export interface Attempt {
  readonly judged: Judged;
  readonly id: string;
  /** What was made is a question to the person's factor. */
  readonly asks?: true;
}

/** Puts a refusal on record, unless it brought a change of its own, or is the clock's own. */
export function onRecord(
  facts: Facts,
  actor: Actor,
  verb: string,
  chain: string,
  id: string,
  judged: Judged,
): Attempt {
  if ('change' in judged && !('refused' in judged))
    return { judged: guarded(actor, verb, judged.change), id };
  if (!('refused' in judged) || judged.change || actor.via === 'system') return { judged, id };
  // A stranger's tries are counted by the edge, not chained: nobody may grow a chain at will.
  if (!facts.directory.person(actor.person)) return { judged, id };
  const change = refusalOnRecord(facts, actor, chain, { verb, subject: id }, judged.refused);
  return { judged: { refused: judged.refused, change }, id };
}

/** Somebody may be paused between the judging and the commit; what lessens access goes on. */
function guarded(actor: Actor, verb: string, change: Change): Judged {
  const lessens = verb === 'return' || verb === 'cancel' || actor.via === 'system';
  if (lessens) return { change };
  return { change: { ...change, guards: [...change.guards, { noun: 'unpaused', id: actor.person }] } };
}

/** Somebody tries ids. On record in the operator's chain, without what they typed: it may be another client's. */
export async function unknown(ports: Ports, actor: Actor, verb: string, refused: Refusal): Promise<Attempt> {
  const facts = await ports.store.accountFacts('', '');
  return onRecord(facts, actor, verb, 'operator', 'an unknown id', { refused });
}
