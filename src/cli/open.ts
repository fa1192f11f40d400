/** What most verbs begin with: the environment read, the file loaded, the database opened. */

import { type Loaded, loadFile } from '../config/compile.js';
import {
  type DatabaseEnvironment,
  type Environment,
  readDatabaseEnvironment,
  readEnvironment,
} from '../config/environment.js';
import { printFaults } from '../config/fault.js';
import { processVariables } from '../config/variables.js';
import type { Directory } from '../core/directory.js';
import type { Person } from '../core/people.js';
import type { Database } from '../store/driver.js';
import { openStore } from '../store/open.js';
import type { Args } from './args.js';
import { Told } from './told.js';

export function fullEnvironment(): Environment {
  const read = readEnvironment(processVariables());
  if ('faults' in read) throw new Told(printFaults(read.faults));
  return read.environment;
}

export function databaseEnvironment(): DatabaseEnvironment {
  const read = readDatabaseEnvironment(processVariables());
  if ('faults' in read) throw new Told(printFaults(read.faults));
  return read.environment;
}

type File = Extract<Loaded, { document: unknown }>;

/** The named file, faultless. @throws every fault at once, for the terminal. */
export function loadConfigFile(args: Args, environment: DatabaseEnvironment): File {
  const path = args.config ?? environment.configPath;
  if (path === undefined)
    throw new Told('KEYTURN_CONFIG is not set. Point it at keyturn.yaml, or name the file with --config.');
  const loaded = loadFile(path, processVariables());
  if ('faults' in loaded) throw new Told(printFaults(loaded.faults));
  return loaded;
}

/** Opens the database for one verb and closes it afterwards. */
export async function withDatabase<T>(
  environment: DatabaseEnvironment,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openStore(environment, 'server', (error) => console.error(error.message));
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** Whom `--as` names. Whether it is they, their second factor says, where one is configured. */
export function namedPerson(args: Args, directory: Directory): Person {
  if (args.as === undefined) throw new Told('Say who you are: --as you@your-company.example', 2);
  const person = directory.byEmail(args.as);
  if (!person) throw new Told(`${args.as} is not one of the people of the applied configuration.`);
  return person;
}

/** The same, of a lead. */
export function actingPerson(args: Args, directory: Directory): Person {
  const person = namedPerson(args, directory);
  if (person.tier !== 'lead') throw new Told(`${person.name} is not a lead, and only leads can do that.`);
  return person;
}
