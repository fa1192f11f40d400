/** What each step of a proof writes, puts on record and makes out of date. */

import { event } from './audit.js';
import type { Notice } from './change.js';
import type { Facts } from './facts.js';
import { change } from './judged.js';
import { actorOf, chainOf, type Proof } from './proof.js';

type End = 'denied' | 'fraud' | 'timeout' | 'failed';

/** The same proof, come to nothing. */
export function ended(facts: Facts, proof: Proof, state: End): Proof & { readonly state: End } {
  return { ...proof, state, settledAt: facts.now, version: proof.version + 1 };
}

/** What is on record of a proof that came to nothing. */
export function endSaid(row: Proof & { readonly state: End }) {
  const why = row.failure === null ? {} : { why: row.failure };
  const data = { proof: row.id, act: row.act, ...why };
  return event(actorOf(row), chainOf(row), `proof.${row.state}`, row.subjectId, data);
}

/** A proof as it is from here on, with everybody's work and cards that it changes. */
export function kept(facts: Facts, row: Proof, audit: Parameters<typeof change>[1]['audit'] = []) {
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit, notices: noticesOf(row) }) };
}

/** The work that a factor makes, the person's own card, and the card that says who is confirming. */
export function noticesOf(proof: Proof): Notice[] {
  const { id, state } = proof;
  // What was allowed is not done yet: the card says so when it is, or why it can't be.
  const own: Notice[] = [
    { about: 'proof', id },
    ...(state === 'allowed' ? [] : [{ about: 'confirm', id } as const]),
  ];
  return proof.subjectKind === 'request' ? [...own, { about: 'request', id: proof.subjectId }] : own;
}
