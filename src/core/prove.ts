/** Proving: no protected act without a proof of its own. One is asked for where none came along, and spent with the act. */

import { event } from './audit.js';
import type { Write } from './change.js';
import type { Facts, PersonFacts } from './facts.js';
import { codesLeft, coolDownUntil } from './fatigue.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import { chainOf, isOpen, isUnsettled, type Needs, PROOF_SECONDS, type Proof } from './proof.js';
import { ended, endSaid, noticesOf } from './proof-change.js';
import type { Refusal } from './refusals.js';

/** What the act writes of its proof, and what its audit event says of it. */
export interface Spent {
  readonly writes: readonly Write[];
  readonly proof: string | null;
}

/**
 * The proof of this act, spent; or what has to be proven first. Asked last, when
 * nothing else speaks against the act, so that nobody's phone rings for a refusal.
 * A proof of another person, act, subject, version or wish is none.
 */
export function spend(
  facts: Facts,
  actor: Actor,
  isDue: boolean,
  needs: Needs,
): Spent | { needs: Needs } | { refused: Refusal } {
  if (!isDue) return { writes: [], proof: null };
  const { proof } = actor;
  if (!proof) return { needs };
  const { subject } = needs;
  const fits =
    proof.person === actor.person &&
    proof.act === needs.act &&
    proof.subjectKind === subject.kind &&
    proof.subjectId === subject.id &&
    proof.subjectVersion === subject.version &&
    proof.terms === needs.terms;
  if (!fits || proof.state !== 'allowed' || facts.now >= proof.expiresAt)
    return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, state: 'spent', version: proof.version + 1 };
  return {
    writes: [{ put: 'proof', row }],
    proof: proof.id,
  };
}

/** For the audit event of an act: by which factor, and which proof. Empty where none was due. */
export function provenBy(actor: Actor, { proof }: Spent): Record<string, unknown> {
  return proof === null ? {} : { proof, factor: actor.proof?.method };
}

/** A question for the person's factor is born, or why it isn't asked now. */
export function askProof(
  facts: PersonFacts,
  actor: Actor,
  needs: Needs,
  command: Proof['command'],
  id: string,
): Judged {
  const cannot = whyNotAsk(facts, needs);
  if (cannot) return refuse(cannot);
  const row: Proof = {
    id,
    person: actor.person,
    act: needs.act,
    subjectKind: needs.subject.kind,
    subjectId: needs.subject.id,
    subjectVersion: needs.subject.version,
    terms: needs.terms,
    client: needs.client,
    facts: needs.facts,
    number: needs.number ?? null,
    command,
    via: actor.via as Proof['via'],
    identity: actor.identity ?? null,
    state: 'asked',
    method: null,
    wish: actor.wish ?? null,
    txid: null,
    code: null,
    stateHash: null,
    sends: 0,
    fails: 0,
    evidence: null,
    failure: null,
    said: null,
    askedAt: facts.now,
    pushedAt: null,
    promptedAt: null,
    expiresAt: new Date(facts.now.getTime() + PROOF_SECONDS * 1000),
    settledAt: null,
    version: 1,
  };
  // A question whose time is up, and which nobody has settled yet, gives its place away.
  const late = facts.proofs
    .filter((p) => isUnsettled(p) && !isOpen(p, facts.now))
    .map((p) => ended(facts, p, 'timeout'));
  const asked = { proof: id, act: row.act, for: row.terms };
  return {
    change: change(facts, {
      writes: [...late, row].map((one): Write => ({ put: 'proof', row: one })),
      audit: [...late.map(endSaid), event(actor, chainOf(row), 'proof.asked', row.subjectId, asked)],
      notices: [...late, row].flatMap(noticesOf),
    }),
  };
}

function whyNotAsk(facts: PersonFacts, needs: Needs): Refusal | null {
  const { now, proofs } = facts;
  const open = proofs.find((p) => isOpen(p, now));
  if (open) {
    const same = open.act === needs.act && open.subjectId === needs.subject.id && open.terms === needs.terms;
    return same
      ? { code: 'confirming-already' }
      : { code: 'confirm-first', act: open.act, subject: open.subjectId };
  }
  const coolUntil = coolDownUntil(proofs, now);
  if (coolUntil) return { code: 'cooling-down', until: coolUntil };
  return codesLeft(facts) > 0 ? null : { code: 'too-many-codes' };
}
