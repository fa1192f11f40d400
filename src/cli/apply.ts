/** `plan` and `apply`: what a changed file would do, and doing it. */

import { compile } from '../config/compile.js';
import { differences, printDifferences } from '../config/difference.js';
import { printFaults } from '../config/fault.js';
import { processVariables } from '../config/variables.js';
import { event } from '../core/audit.js';
import type { DeclaredDirectory } from '../core/directory.js';
import type { Actor } from '../core/people.js';
import { apply, type Document, newestConfiguration } from '../store/apply.js';
import { readDirectory } from '../store/directory.js';
import type { Database } from '../store/driver.js';
import type { Args } from './args.js';
import { actingPerson, databaseEnvironment, loadConfigFile, withDatabase } from './open.js';
import { Told } from './told.js';

export async function plan(args: Args): Promise<number> {
  const environment = databaseEnvironment();
  const { config } = loadConfigFile(args, environment);
  await withDatabase(environment, async (database) => {
    const now = await appliedDirectory(database);
    if (now === null) console.log('Nothing is applied yet: this would be the first version.');
    console.log(printDifferences(differences(now, config.directory)));
  });
  return 0;
}

export async function applyVerb(args: Args): Promise<number> {
  const environment = databaseEnvironment();
  const { document, config } = loadConfigFile(args, environment);
  return withDatabase(environment, async (database) => {
    const before = await appliedDirectory(database);
    const found = differences(before, config.directory);
    const actor = await whoApplies(args, database, before !== null);
    const data = { changes: found.map((d) => d.text).slice(0, 500), loosens: found.some((d) => d.loosens) };
    const by = {
      email: args.as ?? null,
      event: event(actor, 'operator', 'directory.applied', 'keyturn.yaml', data),
    };
    const applied = await apply(database, document as Document, config, by);
    if (!applied.changed)
      console.log(`Version ${applied.version} is this file already. Nothing was changed.`);
    else console.log(`${printDifferences(found)}\nApplied as version ${applied.version}.`);
    for (const email of applied.tombstones)
      console.log(`${email} was offboarded, and a file doesn't bring anybody back.`);
    return 0;
  });
}

/** Before the first version there is nobody to be; afterwards a lead of the version in force. */
async function whoApplies(args: Args, database: Database, applied: boolean): Promise<Actor> {
  if (!applied) return { person: 'keyturn', via: 'system' };
  return { person: actingPerson(args, await readDirectory(database)).id, via: 'cli' };
}

async function appliedDirectory(database: Database): Promise<DeclaredDirectory | null> {
  const stored = await newestConfiguration(database);
  if (stored === null) return null;
  const compiled = compile(stored.document, processVariables());
  if ('faults' in compiled)
    throw new Told(`The applied version can't be read:\n${printFaults(compiled.faults)}`);
  return compiled.config.directory;
}
