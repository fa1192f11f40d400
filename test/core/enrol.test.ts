import { describe, expect, test } from 'vitest';
import { beginEnrol, pressEnrol, tryCode } from '../../src/core/enrol.js';
import type { Factor } from '../../src/core/factor.js';
import type { FactorFacts } from '../../src/core/facts.js';
import { lenasFacts, second } from '../support/proofs.js';

const OFFERED: Factor = {
  id: 'F-1',
  person: 'Lena',
  kind: 'totp',
  state: 'offered',
  offeredBy: 'Omar',
  proof: 'C-1',
  sealed: null,
  lastStep: null,
  tokenHash: null,
  browserHash: null,
  fails: 0,
  offeredAt: second(0),
  expiresAt: second(86_400),
  activeAt: null,
  endedAt: null,
  version: 1,
};

const on = (factor: Factor, paused: string[] = []): FactorFacts => ({
  ...lenasFacts(60, { factors: [factor], paused }),
  factor,
});

describe('an authenticator that was offered', () => {
  const trying: Factor = { ...OFFERED, state: 'trying', sealed: 's', tokenHash: 't', browserHash: 'b' };

  test('counts from its first right code on, unless its person is paused before that is written', () => {
    expect(tryCode(on(trying), 'b', 7, 'A-1')).toMatchObject({
      change: {
        guards: [{ noun: 'unpaused', id: 'Lena' }],
        writes: [{ put: 'factor', row: { state: 'active', lastStep: 7 } }, { put: 'alert' }],
      },
    });
  });

  test('is not enrolled while its person is paused', () => {
    const paused = { refused: { code: 'paused' } };
    expect(pressEnrol(on(OFFERED, ['Lena']), 'Lena', 't')).toEqual(paused);
    expect(beginEnrol(on(trying, ['Lena']), 'b', 's')).toEqual(paused);
    expect(tryCode(on(trying, ['Lena']), 'b', 7, 'A-1')).toEqual(paused);
    expect(pressEnrol(on(OFFERED, ['Omar']), 'Lena', 't')).toHaveProperty('change');
  });

  test('opens for the browser that came first, and for its person alone', () => {
    expect(beginEnrol(on(trying), 'another', 's')).toEqual({ refused: { code: 'other-browser' } });
    expect(pressEnrol(on(OFFERED), 'Omar', 't')).toEqual({ refused: { code: 'enrol-over' } });
  });
});
