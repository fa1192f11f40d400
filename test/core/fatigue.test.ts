import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codesLeft, coolDownUntil, pushWait } from '../../src/core/fatigue.js';
import { type Proof, type ProofState, WRONG_CODES } from '../../src/core/proof.js';
import { lenasFacts, proofWith, second } from '../support/proofs.js';

/** In steps of 30 seconds, so that histories meet the borders of ten and fifteen minutes often. */
const instant = fc.nat({ max: 60 }).map((n) => n * 30);

describe('after three denials within ten minutes nothing is confirmed for fifteen', () => {
  const state = fc.constantFrom<ProofState>('denied', 'denied', 'fraud', 'allowed', 'timeout', 'void');
  const past = fc.array(
    fc.record({ state, at: instant }).map((p) => proofWith({ state: p.state, settledAt: second(p.at) })),
    { minLength: 2, maxLength: 12, size: 'max' },
  );

  test('whatever came in whatever order', () => {
    let cooled = 0;
    fc.assert(
      fc.property(past, fc.integer({ min: 20, max: 100 }), (proofs, n) => {
        const at = n * 30;
        const known = proofs.filter((p) => (p.settledAt as Date) <= second(at));
        const until = coolDownUntil(known, second(at));
        expect(until).toEqual(naiveCoolDown(known, second(at)));
        if (until) cooled++;
      }),
      { numRuns: 10_000 },
    );
    expect(cooled).toBeGreaterThan(500);
  });

  test('a denial that is exactly ten minutes old counts, and one a second older doesn’t', () => {
    const denied = (...at: number[]) => at.map((s) => proofWith({ state: 'denied', settledAt: second(s) }));
    expect(coolDownUntil(denied(0, 300, 600), second(600))).toEqual(second(1500));
    expect(coolDownUntil(denied(0, 300, 601), second(601))).toBeNull();
  });

  test('it is over when fifteen minutes have gone by, and not a second before', () => {
    const three = [0, 1, 2].map((s) => proofWith({ state: 'fraud', settledAt: second(s) }));
    expect(coolDownUntil(three, second(901))).toEqual(second(902));
    expect(coolDownUntil(three, second(902))).toBeNull();
  });

  /** As the rule says it: some denial was the third within ten minutes, and it is less than fifteen ago. */
  function naiveCoolDown(proofs: readonly Proof[], now: Date): Date | null {
    const denials = proofs
      .filter((p) => p.state === 'denied' || p.state === 'fraud')
      .map((p) => (p.settledAt as Date).getTime());
    const thirds = denials.filter(
      (at) => denials.filter((other) => other <= at && other >= at - 10 * 60_000).length >= 3,
    );
    const until = Math.max(...thirds) + 15 * 60_000;
    return until > now.getTime() ? new Date(until) : null;
  }
});

describe('between two pushes to one person are thirty seconds', () => {
  const pushed = fc.array(fc.option(fc.nat({ max: 120 }), { nil: null }), { maxLength: 6 });

  test('the wait is the shortest after which no push is nearer', () => {
    fc.assert(
      fc.property(pushed, fc.nat({ max: 60 }), (pushes, after) => {
        const last = Math.max(0, ...pushes.map((at) => at ?? 0));
        const now = last + after;
        const proofs = pushes.map((at) => proofWith({ pushedAt: at === null ? null : second(at) }));
        const isFree = (wait: number) => pushes.every((at) => at === null || now + wait - at >= 30);
        const waits = Array.from({ length: 31 }, (_, wait) => wait);
        expect(pushWait(lenasFacts(now, { proofs }))).toBe(waits.find(isFree));
      }),
    );
  });

  test('nobody waits who was never pushed', () => {
    expect(pushWait(lenasFacts(0, { proofs: [proofWith()] }))).toBe(0);
    expect(pushWait(lenasFacts(0))).toBe(0);
  });
});

describe('five wrong codes in ten minutes', () => {
  const tries = fc.array(
    fc.record({ fails: fc.nat({ max: 3 }), settled: fc.option(instant, { nil: null }) }),
    { maxLength: 5 },
  );

  test('are counted over all that was asked, from when each question was over', () => {
    fc.assert(
      fc.property(tries, instant, (typed, now) => {
        const known = typed.filter((t) => t.settled === null || t.settled <= now);
        const proofs = known.map(({ fails, settled }) =>
          proofWith({ fails, settledAt: settled === null ? null : second(settled) }),
        );
        const counting = known.filter((t) => t.settled === null || now - t.settled < 600);
        const wrong = counting.reduce((sum, t) => sum + t.fails, 0);
        expect(codesLeft(lenasFacts(now, { proofs }))).toBe(WRONG_CODES - wrong);
      }),
    );
  });

  test('still count at a question that was kept open for long by asking for another factor', () => {
    const old = proofWith({ state: 'waiting', method: 'totp', fails: 4, expiresAt: second(3600) });
    expect(codesLeft(lenasFacts(3000, { proofs: [old] }))).toBe(1);
  });
});
