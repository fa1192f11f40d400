/** Embedded databases for tests: each its own, begun with a copy of one that was migrated once for the whole run. */

import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openMemory } from '../../src/store/driver.js';
import { migrateEmbedded } from '../../src/store/migrate.js';

/** Set by the global setup: the file that holds the copy. */
const TEMPLATE = 'KEYTURN_TEST_EMBEDDED';

/** Makes what all of them begin with. Returns what removes it again. */
export async function makeTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-embedded-'));
  const file = join(folder, 'template.tar');
  const database = await openMemory();
  await migrateEmbedded(database);
  await writeFile(file, (await database.copy()).stream());
  await database.close();
  process.env[TEMPLATE] = file;
  return () => rm(folder, { recursive: true, force: true });
}

/** One that is migrated and empty. Outside a test run, as in a benchmark, it is made from nothing. */
export async function openEmbedded(): Promise<Database> {
  const file = process.env[TEMPLATE];
  const database = await openMemory(file === undefined ? undefined : await openAsBlob(file));
  await migrateEmbedded(database);
  return database;
}
