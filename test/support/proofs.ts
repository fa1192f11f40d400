/** Proofs and what is known of their person, without a database. Times are seconds after a fixed instant. */

import { Directory } from '../../src/core/directory.js';
import type { PersonFacts, ProofFacts } from '../../src/core/facts.js';
import type { Proof } from '../../src/core/proof.js';
import { CAST } from '../fixtures/cast.js';
import { OFFERS } from './house.js';

const BEGIN = Date.parse('2026-11-23T14:00:00Z');

export const second = (n: number) => new Date(BEGIN + n * 1000);

/** The cast, each called by their first name. */
export const DIRECTORY = new Directory({
  ...CAST,
  version: 1,
  timezone: 'UTC',
  operator: 'Northwind IT',
  people: CAST.people.map((p) => ({ ...p, id: p.name.split(' ')[0] as string })),
  policies: CAST.policies.map((p) => ({ ...p, version: 1 })),
});

/** Lena's, of her approval of one request for an hour; nobody was reached yet. */
export function proofWith(more: Partial<Proof> = {}): Proof {
  return {
    id: 'C-000000000001',
    person: 'Lena',
    act: 'approve',
    subjectKind: 'request',
    subjectId: 'R-8F3KQ2',
    subjectVersion: 1,
    terms: '3600 seconds',
    client: 'acme',
    facts: [['Client', 'Acme Dental']],
    number: null,
    command: null,
    via: 'slack',
    identity: null,
    state: 'asked',
    method: null,
    wish: null,
    txid: null,
    code: null,
    stateHash: null,
    sends: 0,
    fails: 0,
    evidence: null,
    failure: null,
    said: null,
    askedAt: second(0),
    pushedAt: null,
    promptedAt: null,
    expiresAt: second(300),
    settledAt: null,
    version: 1,
    ...more,
  };
}

/** What is known of Lena so many seconds in. */
export function lenasFacts(now: number, more: Partial<PersonFacts> = {}): PersonFacts {
  return {
    now: second(now),
    directory: DIRECTORY,
    offers: { ...OFFERS, factors: ['duo_push', 'totp'] },
    paused: [],
    person: 'Lena',
    proofs: [],
    factors: [],
    sshKeys: [],
    identities: [],
    alertKeys: [],
    isUnproven: false,
    ...more,
  };
}

/** One of her proofs among the others. */
export function onProof(proof: Proof, now: number, others: readonly Proof[] = []): ProofFacts {
  return { ...lenasFacts(now, { proofs: [...others, proof] }), proof };
}
