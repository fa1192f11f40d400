/** A middling operator on a real Postgres: forty staff, twenty clients, thousands of accounts with passwords in custody. */

import { event, KEYTURN } from '../../src/core/audit.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Offers } from '../../src/core/lendable.js';
import type { Person } from '../../src/core/people.js';
import type { Policy } from '../../src/core/policy.js';
import { apply } from '../../src/store/apply.js';
import { claimDatabase } from '../../src/store/deployment.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { type StorePorts, storePorts } from '../../src/store/store.js';
import { createDatabase } from '../support/postgres.js';

const OFFERS: Offers = { mode: 'server', factors: [], deliveries: ['reveal'], reachableClients: [] };
const CLIENTS = 20;

export interface Stage {
  readonly url: string;
  readonly database: Database;
  readonly ports: StorePorts;
  readonly requesters: readonly Person[];
  readonly leads: readonly Person[];
  readonly security: readonly Person[];
  close(): Promise<void>;
}

export interface Place {
  readonly client: string;
  readonly account: string;
}

/** Every piece of work has an account of its own; neighbours belong to different clients. */
export function placeOf(index: number): Place {
  return { client: `client-${index % CLIENTS}`, account: `a${Math.floor(index / CLIENTS)}` };
}

/** Opens it with so many accounts, all under one policy. */
export async function openStage(accounts: number, approvals: Policy['approvals']): Promise<Stage> {
  const { url, drop } = await createDatabase({ migrated: false });
  await migrate(url);
  const database = openServer(url, () => undefined);
  await claimDatabase(database, 'server');
  const operator = { name: 'Bench', timezone: 'UTC' };
  await apply(
    database,
    { operator },
    { operator, directory: declared(accounts, approvals) },
    {
      email: null,
      event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml'),
    },
  );
  await bulk(
    database,
    `insert into keyturn.secrets (client, account, version, sealed, at)
     select client, id, 1, 'sealed', keyturn.now() from keyturn.accounts`,
  );
  // Only what is filled already: a table that was analysed while it was empty is planned as if it stayed so.
  await bulk(database, 'vacuum analyze keyturn.accounts, keyturn.secrets, keyturn.people, keyturn.clients');
  const ports = storePorts(database, OFFERS, () => undefined);
  const { directory } = await ports.facts.facts();
  const named = (prefix: string) => directory.people.filter((p) => p.email.startsWith(prefix));
  return {
    ...{ url, database, ports },
    requesters: named('tech'),
    leads: named('lead'),
    security: named('guard'),
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

/** Preparation outside what is measured. */
export async function bulk(database: Database, text: string, values: unknown[] = []): Promise<void> {
  await database.run({ name: '', text }, values);
}

/** One pending request for each of the first so many accounts. */
export async function preparePending(stage: Stage, requests: number): Promise<void> {
  await bulk(
    stage.database,
    `insert into keyturn.requests (id, client, account, requester, seconds, reason, ticket, delivery, policy,
       policy_version, state, version, asked_at, decide_by)
     select 'R-' || lpad(n::text, 6, '0'), 'client-' || n % ${CLIENTS}, 'a' || n / ${CLIENTS},
       ($2::text[])[1 + n % cardinality($2::text[])], 3600, 'the printer is on fire again', null, 'reveal', 'bench',
       1, 'pending', 1, keyturn.now(), keyturn.now() + interval '8 hours'
     from generate_series(0, $1::int - 1) n`,
    [requests, stage.requesters.map((p) => p.id)],
  );
  await bulk(stage.database, 'vacuum analyze keyturn.requests');
}

export const requestId = (index: number) => `R-${String(index).padStart(6, '0')}`;

function declared(accounts: number, approvals: Policy['approvals']): DeclaredDirectory {
  const staff = (prefix: string, count: number, tier: 'L2' | 'L3' | 'lead') =>
    Array.from({ length: count }, (_, n) => ({
      ...{ email: `${prefix}${n}@operator.example`, name: `${prefix} ${n}`, tier, kind: 'staff' as const },
    }));
  return {
    people: [...staff('tech', 30, 'L2'), ...staff('lead', 5, 'lead'), ...staff('guard', 5, 'L3')],
    groups: { security: Array.from({ length: 5 }, (_, n) => `guard${n}@operator.example`) },
    policies: [policy(approvals)],
    clients: Array.from({ length: CLIENTS }, (_, n) => ({
      ...{ id: `client-${n}`, name: `Client ${n}`, engagement: 'managed' as const, colour: 'green' as const },
      ...{ staff: [], domains: [] },
    })),
    systems: [],
    accounts: Array.from({ length: accounts }, (_, n) => accountAt(n)),
  };
}

function policy(approvals: Policy['approvals']) {
  return {
    ...{ id: 'bench', approvals, durations: [3600], decideWithin: 28_800, ticket: 'optional' as const },
    ...{
      confirmClientName: false,
      linkSeconds: 600,
      mfa: { approve: false, reveal: false, break_glass: false },
    },
  };
}

function accountAt(index: number) {
  const { client, account } = placeOf(index);
  return {
    ...{
      client,
      id: account,
      name: `Account ${index}`,
      kind: 'password',
      username: 'admin',
      policy: 'bench',
    },
    ...{ mayRequest: ['L2'], deliver: ['reveal' as const], exclusive: true, totp: false, settings: {} },
  };
}
