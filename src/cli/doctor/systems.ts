/** Whether Keyturn can sign in at every system that it has to change things at. */

import { randomBytes } from 'node:crypto';
import { connectorsOf, openCustody } from '../../app.js';
import type { Environment } from '../../config/environment.js';
import { Secret } from '../../config/secret.js';
import { TargetError } from '../../connectors/connector.js';
import { abilitiesOf } from '../../core/abilities.js';
import { type System, systemAccount } from '../../core/accounts.js';
import { readDirectory } from '../../store/directory.js';
import type { Database } from '../../store/driver.js';
import { newestSecret } from '../../store/secrets.js';
import { bad, type Finding, good } from './finding.js';

/** One finding a system that a connector serves. */
export async function onSystems(database: Database, environment: Environment): Promise<Finding[]> {
  const { systems } = await readDirectory(database);
  const connect = connectorsOf(await openCustody(database, environment));
  const served = systems.filter(({ type }) => abilitiesOf(type).rotate);
  return Promise.all(served.map((system) => onSystem(database, system, connect)));
}

async function onSystem(
  database: Database,
  system: System,
  connect: ReturnType<typeof connectorsOf>,
): Promise<Finding> {
  const name = `${system.client}/${system.id}`;
  const wantsSecret = ['bind_password', 'password', 'secret'].some((key) => system.settings[key] === 'vault');
  if (wantsSecret && !(await newestSecret(database, system.client, systemAccount(system.id))))
    return bad(`Keyturn has nothing to sign in with at ${name}: keyturn secret set ${name} --as <a lead>`);
  const connector = await connect(system);
  try {
    // Whoever refuses a login that nobody has is there, and is the one that was configured.
    await connector?.verify('keyturn-doctor', new Secret(randomBytes(18).toString('base64url')));
    return good(`${name} answers, and is the system that was configured`);
  } catch (error) {
    if (error instanceof TargetError) return bad(`${name}: ${error.message}`);
    throw error;
  } finally {
    await connector?.close();
  }
}
