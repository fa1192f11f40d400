/** Keys that Keyturn makes can be read again, every one of them: a host key that can’t keeps the bastion shut for good. */

import { expect, test } from 'vitest';
import { newKey, publicHalf } from '../../../src/connectors/ssh/keys.js';

/** One in 256 begins with a zero, so one of these does in all but four of ten thousand runs. */
const MANY = 2_000;

test('of many new keys each can be read, and is another', () => {
  const made = new Set(Array.from({ length: MANY }, () => publicHalf(newKey()).fingerprint));
  expect(made.size).toBe(MANY);
});
