/** What a process says of its own memory, once what nobody needs is gone. */

import { setTimeout as pause } from 'node:timers/promises';

/** In bytes. */
export interface Memory {
  readonly rss: number;
  /** What is in use: objects, and buffers beside them. */
  readonly held: number;
}

const SWEEPS = 4;

/** Tells its parent. It has to have been started with `--expose-gc`. */
export async function tellMemory(): Promise<void> {
  for (let n = 0; n < SWEEPS; n++) {
    global.gc?.();
    await pause(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, held: heapUsed + external } satisfies Memory);
}
