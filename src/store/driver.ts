/** The only file that knows the drivers: `pg` for a Postgres server, PGlite for a folder. */

import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { lockFolder } from './folder-lock.js';
import * as schema from './schema.js';

type Schema = typeof schema;

/** Drizzle over either driver; a transaction is one too. */
export type Db = PgDatabase<PgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

export interface Statement {
  /** Names the prepared statement on a server, so that it is planned once a connection. */
  readonly name: string;
  readonly text: string;
  /** Milliseconds that a server is given for it, where the usual limit would cut short what only takes long. */
  readonly within?: number;
}

export interface Database {
  readonly kind: 'server' | 'embedded';
  readonly db: Db;
  /** One statement, one round trip. Instants come back as `Date`, jsonb parsed. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** So many connections a replica; more only wait for each other's locks. */
const CONNECTIONS = 10;

/** How long a server is waited for, unless a statement says otherwise. */
export const USUAL_LIMIT_MS = 15_000;

/** A Postgres server. Failures of single connections are survived: the pool opens new ones. */
export function openServer(url: string, onError: (error: Error) => void): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    // A frozen server must not freeze its callers: only the client's own limit frees them.
    query_timeout: USUAL_LIMIT_MS,
  });
  pool.on('error', onError);
  // Without a listener of its own, a connection that dies while checked out takes the process with it.
  pool.on('connect', (client) => client.on('error', onError));
  const db = drizzle(pool, { schema }) as unknown as Db;
  return {
    kind: 'server',
    db,
    run: async <Row>({ name, text, within }: Statement, values: readonly unknown[]) => {
      const limit = within === undefined ? {} : { query_timeout: within };
      return (await pool.query({ name, text, values: values as unknown[], ...limit })).rows as Row[];
    },
    close: () => pool.end(),
  };
}

/** How often an embedded database writes a checkpoint: its log grows without bound otherwise. */
const CHECKPOINT_MS = 5 * 60_000;
const VACUUM_MS = 24 * 3_600_000;

/**
 * An embedded database in a folder (PGlite). One process at a time; not safe
 * against a loss of power, because it never asks the disk to sync.
 *
 * @throws when another process has the folder open.
 */
export async function openFolder(folder: string, onError: (error: Error) => void): Promise<Database> {
  const unlock = await lockFolder(folder);
  const lite = await createLite({ dataDir: folder });
  const every = (ms: number, sql: string) => setInterval(() => lite.exec(sql).catch(onError), ms).unref();
  const timers = [every(CHECKPOINT_MS, 'CHECKPOINT'), every(VACUUM_MS, 'VACUUM')];
  return embedded(lite, async () => {
    for (const timer of timers) clearInterval(timer);
    await lite.close();
    await unlock();
  });
}

export interface MemoryDatabase extends Database {
  /** All that is in it, for another to begin with. */
  copy(): Promise<Blob>;
}

/** An embedded database in memory, gone with the process: for tests. Begun with a copy of another, it is there far sooner. */
export async function openMemory(copied?: Blob): Promise<MemoryDatabase> {
  const lite = await createLite(copied && { loadDataDir: copied });
  const database = await embedded(lite, () => lite.close());
  return { ...database, copy: () => lite.dumpDataDir('none') };
}

/** Loaded only where it is used: a deployment on a server starts faster without it. */
async function createLite(options: PGliteOptions = {}): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  return PGlite.create(options);
}

async function embedded(lite: PGlite, close: () => Promise<void>): Promise<Database> {
  const { drizzle: drizzleLite } = await import('drizzle-orm/pglite');
  return {
    kind: 'embedded',
    db: drizzleLite(lite, { schema }) as unknown as Db,
    run: async <Row>({ text }: Statement, values: readonly unknown[]) =>
      (await lite.query<Row>(text, values as unknown[])).rows,
    close,
  };
}

/** The SQLSTATE of a failed statement, through whatever wraps it; empty where there is none. */
export function codeOf(error: unknown): string {
  const seen = error as { code?: unknown; cause?: unknown } | null;
  if (typeof seen?.code === 'string') return seen.code;
  return seen?.cause ? codeOf(seen.cause) : '';
}

/** The name of the constraint that a statement broke; empty where it broke none. */
export function constraintOf(error: unknown): string {
  const seen = error as { constraint?: unknown; cause?: unknown } | null;
  if (typeof seen?.constraint === 'string') return seen.constraint;
  return seen?.cause ? constraintOf(seen.cause) : '';
}

/** Whether the same transaction, tried again, may go through: a lost race, a dead connection, a restart. */
export function isPassing(error: unknown): boolean {
  if (/^(40001|40P01|55P03|57P0[123]|08...|ECONN.*|EPIPE)$/.test(codeOf(error))) return true;
  const { message = '', cause } = error as { message?: string; cause?: { message?: string } };
  // These two come from pg as messages without a code.
  return /Connection terminated|not queryable/.test(`${message} ${cause?.message ?? ''}`);
}
