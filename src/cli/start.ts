/** `start`: the service, until it is told to stop. `start --local`: all of it, played on this machine. */

import type { App } from '../app.js';
import { compile } from '../config/compile.js';
import type { Config } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { printFaults } from '../config/fault.js';
import { createLog, type Logger } from '../config/logging.js';
import { processVariables } from '../config/variables.js';
import { event, KEYTURN } from '../core/audit.js';
import { apply, type Document, digestOf, newestConfiguration, newestVersion } from '../store/apply.js';
import type { Database } from '../store/driver.js';
import { openStore } from '../store/open.js';
import type { Args } from './args.js';
import { fullEnvironment, loadConfigFile } from './open.js';
import { untilStopped } from './signals.js';
import { Told } from './told.js';

export async function start(args: Args): Promise<number> {
  if (args.local) return (await import('./start-local.js')).startLocal();
  const environment = fullEnvironment();
  const log = createLog(environment.logLevel);
  // Before the database is touched: a file with faults changes nothing.
  const file = loadConfigFile(args, environment);
  const database = await openStore(environment, 'server', (err) => log.error({ err }, 'a connection failed'));
  try {
    await serve(environment, await configurationInForce(file, database, log), database, log);
  } finally {
    await database.close();
  }
  return 0;
}

async function serve(
  environment: Environment,
  config: Config,
  database: Database,
  log: Logger,
): Promise<void> {
  const { startApp } = await import('../app.js');
  const app: App = await startApp({ config, environment, mode: 'server', database, log });
  log.info({ port: app.port, publicUrl: environment.publicUrl }, 'ready');
  const signal = await untilStopped();
  log.info({ signal }, 'stopping');
  await app.stop();
}

/**
 * The database's newest version is in force. A first file is applied; a file that
 * has changed since waits for `apply`, and the log says so.
 */
async function configurationInForce(
  { document, config }: ReturnType<typeof loadConfigFile>,
  database: Database,
  log: Logger,
): Promise<Config> {
  const newest = await newestVersion(database);
  // The most usual start, of the file that is in force: nothing more is read of it.
  if (newest?.digest === digestOf(document as Document)) return config;
  const by = { email: null, event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml') };
  const first = newest ?? (await apply(database, document as Document, config, by, true));
  if ('changed' in first && first.changed) {
    log.info({ version: first.version }, 'keyturn.yaml was applied: it is the first');
    return config;
  }
  const stored = await newestConfiguration(database);
  if (stored === null || stored.digest === digestOf(document as Document)) return config;
  log.warn(
    { version: stored.version },
    'keyturn.yaml has changed since it was applied, and the applied version is in force. See what is new with "keyturn plan", then "keyturn apply".',
  );
  const compiled = compile(stored.document, processVariables());
  if ('faults' in compiled)
    throw new Told(`The applied configuration can't be used:\n${printFaults(compiled.faults)}`);
  return compiled.config;
}
