/** Databases for tests and benchmarks: each its own, copied in a moment from one that was migrated once. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from './postgres-server.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends its connections and removes it. */
  drop(): Promise<void>;
}

export interface DatabaseOptions {
  /** False: an empty database, for tests of the migrations themselves. */
  readonly migrated?: boolean;
}

export type Migrate = (url: string) => Promise<unknown>;

/** Set by the global setup, so that every test process finds the one server. */
export const SERVER_URL = 'KEYTURN_TEST_POSTGRES_URL';

const TEMPLATE = 'keyturn_template';
const TEMPLATE_LOCK = 71_001;

let started: Promise<string> | undefined;

/** Where the server is. Outside a test run, as in a benchmark, the first call starts one that ends with this process. */
export function serverUrl(): Promise<string> {
  const shared = process.env[SERVER_URL];
  if (shared !== undefined) return Promise.resolve(shared);
  started ??= startPostgres().then((server) => server.url);
  return started;
}

export async function createDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `t_${randomBytes(8).toString('hex')}`;
  const migrate = options.migrated === false ? null : await findMigrate();
  await as(server, async (admin) => {
    if (migrate !== null) await ensureTemplate(admin, server, migrate);
    const template = migrate === null ? 'template0' : TEMPLATE;
    await admin.query(`create database ${name} template ${template}`);
  });
  const drop = () => as(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  return { url: databaseUrl(server, name), drop: async () => void (await drop()) };
}

/** One process makes the template, the others wait for it. A half-made one is thrown away. */
async function ensureTemplate(admin: pg.Client, server: string, migrate: Migrate): Promise<void> {
  if (await exists(admin)) return;
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists(admin)) return;
    const draft = `${TEMPLATE}_draft`;
    await admin.query(`drop database if exists ${draft} with (force)`);
    await admin.query(`create database ${draft} template template0`);
    await migrate(databaseUrl(server, draft));
    await admin.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${draft}'`,
    );
    await admin.query(`alter database ${draft} rename to ${TEMPLATE}`);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function exists(admin: pg.Client): Promise<boolean> {
  const found = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
  return found.rowCount === 1;
}

async function findMigrate(): Promise<Migrate | null> {
  const file = new URL('../../src/store/migrate.ts', import.meta.url);
  if (!existsSync(fileURLToPath(file))) return null;
  const module = (await import(/* @vite-ignore */ file.href)) as { migrate: Migrate };
  return module.migrate;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function as<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // a lost connection fails the query that needs it
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
