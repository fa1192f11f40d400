/** Waiting for a process to be of use. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Running } from '../support/process.js';

/** Resolves when `/readyz` says 200; throws what the process said when it ends instead. */
export async function untilReady(port: number, running: Running): Promise<void> {
  let over = false;
  running.exited.then(() => {
    over = true;
  });
  while (!over) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await pause(5);
  }
  throw new Error(`it ended instead of getting ready:\n${running.stdout}\n${running.stderr}`);
}
