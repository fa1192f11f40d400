/** What concerns one session. */

import { mayKnowOf } from '../may-know.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import { askEnd } from '../session-end.js';
import { type Attempt, onRecord, unknown } from './record.js';

/** `done` is the session. */
export async function attemptEndSession(ports: Ports, actor: Actor, id: string): Promise<Attempt> {
  const facts = await ports.store.sessionFacts(id);
  if (!facts || !mayKnowOf(facts, actor))
    return unknown(ports, actor, 'end-session', { code: 'unknown-id', typed: id });
  const judged = askEnd(facts, actor);
  return onRecord(facts, actor, 'end-session', facts.session.client, facts.session.id, judged);
}
