/** Time that goes by only when everybody has read what is true. */

import { expect, vi } from 'vitest';
import type { World } from './world.js';

/** Every card says what is true; a question may still wait for its person. */
export async function allIsTold({ rows }: Pick<World, 'rows'>): Promise<void> {
  const cards = `select key from keyturn.jobs where kind <> 'proof'`;
  await vi.waitFor(async () => expect(await rows(cards)).toEqual([]), { timeout: 30_000 });
}

/** Moves the clock on while nobody is in the middle of anything. */
export async function waits(world: Pick<World, 'rows' | 'wait'>, seconds: number): Promise<void> {
  await allIsTold(world);
  await world.wait(seconds);
}
