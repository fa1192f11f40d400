/** Opens the database that the environment names, brings it to this version's shape and marks it. */

import { resolve } from 'node:path';
import type { DatabaseEnvironment } from '../config/environment.js';
import { claimDatabase, clockShift, type Mode } from './deployment.js';
import { type Database, openFolder, openServer } from './driver.js';
import { migrate, migrateEmbedded } from './migrate.js';

/** Where the embedded database is, from where Keyturn is started. */
export const EMBEDDED_FOLDER = '.keyturn/database';

/**
 * Opens and migrates. The database's mark must be this mode's.
 *
 * @throws a sentence for the operator when it can't be opened, belongs to the other mode, or has its clock
 *   shifted where test endpoints are not allowed.
 */
export async function openStore(
  environment: Pick<DatabaseEnvironment, 'databaseUrl' | 'migrationDatabaseUrl' | 'testEndpoints'>,
  mode: Mode,
  onError: (error: Error) => void,
): Promise<Database> {
  const url = environment.databaseUrl?.reveal();
  const database = await (url === undefined
    ? openEmbedded(onError)
    : openMigrated(url, environment, onError));
  try {
    await claimDatabase(database, mode);
    if (mode === 'server' && !environment.testEndpoints.allowed && (await clockShift(database)) !== 0)
      throw new Error(
        'This database’s clock has been shifted by a test. Use another, or set the shift to zero.',
      );
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openEmbedded(onError: (error: Error) => void): Promise<Database> {
  const database = await openFolder(resolve(EMBEDDED_FOLDER), onError);
  await migrateEmbedded(database);
  return database;
}

async function openMigrated(
  url: string,
  { migrationDatabaseUrl }: Pick<DatabaseEnvironment, 'migrationDatabaseUrl'>,
  onError: (error: Error) => void,
): Promise<Database> {
  const owner = migrationDatabaseUrl?.reveal();
  await migrate(owner ?? url, owner === undefined ? undefined : decodeURIComponent(new URL(url).username));
  return openServer(url, onError);
}
