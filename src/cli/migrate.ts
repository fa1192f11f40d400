/** `migrate`: the database's shape, without starting anything. */

import { databaseEnvironment, withDatabase } from './open.js';

export async function migrateVerb(): Promise<number> {
  await withDatabase(databaseEnvironment(), async () => undefined);
  console.log('The database has this version’s shape.');
  return 0;
}
