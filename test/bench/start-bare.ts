/** From the start of the process to ready, with no chat configured and nothing left to migrate. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../support/postgres.js';
import { freePort } from '../support/postgres-server.js';
import { PROGRAM, startProgram } from '../support/process.js';
import { type Measurement, median } from './figure.js';
import { untilReady } from './ready.js';

const TIMES = 5;
const GOAL_MS = 1000;

export const startBare: Measurement = {
  id: 'start_bare_ms',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
    const { url, drop } = await createDatabase({ migrated: false });
    try {
      const config = join(folder, 'keyturn.yaml');
      await writeFile(config, CONFIGURATION);
      const ours = () => startOnce(PROGRAM, { DATABASE_URL: url, KEYTURN_CONFIG: config });
      const theirs = () => startOnce('dist/bench/bare-start.js', { DATABASE_URL: url });
      // The first start migrates and applies; it isn't counted.
      await ours();
      const [mine, bare]: [number[], number[]] = [[], []];
      for (let n = 0; n < TIMES; n++) {
        mine.push(await ours());
        bare.push(await theirs());
      }
      const [value, baseline] = [median(mine), median(bare)];
      return {
        ...{ id: 'start_bare_ms', value, baseline, unit: 'ms', goal: GOAL_MS, aim: `< ${GOAL_MS}` },
        met: value < GOAL_MS,
        notes: [`${mine.map((ms) => ms.toFixed(0)).join(', ')}; baseline: Node, pg and a port`],
      };
    } finally {
      await drop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const CONFIGURATION = `
operator: { name: Bench, timezone: UTC }
people:
  - { email: tess@operator.example, name: Tess, tier: L2 }
  - { email: lena@operator.example, name: Lena, tier: lead }
policies:
  one-lead: { approvals: [{ from: leads, need: 1 }], durations: [1h], mfa: false }
clients:
  - id: acme
    name: Acme
    engagement: managed
    colour: green
    accounts:
      - { id: router, name: Router, kind: password, may_request: [L2], deliver: [reveal], policy: one-lead }
`;

async function startOnce(file: string, more: Record<string, string>): Promise<number> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const started = performance.now();
  const running = startProgram(['start'], {
    file,
    env: {
      ...more,
      KEYTURN_MASTER_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
    },
  });
  try {
    await untilReady(port, running);
    return performance.now() - started;
  } finally {
    await running.kill();
  }
}
