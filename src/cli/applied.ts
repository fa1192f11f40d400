/** The configuration in force, as the command line needs it: what it says, and which second factors it asks for. */

import { offersOf } from '../app.js';
import { compile } from '../config/compile.js';
import type { Config, MfaSettings } from '../config/config.js';
import { printFaults } from '../config/fault.js';
import { processVariables } from '../config/variables.js';
import type { Offers } from '../core/lendable.js';
import { newestConfiguration, type StoredConfiguration } from '../store/apply.js';
import type { Database } from '../store/driver.js';
import { type StorePorts, storePorts } from '../store/store.js';
import { Told } from './told.js';

/** The version in force, filled in from this shell's variables; null before the first. */
export async function applied(
  database: Database,
): Promise<{ readonly stored: StoredConfiguration; readonly config: Config } | null> {
  const stored = await newestConfiguration(database);
  return stored && { stored, config: compiled(stored) };
}

/** What a verb acts through: core's ports, and the second factors of the version in force. */
export interface Desk {
  readonly database: Database;
  readonly ports: StorePorts;
  /** Null where it asks for none: there `--as` alone goes on record. */
  readonly mfa: MfaSettings | null;
  /** Called after every commit: the outbox may have work. */
  wake: () => void;
}

const NO_FACTORS: Offers = { mode: 'server', factors: [], deliveries: ['reveal'], reachableClients: [] };

export async function openDesk(database: Database): Promise<Desk> {
  const stored = await newestConfiguration(database);
  // Where nobody is asked for a factor, nothing else of the file matters here, nor the variables it names.
  const config = stored?.document.mfa ? compiled(stored) : null;
  const offers = config ? offersOf(config, 'server') : NO_FACTORS;
  const desk: Desk = {
    database,
    mfa: config?.mfa ?? null,
    ports: storePorts(database, offers, () => desk.wake()),
    wake: () => undefined,
  };
  return desk;
}

function compiled(stored: StoredConfiguration): Config {
  const result = compile(stored.document, processVariables());
  if ('config' in result) return result.config;
  throw new Told(`The applied version can't be read:\n${printFaults(result.faults)}`);
}
