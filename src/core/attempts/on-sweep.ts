/** What concerns somebody's leaving. */

import type { Command } from '../command.js';
import { leave } from '../leave.js';
import { dropSweep, finishSweep, offboard, type SweepCommand } from '../offboard.js';
import type { Actor } from '../people.js';
import type { Ports } from '../ports.js';
import type { Refusal } from '../refusals.js';
import { type Attempt, onRecord, unknown } from './record.js';

/** `done` is the sweep. Whether there is such a person or sweep is nobody's business but the leads'. */
export async function attemptSweep(ports: Ports, actor: Actor, command: SweepCommand): Promise<Attempt> {
  const { verb } = command;
  const base = await ports.store.accountFacts('', '');
  if (!base.directory.isLead(actor.person))
    return onRecord(base, actor, verb, 'operator', 'an offboarding', { refused: { code: 'leads-only' } });
  const by = 'person' in command ? { person: command.person } : { sweep: command.id };
  const facts = await ports.store.sweepFacts(by);
  if (!facts) {
    const refused: Refusal =
      'person' in command
        ? { code: 'unknown-person', typed: command.person }
        : { code: 'unknown-id', typed: command.id };
    return unknown(ports, actor, verb, refused);
  }
  const id = facts.sweep?.id ?? ports.fresh.sweepId();
  const judged = verb === 'drop-sweep' ? dropSweep(facts, actor) : offboard(facts, actor, command.heir, id);
  return { ...onRecord(facts, actor, verb, facts.client ?? 'operator', facts.person, judged), id };
}

/** Keyturn's own: a chat says that somebody has left. */
export async function attemptLeave(
  ports: Ports,
  actor: Actor,
  command: Extract<Command, { verb: 'leave' }>,
): Promise<Attempt> {
  const facts = await ports.store.sweepFacts({ person: command.person });
  if (!facts) return { judged: { refused: { code: 'identity-ended' } }, id: '' };
  const id = ports.fresh.sweepId();
  const judged = leave(facts, actor, command, id);
  return onRecord(facts, actor, command.verb, facts.client ?? 'operator', id, judged);
}

/** Keyturn's own: what a sweep waited for is done. */
export async function attemptFinish(ports: Ports, actor: Actor, id: string): Promise<Attempt> {
  const facts = await ports.store.sweepStory(id);
  if (!facts) return { judged: { refused: { code: 'settled-already' } }, id };
  return onRecord(facts, actor, 'finish-sweep', facts.client ?? 'operator', id, finishSweep(facts, actor));
}
