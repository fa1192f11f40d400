/** `doctor`: is everything that Keyturn needs within reach? Each finding says what to do. */

import { offersOf, openCustody } from '../app.js';
import type { Config } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { fullName } from '../core/accounts.js';
import type { Directory } from '../core/directory.js';
import { lendsSecret, unlendable } from '../core/lendable.js';
import { seedName } from '../core/seed.js';
import { type Document, digestOf, newestConfiguration } from '../store/apply.js';
import { verifyChains } from '../store/audit.js';
import { now } from '../store/deployment.js';
import { readDirectory } from '../store/directory.js';
import type { Database } from '../store/driver.js';
import { backlog } from '../store/jobs.js';
import { accountsWithSecret, dataKeys } from '../store/secrets.js';
import type { Args } from './args.js';
import { onChats, onPeople } from './doctor/chats.js';
import { onFactors } from './doctor/factors.js';
import { bad, type Finding, good } from './doctor/finding.js';
import { onSystems } from './doctor/systems.js';
import { fullEnvironment, loadConfigFile, withDatabase } from './open.js';

/** So far may this machine's clock be from the database's; one-time codes tolerate no more. */
const MOST_SKEW_MS = 5_000;

export async function doctor(args: Args): Promise<number> {
  const environment = fullEnvironment();
  const { document, config } = loadConfigFile(args, environment);
  const findings = [
    good('keyturn.yaml is sound'),
    ...(await withDatabase(environment, (database) =>
      onDatabase(database, environment, document as Document, config),
    )),
    ...(await onFactors(config.mfa, environment)),
    await onPublicUrl(environment),
  ];
  for (const { ok, says } of findings) console.log(`${ok ? 'ok  ' : 'DO  '}${says}`);
  const todo = findings.filter((f) => !f.ok).length;
  console.log(todo === 0 ? 'Everything is within reach.' : `${todo} to do.`);
  return todo === 0 ? 0 : 1;
}

async function onDatabase(
  database: Database,
  environment: Environment,
  document: Document,
  config: Config,
): Promise<Finding[]> {
  return [
    good("the database answers and has this version's shape"),
    await onClock(database),
    await onApplied(database, document),
    await onKeys(database, environment),
    await onChains(database),
    ...(await onBacklog(database)),
    ...(await onPeople(database)),
    ...(await onAccounts(database, config)),
    ...(await onSystems(database, environment)),
    ...(await onBastionIfLent(database, environment)),
    ...(await onChats(config, environment, database)),
  ];
}

/** ssh2 is loaded only where something is lent by it. */
async function onBastionIfLent(database: Database, environment: Environment): Promise<Finding[]> {
  const { accounts } = await readDirectory(database);
  if (!accounts.some(({ deliver }) => deliver.includes('ssh'))) return [];
  const { onBastion } = await import('./doctor/bastion.js');
  return [await onBastion(database, environment)];
}

async function onClock(database: Database): Promise<Finding> {
  const skew = Math.abs((await now(database)).getTime() - Date.now());
  return skew < MOST_SKEW_MS
    ? good("this machine's clock agrees with the database's")
    : bad(
        `this machine's clock and the database's are ${Math.round(skew / 1000)} seconds apart: have both follow NTP`,
      );
}

async function onApplied(database: Database, document: Document): Promise<Finding> {
  const stored = await newestConfiguration(database);
  if (stored === null) return good('nothing is applied yet; start applies keyturn.yaml');
  return stored.digest === digestOf(document)
    ? good(`keyturn.yaml is the version in force (${stored.version})`)
    : bad(
        `keyturn.yaml has changed since version ${stored.version} was applied: look with "keyturn plan", then "keyturn apply"`,
      );
}

async function onKeys(database: Database, environment: Environment): Promise<Finding> {
  const { vault } = await openCustody(database, environment);
  const clients = await dataKeys(database).list();
  for (const { client, keyId } of clients) {
    const place = { client, account: 'doctor', version: 1 };
    const { Secret } = await import('../config/secret.js');
    const opens = await vault.seal(new Secret('x'), place).then(
      () => true,
      () => false,
    );
    if (!opens)
      return bad(
        `the data key of ${client} is wrapped by ${keyId}: put that master key into KEYTURN_MASTER_KEYS_OLD`,
      );
  }
  return good(`the master key opens every data key (${clients.length})`);
}

async function onChains(database: Database): Promise<Finding> {
  const broken = (await verifyChains(database)).filter((chain) => chain.brokenAt !== null);
  return broken.length === 0
    ? good('every audit chain is whole')
    : bad(
        `audit chains are broken (${broken.map((b) => b.chain).join(', ')}): run "keyturn audit verify" and find out who could write there`,
      );
}

async function onBacklog(database: Database): Promise<Finding[]> {
  const { waiting, oldestSeconds, overdueRevocations } = await backlog(database);
  return [
    oldestSeconds < 60
      ? good('nothing waits long in the outbox')
      : bad(
          `${waiting} jobs wait in the outbox, the oldest for ${Math.round(oldestSeconds)} seconds: is "keyturn start" running, and are the chats within reach?`,
        ),
    ...(overdueRevocations === 0
      ? []
      : [
          bad(
            `${overdueRevocations} ends are not yet true at the target; their cards say what is in the way, or who has to change a password`,
          ),
        ]),
  ];
}

async function onAccounts(database: Database, config: Config): Promise<Finding[]> {
  const directory = await readDirectory(database);
  const have = await accountsWithSecret(database);
  const reachableClients = directory.clients.map((c) => c.id);
  const offers = { ...offersOf(config, 'server'), reachableClients };
  return directory.accounts
    .filter(lendsSecret)
    .filter((a) => unlendable(a, directory, offers).length === 0 && !have.has(`${a.client}/${a.id}`))
    .map((a) =>
      bad(
        `${a.client}/${a.id} has no password in custody: keyturn secret set ${a.client}/${a.id} --as <a lead>`,
      ),
    )
    .concat(withoutSeed(directory, have));
}

function withoutSeed({ accounts }: Directory, have: ReadonlySet<string>): Finding[] {
  return accounts
    .filter(({ totp, client, id }) => totp && !have.has(`${client}/${seedName(id)}`))
    .map(fullName)
    .map((name) =>
      bad(
        `${name} has no seed of its one-time codes in custody: keyturn secret set ${name} --totp --as <a lead>`,
      ),
    );
}

async function onPublicUrl({ publicUrl }: Environment): Promise<Finding> {
  const url = `${publicUrl}/healthz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return answer?.ok
    ? good(`${publicUrl} leads here`)
    : bad(`${url} doesn't answer: start Keyturn, and let PUBLIC_URL lead to its PORT`);
}
