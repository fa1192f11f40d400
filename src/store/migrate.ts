/** Brings a database to this version's shape, safely with several replicas starting at once. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as migrateServer } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Database } from './driver.js';

const LOCK = 7700;

/** Where the migrations stand: beside package.json, wherever this file was bundled to. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'migrations');
}

const settings = () => ({ migrationsFolder: migrationsFolder(), migrationsSchema: 'keyturn_migrations' });

/**
 * Applies what is missing to a server, under an advisory lock on a connection of
 * its own: the others wait and then find nothing to do.
 *
 * @param owner the URL whose user owns the tables (MIGRATION_DATABASE_URL).
 * @param user the name of the role that Keyturn runs as, where it is another.
 */
export async function migrate(owner: string, user?: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await migrateServer(drizzle(client), settings());
    if (user !== undefined) await grantTo(client, user);
  } finally {
    await client.end();
  }
}

/** Applies what is missing to an embedded database; its folder lock keeps others out. */
export async function migrateEmbedded(database: Database): Promise<void> {
  const { migrate: migrateLite } = await import('drizzle-orm/pglite/migrator');
  await migrateLite(database.db as never, settings());
}

/** What the running role may do: everything but rewrite history. */
async function grantTo(client: pg.Client, user: string): Promise<void> {
  const role = client.escapeIdentifier(user);
  const same = await client.query('select current_user = $1 as same', [user]);
  if (same.rows[0]?.same) return;
  await client.query(`grant usage on schema keyturn to ${role}`);
  await client.query(`grant select, insert, update, delete on all tables in schema keyturn to ${role}`);
  await client.query(`grant usage on all sequences in schema keyturn to ${role}`);
  await client.query(`grant execute on all functions in schema keyturn to ${role}`);
  const history = [
    ...['audit_events', 'decisions', 'exposures', 'secrets', 'digests'],
    ...['recordings', 'recording_channels', 'recording_pieces', 'recording_ends'],
  ];
  for (const table of history) await client.query(`revoke update, delete on keyturn.${table} from ${role}`);
  for (const table of [
    'requests',
    'code_windows',
    'code_asks',
    'grants',
    'revocations',
    'links',
    'proofs',
    'factors',
    'alerts',
    'proposals',
    'reviews',
    'sweeps',
    'sweep_items',
    'rotations',
    'transitions',
    'clock',
  ])
    await client.query(`revoke delete on keyturn.${table} from ${role}`);
  await client.query(`revoke insert, update, delete on keyturn.transitions from ${role}`);
}
