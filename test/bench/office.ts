/** The operator of the stages on which chats are played: staff, clients, accounts, and requests that wait for a lead. */

import type { Database } from '../../src/store/driver.js';
import { bulk } from './stage.js';

const CLIENTS = 20;
const TECHS = 30;
const LEADS = 2;

export const LOGINS: readonly string[] = [
  ...Array.from({ length: TECHS }, (_, n) => `tech${n}`),
  ...Array.from({ length: LEADS }, (_, n) => `lead${n}`),
];
export const tech = (n: number) => `tech${n % TECHS}`;
export const lead = (n: number) => `lead${n % LEADS}`;
export const emailOf = (login: string) => `${login}@operator.example`;
export const nameOf = (login: string) => login.replace(/(\d)/, ' $1');
/** A Slack user's id. */
export const slackUser = (login: string) => `U0${login.toUpperCase()}`;
/** Every piece of work has an account of its own; neighbours belong to different clients. */
export const accountName = (index: number) => `client-${index % CLIENTS}/a${Math.floor(index / CLIENTS)}`;
/** How keyturn.yaml names a secret of the environment. */
export const variable = (name: string) => `\${${name}}`;

/** All of keyturn.yaml but `chat` and `mfa`, with so many accounts. */
export function officeConfiguration(accounts: number, confirmed = false) {
  const account = (client: number) => (_: unknown, n: number) => ({
    ...{ id: `a${n}`, name: `Account ${client} ${n}`, kind: 'password', username: 'admin' },
    ...{ may_request: ['L2'], deliver: ['reveal'], policy: 'bench' },
  });
  return {
    operator: { name: 'Bench', timezone: 'UTC' },
    people: LOGINS.map((login) => ({
      ...{ email: emailOf(login), name: nameOf(login), tier: login.startsWith('lead') ? 'lead' : 'L2' },
    })),
    policies: {
      bench: {
        ...{ approvals: [{ from: 'leads', need: 1 }], durations: ['1h'] },
        ...(confirmed ? {} : { mfa: false }),
      },
    },
    clients: Array.from({ length: CLIENTS }, (_, n) => ({
      ...{ id: `client-${n}`, name: `Client ${n}`, engagement: 'managed', colour: 'green' },
      accounts: Array.from({ length: Math.ceil(accounts / CLIENTS) }, account(n)),
    })),
  };
}

/** Everybody's account in one chat, completed by a factor long ago. */
export async function linkOffice(
  database: Database,
  platform: 'slack' | 'teams',
  workspace: string,
  userOf: (login: string) => string,
): Promise<void> {
  await bulk(
    database,
    `insert into keyturn.identities (platform, workspace, user_id, person, linked_at, proven_at)
     select $1, $2, u.id, p.id, keyturn.now(), keyturn.now()
     from keyturn.people p join unnest($3::text[], $4::text[]) u (email, id) on u.email = p.email`,
    [platform, workspace, LOGINS.map(emailOf), LOGINS.map(userOf)],
  );
}

/** Every password in custody, and requests that wait for a lead. */
export async function prepareOffice(database: Database, requests: number): Promise<void> {
  await bulk(
    database,
    `insert into keyturn.secrets (client, account, version, sealed, at)
     select client, id, 1, 'sealed', keyturn.now() from keyturn.accounts`,
  );
  await bulk(
    database,
    `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version,
       state, version, asked_at, decide_by)
     select 'R-' || lpad(n::text, 6, '0'), 'client-' || n % ${CLIENTS}, 'a' || n / ${CLIENTS}, p.id, 3600,
       'the printer is on fire again', 'reveal', 'bench', 1, 'pending', 1, keyturn.now(),
       keyturn.now() + interval '4 hours'
     from generate_series(0, $1::int - 1) n join keyturn.people p on p.email = 'tech' || n % ${TECHS} || '@operator.example'`,
    [requests],
  );
  await bulk(
    database,
    'vacuum analyze keyturn.requests, keyturn.accounts, keyturn.secrets, keyturn.people, keyturn.identities',
  );
}

/** Resolves when the outbox owes nothing more. */
export async function untilSettled(database: Database): Promise<void> {
  for (;;) {
    const text = 'select count(*)::int as left from keyturn.jobs';
    const [row] = await database.run<{ left: number }>({ name: 'jobs_left', text }, []);
    if (row?.left === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
