/** `rotate`: a new password for an account at its system, now. What hangs on the present one is named before anybody says yes. */

import { createInterface } from 'node:readline/promises';
import { connectorsOf, openCustody } from '../app.js';
import { type Connector, TargetError } from '../connectors/connector.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { canRotate } from '../core/lendable.js';
import { type Desk, openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

export async function rotate(args: Args): Promise<number> {
  const [name = ''] = args.words;
  const [client = '', account = ''] = name.split('/');
  if (client === '' || account === '' || args.words.length !== 1)
    throw new Told('Write it like: keyturn rotate acme/domain-admin --as you@your-company.example', 2);
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const desk = await openDesk(database);
    const { directory } = await desk.ports.facts.facts();
    const person = actingPerson(args, directory);
    const known = directory.account(client, account);
    const system = known && directory.system(client, known.system);
    if (!known) throw new Told(`There is no account ${name} in the applied version.`);
    if (!system || !canRotate(known, directory))
      throw new Told(sayRefusal({ code: 'cannot-rotate', account: name }, directory));
    const ways = await waysOf(args, desk, person);
    const connector = await connectorsOf(await openCustody(database, environment))(system);
    await confirmed(args, name, await hanging(connector, known.username ?? ''));
    await proven(desk, person, { verb: 'rotate', client, account, insists: true }, ways);
    console.log(await whatCameOfIt(desk, client, account));
    return 0;
  });
}

async function hanging(connector: Connector | null, login: string): Promise<readonly string[]> {
  try {
    return (await connector?.dependencies?.(login)) ?? [];
  } catch (error) {
    if (error instanceof TargetError) throw new Told(`${error.message} Nothing was changed.`);
    throw error;
  } finally {
    await connector?.close();
  }
}

async function confirmed({ yes }: Args, name: string, hanging: readonly string[]): Promise<void> {
  console.log(
    hanging.length === 0
      ? `Nothing that Keyturn can see hangs on the password of ${name}.`
      : `On the password of ${name} hang, and would break until they know the new one:\n${hanging.map((one) => `  ${one}`).join('\n')}`,
  );
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Told('There is no terminal to say yes in. Run it again with --yes. Nothing was done.');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const typed = await lines.question(`Type yes to change the password of ${name}: `);
    if (typed.trim().toLowerCase() !== 'yes') throw new Told('Nothing was done.');
  } finally {
    lines.close();
  }
}

/** The running Keyturn does it; where none runs, the next to start. */
async function whatCameOfIt({ ports }: Desk, client: string, account: string): Promise<string> {
  const { secret } = await ports.store.targetFacts(client, account);
  const now = secret ? ` Version ${secret.version} is in force until then.` : '';
  return `Asked for: the running Keyturn changes the password of ${client}/${account} and reads it back.${now}`;
}
