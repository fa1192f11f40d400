/** A large operator: 150 clients with 40 accounts each. What apply, a start's reading and the form take of it. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadText } from '../../src/config/compile.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import { askForm } from '../../src/core/cards/forms.js';
import { apply, type Document } from '../../src/store/apply.js';
import { claimDatabase } from '../../src/store/deployment.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { storePorts } from '../../src/store/store.js';
import { largeYaml } from '../fixtures/large.js';
import { createDatabase } from '../support/postgres.js';
import { freePort } from '../support/postgres-server.js';
import { startProgram } from '../support/process.js';
import { type Measurement, median } from './figure.js';
import { untilReady } from './ready.js';

const TIMES = 5;

export const large: Measurement = {
  id: 'large_ms',
  async measure() {
    const text = largeYaml();
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-large-'));
    const { url, drop } = await createDatabase({ migrated: false });
    await migrate(url);
    const database = openServer(url, () => undefined);
    try {
      await claimDatabase(database, 'server');
      const applied: number[] = [];
      for (let n = 0; n < TIMES; n++) applied.push(await timed(() => applyText(database, `${text}\n# ${n}`)));
      const forms = await formsOf(database);
      await applyText(database, text, 'Northwind IT');
      const started = await starts(folder, text, url);
      const parsed: number[] = [];
      for (let n = 0; n < TIMES; n++) parsed.push(await timed(async () => void parse(text)));
      const parts = { apply: median(applied), start: median(started), form: median(forms) };
      const value = Math.max(...Object.values(parts));
      const said = Object.entries(parts).map(([part, ms]) => `${part} ${ms.toFixed(0)} ms`);
      return {
        ...{
          id: 'large_ms',
          value,
          baseline: median(parsed),
          unit: 'ms',
          goal: 1000,
          aim: '< 1000',
          met: value < 1000,
        },
        notes: [`150 clients × 40 accounts, 40 people: ${said.join(', ')}; baseline: the YAML package alone`],
      };
    } finally {
      await database.close();
      await drop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

/** From the text of the file to the directory in force; a comment makes no other version, so each is told apart by its operator. */
async function applyText(
  database: Database,
  text: string,
  name = `Northwind ${Math.random()}`,
): Promise<void> {
  const loaded = loadText(text.replace('Northwind IT', name), 'keyturn.yaml', {});
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults.slice(0, 3)));
  const by = { email: null, event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml') };
  await apply(database, loaded.document as Document, loaded.config, by);
}

/** What a press of "Request access" takes, when the directory is known and when a version has just changed it. */
async function formsOf(database: Database): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const offers = {
      mode: 'server',
      factors: ['totp'],
      deliveries: ['reveal', 'elevate'],
      reachableClients: [],
    } as const;
    const ports = storePorts(database, offers, () => undefined);
    took.push(
      await timed(async () => {
        const facts = await ports.facts.facts();
        const person = facts.directory.people.find(({ tier }) => tier === 'lead');
        if (!person || askForm(person, facts, {}).fields.length === 0) throw new Error('nobody can ask');
      }),
    );
  }
  return took;
}

/** Whole processes, to ready, beside a database in which the file is applied. */
async function starts(folder: string, text: string, url: string): Promise<number[]> {
  const file = join(folder, 'keyturn.yaml');
  await writeFile(file, text);
  const masterKey = randomBytes(32).toString('base64');
  const took: number[] = [];
  for (let n = 0; n <= TIMES; n++) {
    const port = await freePort();
    const env = {
      ...{ KEYTURN_CONFIG: file, DATABASE_URL: url, PORT: String(port), ADMIN_PORT: '0', LOG_LEVEL: 'error' },
      ...{
        KEYTURN_MASTER_KEY: masterKey,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
      },
    };
    const started = performance.now();
    const running = startProgram(['start'], { env });
    await untilReady(port, running);
    took.push(performance.now() - started);
    await running.kill();
  }
  return took.slice(1);
}
