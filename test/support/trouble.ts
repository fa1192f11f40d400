/** What a connector's failure says, and whether it, or anything that hangs on it, gives a secret away. */

import { expect } from 'vitest';
import { TargetError, type Trouble } from '../../src/connectors/connector.js';

/** The trouble that a call ends in. Fails where it resolves, on any other error, and on one that shows a secret. */
export async function troubleOf(call: Promise<unknown>, secrets: readonly string[]): Promise<Trouble> {
  const trouble = await endOf(call, secrets);
  if (trouble === null) throw new Error('the call was meant to fail, and went through');
  return trouble;
}

/** The trouble that a call ends in, likewise; null where it goes through. */
export async function endOf(call: Promise<unknown>, secrets: readonly string[]): Promise<Trouble | null> {
  const failed = await call.then(
    () => null,
    (reason: unknown) => ({ reason }),
  );
  if (failed === null) return null;
  expect(leaksIn(failed.reason, secrets)).toEqual([]);
  if (!(failed.reason instanceof TargetError)) throw failed.reason;
  expect(failed.reason.message).toMatch(/^\S.{10,}[.!?]$/s);
  return failed.reason.trouble;
}

/** Where one of the secrets can be read in a value, its stack, its cause, or whatever else hangs on it. */
export function leaksIn(value: unknown, secrets: readonly string[]): string[] {
  return textsIn(value, new Set()).filter((text) =>
    secrets.some((secret) => secret !== '' && text.includes(secret)),
  );
}

function textsIn(value: unknown, seen: Set<unknown>): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (Buffer.isBuffer(value)) return [value.toString('utf8'), value.toString('utf16le')];
  return Reflect.ownKeys(value).flatMap((key) => [
    ...(typeof key === 'string' ? [key] : []),
    ...textsIn(Reflect.get(value, key), seen),
  ]);
}
