/** Keyturn as an operator runs it: processes of their own on one Postgres server, beside a fake Slack on real HTTP. */

import { openCustody } from '../../src/app.js';
import { Secret } from '../../src/config/secret.js';
import { FakeSlack } from '../../src/playground/slack/index.js';
import { shiftClock } from '../../src/store/deployment.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { accountsWithSecret } from '../../src/store/secrets.js';
import { storePorts } from '../../src/store/store.js';
import { createDatabase } from './postgres.js';
import { freePort } from './postgres-server.js';
import { type Finished, type Running, runProgram, startProgram } from './process.js';
import {
  CONFIG,
  DELTA,
  DELTA_WORKSPACE,
  fillVault,
  MASTER_KEY,
  NORTHWIND,
  NORTHWIND_WORKSPACE,
  Player,
  SECRETS,
} from './world.js';

export interface Replica {
  readonly running: Running;
  readonly url: string;
}

export interface KeyturnOptions {
  readonly input?: string;
  /** Instead of, or beside, what the environment holds; null: not set. */
  readonly env?: Readonly<Record<string, string | null>>;
}

export interface Deployment {
  readonly slack: FakeSlack;
  readonly database: Database;
  readonly databaseUrl: string;
  /** Every line that any of its processes ever printed. */
  readonly printed: string[];
  /** Starts one more replica and resolves when it is ready; Slack delivers to the newest. */
  start(options?: KeyturnOptions): Promise<Replica>;
  /** One command line, to its end. */
  keyturn(args: readonly string[], options?: KeyturnOptions): Promise<Finished>;
  /** The same, as it runs. */
  begin(args: readonly string[], options?: KeyturnOptions): Running;
  /** From now on Slack delivers here. */
  deliverTo(replica: Replica): void;
  person(name: string): Player;
  rows<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Puts into custody what isn't there yet. */
  fillVault(): Promise<void>;
  /** Moves the database's clock on. */
  wait(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** An empty database and a Slack; nothing is started yet. */
export async function openDeployment({ ackTimeoutMs = 15_000 } = {}): Promise<Deployment> {
  const { url: databaseUrl, drop } = await createDatabase({ migrated: false });
  const database = openServer(databaseUrl, () => undefined);
  const slack = await FakeSlack.start({
    rateLimits: false,
    // What is right under load is asked in most of them; how soon Slack is answered, the benchmark asks.
    ackTimeoutMs,
    workspaces: [NORTHWIND_WORKSPACE, DELTA_WORKSPACE],
  });
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const printed: string[] = [];
  const replicas: Replica[] = [];
  const living = new Set<number>();
  const env = (more: KeyturnOptions['env'] = {}) => {
    const all = {
      ...SECRETS,
      KEYTURN_CONFIG: CONFIG,
      DATABASE_URL: databaseUrl,
      KEYTURN_MASTER_KEY: MASTER_KEY,
      PUBLIC_URL: publicUrl,
      ADMIN_PORT: '0',
      LOG_LEVEL: 'debug',
      SLACK_API_URL: slack.apiUrl,
      KEYTURN_ALLOW_TEST_ENDPOINTS: '1',
      ...more,
    };
    return Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null),
    );
  };
  const deliverTo = ({ url }: Replica) => {
    for (const team of [NORTHWIND, DELTA]) slack.setEventsUrl(team, `${url}/slack/events/${team}`);
  };
  return {
    slack,
    database,
    databaseUrl,
    printed,
    deliverTo,
    async start(options = {}) {
      // The first living replica has the public address.
      const own = living.has(port) ? await freePort() : port;
      living.add(own);
      const running = startProgram(['start'], { env: env({ PORT: String(own), ...options.env }) });
      const replica = { running, url: `http://127.0.0.1:${own}` };
      replicas.push(replica);
      running.exited.then(() => {
        living.delete(own);
        printed.push(...running.lines);
      });
      await running.waitForLine(/"msg":"ready"/, { within: 40_000 });
      deliverTo(replica);
      return replica;
    },
    async keyturn(args, options = {}) {
      const finished = await runProgram(args, { env: env(options.env), input: options.input ?? '' });
      printed.push(finished.stdout, finished.stderr);
      return finished;
    },
    begin(args, options = {}) {
      const running = startProgram(args, { env: env(options.env), input: options.input ?? '' });
      running.exited.then(() => printed.push(...running.lines));
      return running;
    },
    person: (name) => new Player(slack, name),
    rows: (sql, values = []) => database.run({ name: '', text: sql }, [...values]),
    async fillVault() {
      const ports = storePorts(
        database,
        { mode: 'server', factors: [], deliveries: ['reveal'], reachableClients: [] },
        () => {},
      );
      const custody = await openCustody(database, { masterKey: new Secret(MASTER_KEY), oldMasterKeys: [] });
      const have = await accountsWithSecret(database);
      const { directory } = await ports.facts.facts();
      const without = directory.accounts.filter(({ client, id }) => !have.has(`${client}/${id}`));
      await fillVault({ ports, custody }, without);
    },
    wait: (seconds) => shiftClock(database, seconds),
    async close() {
      for (const { running } of replicas) await running.stop();
      await slack.stop();
      await database.close();
      await drop();
    },
  };
}
