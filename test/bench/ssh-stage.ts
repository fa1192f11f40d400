/** A real sshd, a real Postgres, and accounts on the one that are lent as sessions by what is on the other. */

import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openCustody } from '../../src/app.js';
import { hashTicket, newTicket } from '../../src/broker/ticket-token.js';
import { Secret } from '../../src/config/secret.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import type { Command } from '../../src/core/command.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { PersonId } from '../../src/core/people.js';
import { perform } from '../../src/core/perform.js';
import { seedPassword } from '../../src/playground/seed.js';
import { apply } from '../../src/store/apply.js';
import { claimDatabase } from '../../src/store/deployment.js';
import { openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { storePorts } from '../../src/store/store.js';
import { createDatabase } from '../support/postgres.js';
import { type Sshd, startSshd } from '../support/sshd.js';
import { ended, forked } from './forked.js';
import { OFFERS } from './ssh-offers.js';

export const LOGIN = 'brkadm';

/** A bastion, or what is in its place, as a process. */
export interface Door {
  readonly child: ChildProcess;
  readonly port: number;
}

export interface SshStage {
  readonly sshd: Sshd;
  /** What LOGIN signs in with at the target. */
  readonly password: string;
  /** One more replica: the whole assembly with its own connections to the database. */
  startBastion(flags?: string[]): Promise<Door>;
  /** ssh2 without gate or recording, in front of the same target. */
  startRelay(flags?: string[]): Promise<Door>;
  /** A live grant of the account of this number. */
  grant(index: number): Promise<string>;
  /** A fresh ticket for it. */
  ticket(grant: string): Promise<string>;
  /** Resolves once a lead's word that it is over is committed. */
  revoke(grant: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens it with so many accounts, all of the one login at the target. */
export async function openSshStage(accounts: number): Promise<SshStage> {
  const sshd = await startSshd({ config: ['Subsystem sftp internal-sftp'] });
  const password = randomBytes(24).toString('base64url');
  await sshd.addUser(LOGIN, password);
  const { url, drop } = await createDatabase({ migrated: false });
  await migrate(url);
  const database = openServer(url, () => undefined);
  await claimDatabase(database, 'server');
  const operator = { name: 'Bench', timezone: 'UTC' };
  const by = { email: null, event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml') };
  await apply(database, { operator }, { operator, directory: declared(sshd, accounts) }, by);
  const ports = storePorts(database, OFFERS, () => undefined);
  const masterKey = randomBytes(32).toString('base64');
  const custody = await openCustody(database, { masterKey: new Secret(masterKey), oldMasterKeys: [] });
  for (let n = 0; n < accounts; n++)
    await seedPassword({ ports, custody }, 'acme', accountOf(n), new Secret(password));
  const { directory } = await ports.facts.facts();
  const act = async (name: 'tech' | 'lead', command: Command): Promise<string> => {
    const person = directory.byEmail(`${name}@operator.example`)?.id as PersonId;
    const outcome = await perform(ports, { person, via: 'slack' }, command);
    if (!('done' in outcome)) throw new Error(`${command.verb}: ${JSON.stringify(outcome)}`);
    return outcome.done;
  };
  const doors: ChildProcess[] = [];
  const start = async (file: string, args: string[], flags?: string[]): Promise<Door> => {
    const { child, first } = await forked(file, args, flags);
    doors.push(child);
    return { child, ...(first as { port: number }) };
  };
  const target = [sshd.host, String(sshd.port), LOGIN, password];
  return {
    ...{ sshd, password },
    startBastion: (flags) => start('bastion.js', [url, masterKey], flags),
    startRelay: (flags) => start('bare-relay.js', target, flags),
    async grant(index) {
      const why = { seconds: 3600, reason: 'the disk is full', ticket: null };
      const request = await act('tech', { verb: 'ask', client: 'acme', account: accountOf(index), ...why });
      return `G${request.slice(1)}`;
    },
    async ticket(grant) {
      const token = newTicket();
      const ticket = { id: ports.fresh.ticketId(), tokenHash: hashTicket(token) as string };
      await act('tech', { verb: 'press-connect', id: grant, ticket });
      return token;
    },
    revoke: async (grant) => void (await act('lead', { verb: 'revoke', id: grant, reason: 'bench' })),
    async close() {
      await Promise.all(doors.map(ended));
      await database.close();
      await drop();
      await sshd.close();
    },
  };
}

const accountOf = (index: number) => `root${index}`;

function declared({ host, port, hostKey }: Sshd, accounts: number): DeclaredDirectory {
  const mfa = { approve: false, reveal: false, break_glass: false };
  return {
    people: (['tech', 'lead'] as const).map((name) => ({
      ...{ email: `${name}@operator.example`, name, kind: 'staff', tier: name === 'tech' ? 'L2' : 'lead' },
    })),
    groups: {},
    policies: [
      {
        ...{ id: 'free', approvals: [], durations: [3600], decideWithin: 3600, ticket: 'optional' },
        ...{ confirmClientName: false, linkSeconds: 600, mfa },
      },
    ],
    clients: [{ id: 'acme', name: 'Acme', engagement: 'managed', colour: 'green', staff: [], domains: [] }],
    systems: [
      {
        ...{ client: 'acme', id: 'web', type: 'ssh' },
        settings: { host: `${host}:${port}`, host_key: hostKey },
      },
    ],
    accounts: Array.from({ length: accounts }, (_, n) => ({
      ...{ client: 'acme', id: accountOf(n), name: `root ${n}`, kind: 'ssh-account', system: 'web' },
      ...{ username: LOGIN, policy: 'free', mayRequest: ['L2'], deliver: ['ssh'], exclusive: true },
      ...{ totp: false, rotate: { afterUse: false }, settings: {} },
    })),
  };
}
