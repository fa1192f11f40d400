/** From the start of the process to ready, with everything configured and nothing left to migrate. */

import { freePort } from '../support/postgres-server.js';
import { startProgram } from '../support/process.js';
import { type Measurement, median } from './figure.js';
import { openFullStage } from './full-stage.js';
import { untilReady } from './ready.js';

const TIMES = 5;
const GOAL_MS = 3000;
const ACCOUNTS = 100;

export const startAll: Measurement = {
  id: 'start_all_ms',
  async measure() {
    const stage = await openFullStage({ accounts: ACCOUNTS });
    try {
      const ours = async () => {
        const { running, ms } = await stage.start();
        await running.kill();
        return ms;
      };
      // The first start applies the file; it isn't counted.
      await ours();
      const [mine, bare]: [number[], number[]] = [[], []];
      for (let n = 0; n < TIMES; n++) {
        mine.push(await ours());
        bare.push(await bareStart());
      }
      const [value, baseline] = [median(mine), median(bare)];
      return {
        ...{ id: 'start_all_ms', value, baseline, unit: 'ms', goal: GOAL_MS, aim: `< ${GOAL_MS}` },
        met: value < GOAL_MS,
        notes: [
          `${mine.map((ms) => ms.toFixed(0)).join(', ')}; baseline: Node, the chats' libraries and a port`,
        ],
      };
    } finally {
      await stage.close();
    }
  },
};

async function bareStart(): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const running = startProgram([], {
    file: 'dist/bench/bare-chats.js',
    env: { PORT: String(port) },
    flags: [],
  });
  try {
    await untilReady(port, running);
    return performance.now() - started;
  } finally {
    await running.kill();
  }
}
