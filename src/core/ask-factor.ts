/** Asking a factor: which is next, that it is asked, and that its person wants another. */

import { event } from './audit.js';
import { activeFactor } from './factor.js';
import type { ProofFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import {
  chainOf,
  isTurnOf,
  LONGEST_QUESTION_SECONDS,
  type Method,
  PROOF_SECONDS,
  type Proof,
  type ProofFailure,
  PUSH_SECONDS,
} from './proof.js';
import { failureAlert } from './proof-alerts.js';
import { kept } from './proof-change.js';

/** The factors that may be tried next, in order: the wish first, and without those that turned out not to be theirs. */
export function methodsFor(
  { proof, factors }: ProofFacts,
  order: readonly Method[],
  notTheirs: readonly Method[],
): Method[] {
  const theirs = order.filter((m) => !notTheirs.includes(m) && (m !== 'totp' || activeFactor(factors)));
  const { wish } = proof;
  if (wish === null) return theirs;
  return theirs.includes(wish) ? [wish] : [];
}

/** The next factor after the present one (or after the one that they wait for), or null where the person has no other. */
export function anotherMethod(facts: ProofFacts, order: readonly Method[]): Method | null {
  const all = methodsFor({ ...facts, proof: { ...facts.proof, wish: null } }, order, []);
  const present = facts.proof.method ?? facts.proof.wish ?? all[0];
  const next = all[(all.indexOf(present as Method) + 1) % all.length];
  return next === undefined || next === present ? null : next;
}

/** A push is about to go out. Written first: whoever finds it so sends at most one more. */
export function sending({ proof, ...facts }: ProofFacts): Judged {
  if (proof.state !== 'asked' || facts.now >= proof.expiresAt) return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, sends: proof.sends + 1, pushedAt: facts.now, version: proof.version + 1 };
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit: [] }) };
}

/** It is the person's turn, by this factor. */
export function waiting(
  { proof, ...facts }: ProofFacts,
  method: Method,
  push: { readonly txid: string; readonly code: string | null } | null,
): Judged {
  if (proof.state !== 'asked') return refuse({ code: 'proof-stale' });
  const seconds = push ? PUSH_SECONDS : PROOF_SECONDS;
  const row: Proof = {
    ...proof,
    ...(push ?? { code: null }),
    method,
    wish: null,
    state: 'waiting',
    expiresAt: expiryOf(proof, facts.now, seconds),
    version: proof.version + 1,
  };
  return kept(facts, row);
}

/**
 * The same, because no push could be had. Where Duo said so, no phone rang, and none
 * has to be waited for; where Duo was away, the leads hear of it although it goes on.
 */
export function insteadOfPush(
  { proof, ...facts }: ProofFacts,
  method: Method,
  failure: ProofFailure,
  alertId: string,
): Judged {
  const none = failure === 'not-enrolled' || failure === 'no-push';
  const unrung = none ? { ...proof, pushedAt: null } : proof;
  const judged = waiting({ ...facts, proof: unrung }, method, null);
  const alert = none ? null : failureAlert({ ...facts, proof }, failure, alertId);
  if (!('change' in judged) || !judged.change || !alert) return judged;
  const { change: made } = judged;
  return {
    change: {
      ...made,
      writes: [...made.writes, { put: 'alert', row: alert }],
      notices: [...made.notices, { about: 'alert', id: alert.id }],
    },
  };
}

/** Another way gives more time, but no question is open for longer than a while in all. */
function expiryOf({ askedAt }: Proof, now: Date, seconds: number): Date {
  const last = askedAt.getTime() + LONGEST_QUESTION_SECONDS * 1000;
  return new Date(Math.min(now.getTime() + seconds * 1000, last));
}

/** Duo told the code of a verified push only now. */
export function codeTold({ proof, ...facts }: ProofFacts, code: string): Judged {
  if (proof.state !== 'waiting' || proof.code === code) return refuse({ code: 'proof-stale' });
  return kept(facts, { ...proof, code, version: proof.version + 1 });
}

/** The person is sent to Duo's own page; the newest address alone counts. */
export function prompted({ proof, ...facts }: ProofFacts, actor: Actor, stateHash: string): Judged {
  if (proof.person !== actor.person) return refuse({ code: 'confirm-not-yours' });
  if (!isTurnOf(proof, 'duo_universal', facts.now)) return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, stateHash, promptedAt: facts.now, version: proof.version + 1 };
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit: [] }) };
}

/** The person wants to be asked by another factor. What the first one says from here on counts for nothing. */
export function another({ proof, ...facts }: ProofFacts, actor: Actor, method: Method): Judged {
  if (proof.person !== actor.person) return refuse({ code: 'confirm-not-yours' });
  const open = proof.state === 'waiting' || proof.state === 'asked';
  if (!open || facts.now >= proof.expiresAt) return refuse({ code: 'proof-stale' });
  const row: Proof = {
    ...proof,
    state: 'asked',
    method: null,
    wish: method,
    // A push can't be called back: it approves nothing any more, and a report of it is still heard.
    code: null,
    stateHash: null,
    sends: 0,
    expiresAt: expiryOf(proof, facts.now, PROOF_SECONDS),
    version: proof.version + 1,
  };
  return kept(facts, row, [
    event(actor, chainOf(proof), 'proof.another', proof.subjectId, { proof: proof.id, factor: method }),
  ]);
}
