import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { another, anotherMethod, methodsFor } from '../../src/core/ask-factor.js';
import type { Factor } from '../../src/core/factor.js';
import type { Actor } from '../../src/core/people.js';
import type { Method, Needs, Proof, ProofState } from '../../src/core/proof.js';
import { askProof, provenBy, spend } from '../../src/core/prove.js';
import { settled, wrongCode } from '../../src/core/settle-proof.js';
import { lenasFacts, onProof, proofWith, second } from '../support/proofs.js';

const NEEDS: Needs = {
  act: 'approve',
  subject: { kind: 'request', id: 'R-8F3KQ2', version: 1 },
  terms: '3600 seconds',
  client: 'acme',
  facts: [],
};
const ALLOWED = proofWith({ state: 'allowed', method: 'totp', evidence: 'F 1', version: 3 });
const lena = (proof?: Proof): Actor => ({ person: 'Lena', via: 'slack', ...(proof ? { proof } : {}) });
const stale = { refused: { code: 'proof-stale' } };

describe('spending a proof', () => {
  test('of this person, act, subject and wish goes through, and the act bears it', () => {
    const spent = spend(lenasFacts(100), lena(ALLOWED), true, NEEDS);
    expect(spent).toEqual({
      writes: [{ put: 'proof', row: { ...ALLOWED, state: 'spent', version: 4 } }],
      proof: ALLOWED.id,
    });
    if (!('writes' in spent)) throw new Error('was not spent');
    expect(provenBy(lena(ALLOWED), spent)).toEqual({ proof: ALLOWED.id, factor: 'totp' });
  });

  test.each<[string, Partial<Proof>]>([
    ['of somebody else', { person: 'Omar' }],
    ['of another act', { act: 'reveal' }],
    ['of another kind of subject', { subjectKind: 'link' }],
    ['of another subject', { subjectId: 'R-8F3KQ3' }],
    ['of a former version of it', { subjectVersion: 0 }],
    ['of a later version of it', { subjectVersion: 2 }],
    ['of another wish', { terms: '1800 seconds' }],
    ['whose time is up', { expiresAt: second(100) }],
  ])('%s is refused', (_, other) => {
    expect(spend(lenasFacts(100), lena({ ...ALLOWED, ...other }), true, NEEDS)).toEqual(stale);
  });

  test.each<ProofState>(['asked', 'waiting', 'spent', 'denied', 'fraud', 'timeout', 'failed', 'void'])(
    'that is %s is refused',
    (state) => {
      expect(spend(lenasFacts(100), lena({ ...ALLOWED, state }), true, NEEDS)).toEqual(stale);
    },
  );

  test('is what has to come first where none came along', () => {
    expect(spend(lenasFacts(100), lena(), true, NEEDS)).toEqual({ needs: NEEDS });
  });

  test('spends nothing where none is due', () => {
    const spent = spend(lenasFacts(100), lena(ALLOWED), false, NEEDS);
    expect(spent).toEqual({ writes: [], proof: null });
    expect(provenBy(lena(ALLOWED), { writes: [], proof: null })).toEqual({});
  });
});

describe('asking for a proof', () => {
  const ask = (now: number, proofs: Proof[], needs = NEEDS) =>
    askProof(lenasFacts(now, { proofs }), lena(), needs, null, 'C-000000000002');

  test('one question at a time: the same one is refused as asked already, another one has to wait', () => {
    const open = proofWith({ state: 'waiting', method: 'totp' });
    expect(ask(299, [open])).toEqual({ refused: { code: 'confirming-already' } });
    expect(ask(299, [open], { ...NEEDS, terms: '1800 seconds' })).toMatchObject({
      refused: { code: 'confirm-first', subject: 'R-8F3KQ2' },
    });
  });

  test.each<ProofState>(['asked', 'waiting', 'allowed'])(
    'one that is still %s when its time is up gives its place away, on record and on its card',
    (state) => {
      const over = { ...ALLOWED, state };
      const judged = ask(300, [over]);
      if (!('change' in judged) || !judged.change) throw new Error(JSON.stringify(judged));
      const { writes, audit, notices } = judged.change;
      const rows = writes.map(({ row }) => row as Proof);
      expect(rows.map(({ id, state: now, version }) => [id, now, version])).toEqual([
        [over.id, 'timeout', 4],
        ['C-000000000002', 'asked', 1],
      ]);
      expect(audit.map(({ action, data }) => [action, data.proof])).toEqual([
        ['proof.timeout', over.id],
        ['proof.asked', 'C-000000000002'],
      ]);
      expect(notices).toContainEqual({ about: 'confirm', id: over.id });
    },
  );
});

