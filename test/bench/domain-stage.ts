/** A Keyturn over a real Postgres beside a real Samba domain: its logins in custody, and what works on targets. */

import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { type Custody, openCustody, startTargets } from '../../src/app.js';
import { Secret } from '../../src/config/secret.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import { seedPassword } from '../../src/playground/seed.js';
import { apply } from '../../src/store/apply.js';
import { claimDatabase } from '../../src/store/deployment.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { type StorePorts, storePorts } from '../../src/store/store.js';
import { createDatabase } from '../support/postgres.js';
import { LDAPS, type SambaDomain, startSamba } from '../support/samba.js';
import { type Directory, openDirectory } from '../support/samba-directory.js';

export const LOGINS = 40;
const OWN = 'Keyturn-own-7-secret';

export interface DomainStage {
  readonly domain: SambaDomain;
  readonly directory: Directory;
  readonly database: Database;
  readonly ports: StorePorts;
  readonly group: string;
  /** `login0` …, each an account of its own (`acme/login0`) and a member to be of a group of its own (`acme/group0`). */
  readonly logins: readonly string[];
  passwordOf(login: string): Promise<string>;
  close(): Promise<void>;
}

export async function openDomainStage(): Promise<DomainStage> {
  const domain = await startSamba();
  const directory = await openDirectory(domain);
  const own = await directory.makeUser('keyturn', OWN);
  await directory.addMember(`CN=Domain Admins,${directory.usersDn}`, own);
  const group = await directory.makeGroup('Resets');
  const logins = Array.from({ length: LOGINS }, (_, n) => `login${n}`);
  for (const login of logins) await directory.makeUser(login, firstOf(login));
  const { url, drop } = await createDatabase({ migrated: false });
  await migrate(url);
  const database = openServer(url, () => undefined);
  await claimDatabase(database, 'server');
  const operator = { name: 'Bench', timezone: 'UTC' };
  const by = { email: null, event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml') };
  const declared = declare(domain, own, logins, group);
  await apply(database, { operator }, { operator, directory: declared }, by);
  let wake = () => {};
  const offers = {
    mode: 'server',
    factors: [],
    deliveries: ['reveal', 'elevate'],
    reachableClients: [],
  } as const;
  const ports = storePorts(database, offers, () => wake());
  const masterKey = new Secret(randomBytes(32).toString('base64'));
  const custody = await openCustody(database, { masterKey, oldMasterKeys: [] });
  await seedPassword({ ports, custody }, 'acme', 'system:acme-ad', new Secret(OWN));
  for (const login of logins)
    await seedPassword({ ports, custody }, 'acme', login, new Secret(firstOf(login)));
  const targets = startTargets(database, ports, custody, pino({ level: 'error' }));
  wake = () => targets.wake();
  return {
    ...{ domain, directory, database, ports, group, logins },
    passwordOf: (login) => current(ports, custody, login),
    close: async () => {
      await targets.stop();
      await database.close();
      await drop();
      await directory.close();
      await domain.close();
    },
  };
}

const firstOf = (login: string) => `The-first-of-${login}-1`;

async function current(ports: StorePorts, custody: Custody, login: string): Promise<string> {
  const { secret } = await ports.store.accountFacts('acme', login);
  return (await custody.openSecret('acme', login, secret?.version ?? 1)).reveal();
}

function declare(
  domain: SambaDomain,
  own: string,
  logins: readonly string[],
  group: string,
): DeclaredDirectory {
  const lent = {
    client: 'acme',
    system: 'acme-ad',
    policy: 'free',
    totp: false,
    settings: {},
    exclusive: true,
  };
  const mayRequest = ['L2'];
  return {
    people: logins.map((login) => ({
      ...{ email: `${login}@operator.example`, name: login, kind: 'staff' as const, tier: 'L2' as const },
      logins: { 'acme-ad': login },
    })),
    groups: {},
    policies: [
      {
        ...{ id: 'free', approvals: [], durations: [3600], decideWithin: 3600, ticket: 'optional' as const },
        ...{
          confirmClientName: false,
          linkSeconds: 600,
          mfa: { approve: false, reveal: false, break_glass: false },
        },
      },
    ],
    clients: [
      {
        ...{ id: 'acme', name: 'Acme', engagement: 'managed' as const, colour: 'green' as const },
        ...{ staff: [], domains: [] },
      },
    ],
    systems: [
      {
        ...{ client: 'acme', id: 'acme-ad', type: 'active-directory' },
        settings: {
          ...{ url: `ldaps://${domain.address}:${LDAPS}`, base_dn: domain.baseDn, bind_dn: own },
          ...{ bind_password: 'vault', ca: domain.ca, alarm_after: 900 },
        },
      },
    ],
    accounts: logins.flatMap((login, n) => [
      {
        ...{ ...lent, id: login, name: login, kind: 'ad-account', username: login, mayRequest },
        ...{ deliver: ['reveal' as const], rotate: { afterUse: true } },
      },
      {
        ...{ ...lent, id: `group${n}`, name: `Group ${n}`, kind: 'ad-group', mayRequest },
        ...{ deliver: ['elevate' as const], elevate: { group, as: 'own' as const } },
      },
    ]),
  };
}
