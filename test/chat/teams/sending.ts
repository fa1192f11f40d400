/** A card to send, and errors and logs in which no secret may stand. */

import { expect, vi } from 'vitest';
import { type Card, said } from '../../../src/core/cards/card.js';
import { NORTHWIND, PASSWORD, REQUESTS } from './world.js';

export const CARD: Card = {
  client: { name: 'Acme Dental', colour: 'green' },
  ...{ title: 'Hello', rows: [], lines: [said('One line.')], actions: [] },
};
export const channel = { platform: 'teams', workspace: NORTHWIND, channel: REQUESTS } as const;
export const person = (userId: string) => ({ platform: 'teams', workspace: NORTHWIND, userId }) as const;
export const WRONG_PASSWORD = 'nw~wrong.secret.of.the.bot';

/** Gone for good, in these words. */
export const unreachable = (why: string) => ({ name: 'Unreachable', message: why });

const tokens = new Set<string>();

/** From now on remembers every token that is sent anywhere. */
export function watchTokens(): void {
  tokens.clear();
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const bearer = new Headers(init?.headers).get('authorization');
    if (bearer) tokens.add(bearer.replace('Bearer ', ''));
    return real(url, init);
  });
}

export function expectNoSecret(text: string): void {
  for (const secret of [...tokens, PASSWORD, WRONG_PASSWORD]) expect(text).not.toContain(secret);
}

/** How a call fails, with everything that a log would show of it free of secrets. */
export async function failing(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => null,
    (failed: unknown) => failed,
  );
  if (!(error instanceof Error)) throw new Error('nothing failed');
  expectNoSecret(JSON.stringify([error, error.message, error.stack, error.cause, { ...error }]));
  return error;
}
