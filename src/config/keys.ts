/** Master keys: 32 random bytes, and signs that they aren't random. */

import { isPlaceholder } from './secrets.js';
import type { VariableFault } from './variables.js';

const make = 'Make one with: openssl rand -base64 32';

/** What is wrong with the master key, if anything. Never quotes it. */
export function masterKeyFault(key: string | undefined): VariableFault | undefined {
  const fault = (what: string) => ({ message: `KEYTURN_MASTER_KEY ${what}.`, remedy: make });
  if (key === undefined) return fault('is not set');
  if (isPlaceholder(key)) return fault('is a placeholder');
  const bytes = decodeKey(key);
  if (bytes === undefined) return fault('is not 32 bytes in base64');
  return isGuessable(bytes) ? fault('is not random, so it could be guessed') : undefined;
}

/** Old keys only unwrap, so a weak one may still be rotated away from. */
export function oldKeysFault(
  keys: readonly string[],
  current: string | undefined,
): VariableFault | undefined {
  const name = 'KEYTURN_MASTER_KEYS_OLD';
  if (keys.some((key) => decodeKey(key) === undefined)) {
    const remedy = 'Write the former keys, separated by commas, each 32 bytes in base64.';
    return { message: `${name} has a key that is not 32 bytes in base64.`, remedy };
  }
  if (current === undefined || !keys.includes(current)) return undefined;
  return { message: `${name} has the current key in it.`, remedy: 'Keep only the former ones.' };
}

/** Exactly 32 bytes in canonical base64, or undefined. */
function decodeKey(key: string): Buffer | undefined {
  const bytes = Buffer.from(key, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === key ? bytes : undefined;
}

/** What 32 random bytes never look like: few different ones, typed text, a run, a repeated half. */
function isGuessable(bytes: Buffer): boolean {
  const typed = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  const steps = new Set(
    [...bytes.subarray(1)].map((byte, index) => (byte - (bytes[index] ?? 0) + 256) % 256),
  );
  const halved = bytes.subarray(0, 16).equals(bytes.subarray(16));
  return new Set(bytes).size < 16 || typed || steps.size === 1 || halved;
}
