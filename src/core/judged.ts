/** What every verb answers: a change to commit, or a refusal. */

import { type AuditEvent, event } from './audit.js';
import type { Change, Guard, Notice, Write } from './change.js';
import type { Facts } from './facts.js';
import type { Actor, Person } from './people.js';
import type { Needs } from './proof.js';
import type { Refusal } from './refusals.js';

/** A refusal may carry a change of its own: a failed attempt that counts. */
export type Judged =
  | { readonly change: Change }
  | { readonly refused: Refusal; readonly change?: Change }
  /** Nothing speaks against it but that it has to be proven first. */
  | { readonly needs: Needs };

interface Parts {
  readonly guards?: readonly Guard[];
  readonly writes?: readonly Write[];
  readonly audit: readonly AuditEvent[];
  readonly notices?: readonly Notice[];
  readonly alone?: true;
  readonly tombstone?: NonNullable<Change['tombstone']>;
}

export function change(facts: Facts, parts: Parts): Change {
  return { directory: facts.directory.version, guards: [], writes: [], notices: [], ...parts };
}

export function refuse(refused: Refusal): { readonly refused: Refusal } {
  return { refused };
}

/** The actor as a person of the present directory, who isn't an auditor. Every verb that acts begins here. */
export function whoActs(facts: Facts, actor: Actor): { person: Person } | { refused: Refusal } {
  const who = whoHandsBack(facts, actor);
  if ('refused' in who) return who;
  return facts.paused.includes(who.person.id) ? refuse({ code: 'paused' }) : who;
}

/** The same for what only lessens access: a paused person may still hand back. */
export function whoHandsBack(facts: Facts, actor: Actor): { person: Person } | { refused: Refusal } {
  const person = facts.directory.person(actor.person);
  if (!person) return refuse({ code: 'nobody' });
  if (person.role === 'auditor') return refuse({ code: 'auditor' });
  return { person };
}

/** The record of a "no" said to a known person: an audit row and nothing else. */
export function refusalOnRecord(
  facts: Facts,
  actor: Actor,
  chain: string,
  attempt: { verb: string; subject: string },
  refused: Refusal,
): Change {
  const data = { verb: attempt.verb, because: refused.code };
  return change(facts, { audit: [event(actor, chain, 'act.refused', attempt.subject, data)] });
}