describe('an answer that comes when nobody asks any more', () => {
  const outcomes = ['denied', 'fraud', 'timeout'] as const;

  test.each<ProofState>(['spent', 'denied', 'fraud', 'timeout', 'failed', 'void'])(
    'changes nothing of a proof that is %s',
    (state) => {
      for (const outcome of outcomes)
        expect(settled(onProof({ ...ALLOWED, state }, 100), outcome, 'A-1')).toEqual(stale);
    },
  );

  test('a denial of what was allowed before, or of what nobody was reached for, is none', () => {
    for (const state of ['allowed', 'asked'] as const) {
      expect(settled(onProof({ ...ALLOWED, state }, 100), 'denied', 'A-1')).toEqual(stale);
      expect(settled(onProof({ ...ALLOWED, state }, 100), 'fraud', 'A-1')).toEqual(stale);
    }
  });
});

describe('wrong codes', () => {
  const waiting = (fails: number) => proofWith({ state: 'waiting', method: 'totp', fails });

  test('the fourth says that one is left, the fifth ends the question, and the leads are told', () => {
    expect(wrongCode(onProof(waiting(3), 100), lena(), 'A-1')).toMatchObject({
      refused: { code: 'wrong-code', left: 1 },
      change: { writes: [{ put: 'proof', row: { fails: 4, state: 'waiting' } }] },
    });
    expect(wrongCode(onProof(waiting(4), 100), lena(), 'A-1')).toMatchObject({
      refused: { code: 'too-many-codes' },
      change: {
        writes: [
          { put: 'proof', row: { fails: 5, state: 'failed', failure: 'too-many-codes' } },
          { put: 'alert', row: { id: 'A-1', kind: 'factor-failed', person: 'Lena' } },
        ],
      },
    });
  });

  test('those of the question before count as well', () => {
    const before = proofWith({ id: 'C-0', state: 'timeout', fails: 4, settledAt: second(40) });
    expect(wrongCode(onProof(waiting(0), 100, [before]), lena(), 'A-1')).toMatchObject({
      refused: { code: 'too-many-codes' },
    });
  });

  test('count for their person alone, and where a code was asked for', () => {
    const omar: Actor = { person: 'Omar', via: 'slack' };
    expect(wrongCode(onProof(waiting(0), 100), omar, 'A-1')).toEqual({
      refused: { code: 'confirm-not-yours' },
    });
    expect(wrongCode(onProof({ ...waiting(0), method: 'duo_push' }, 100), lena(), 'A-1')).toEqual(stale);
    expect(wrongCode(onProof(waiting(0), 300), lena(), 'A-1')).toEqual(stale);
  });
});

describe('which factor is asked', () => {
  const methods: Method[] = ['duo_push', 'duo_universal', 'totp'];
  const orders = fc.shuffledSubarray(methods, { minLength: 1 });
  const factors = fc.boolean().map((has) => (has ? [{ state: 'active' } as Factor] : []));

  test('the configured order, without what turned out not to be theirs and codes that nobody enrolled', () => {
    fc.assert(
      fc.property(orders, factors, fc.subarray(methods), (order, enrolled, notTheirs) => {
        const facts = { ...onProof(proofWith(), 0), factors: enrolled };
        const able = order.filter((m) => !notTheirs.includes(m) && (m !== 'totp' || enrolled.length > 0));
        expect(methodsFor(facts, order, notTheirs)).toEqual(able);
        for (const wish of methods) {
          const wishing = { ...facts, proof: proofWith({ wish }) };
          expect(methodsFor(wishing, order, notTheirs)).toEqual(able.includes(wish) ? [wish] : []);
        }
      }),
    );
  });

  test('another way goes round all of theirs, and is none where there is but one', () => {
    fc.assert(
      fc.property(orders, factors, (order, enrolled) => {
        const at = (method: Method) => ({
          ...onProof(proofWith({ state: 'waiting', method }), 0),
          factors: enrolled,
        });
        const all = methodsFor({ ...at('totp'), proof: proofWith() }, order, []);
        const seen: Method[] = [];
        for (let now = all[0]; now && !seen.includes(now); ) {
          seen.push(now);
          now = anotherMethod(at(now), order) ?? undefined;
        }
        expect([...seen].sort()).toEqual([...all].sort());
      }),
    );
  });

  test('is for the one who is asked to choose, while there is time', () => {
    const proof = proofWith({ state: 'waiting', method: 'duo_push', txid: 'T', code: '12' });
    expect(another(onProof(proof, 10), { person: 'Omar', via: 'slack' }, 'totp')).toEqual({
      refused: { code: 'confirm-not-yours' },
    });
    expect(another(onProof(proof, 300), lena(), 'totp')).toEqual(stale);
    expect(another(onProof(proof, 10), lena(), 'totp')).toMatchObject({
      change: {
        writes: [{ row: { state: 'asked', method: null, wish: 'totp', txid: 'T', code: null } }],
      },
    });
  });
});
