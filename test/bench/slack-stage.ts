/** Keyturn as an operator starts it, on Postgres, beside a fake Slack and a bare Bolt app: each a process of its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compose,
  type Delivered,
  type Kind,
  openWire,
} from '../../src/playground/slack/deliver/http-delivery.js';
import type { Fields, WorkspaceOptions } from '../../src/playground/slack/types.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { createDatabase } from '../support/postgres.js';
import { freePort } from '../support/postgres-server.js';
import { startProgram } from '../support/process.js';
import type { Issued, Wanted } from './fake-slack.js';
import { untilReady } from './ready.js';
import { CHANNEL, TEAM } from './slack-payloads.js';
import { bulk, requestId } from './stage.js';

const SIGNING_SECRET = '8f742231b10e4c55a9d3f0c27be61a94';
const BOT_TOKEN = 'xoxb-4471-bench-Qk2vT9';
const CLIENTS = 20;
const TECHS = 30;
const LEADS = 2;

export const techUser = (n: number) => `U0TECH${n % TECHS}`;
export const leadUser = (n: number) => `U0LEAD${n % LEADS}`;
/** Every piece of work has an account of its own; neighbours belong to different clients. */
export const accountName = (index: number) => `client-${index % CLIENTS}/a${Math.floor(index / CLIENTS)}`;

export interface SlackStage {
  readonly database: Database;
  /** What Slack would put into the next payload for this person. */
  issue(user: string): Promise<Issued>;
  toKeyturn(kind: Kind, payload: Fields): Promise<Delivered>;
  toBareBolt(kind: Kind, payload: Fields): Promise<Delivered>;
  /** Resolves when every card that is owed has been sent. */
  settled(): Promise<void>;
  /** Forgets the cards that are owed. */
  dropCards(): Promise<void>;
  close(): Promise<void>;
}

/** Opens it with so many accounts, and pending requests for the first so many of them. */
export async function openSlackStage(accounts: number, requests: number): Promise<SlackStage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const { url, drop } = await createDatabase({ migrated: false });
    closing.push(drop);
    await migrate(url);
    const database = openServer(url, () => undefined);
    closing.push(() => database.close());
    const fake = await forked('fake-slack.js', [JSON.stringify(workspace())]);
    closing.push(() => ended(fake.child));
    const { apiUrl } = fake.first as { apiUrl: string };
    const port = await startKeyturn(url, folder, accounts, apiUrl, closing);
    await prepare(database, requests);
    const barePort = await freePort();
    const path = `/slack/events/${TEAM}`;
    const bare = await forked('bare-bolt.js', [String(barePort), SIGNING_SECRET, path]);
    closing.push(() => ended(bare.child));
    const wire = openWire();
    closing.push(async () => wire.close());
    const to = (at: number) => (kind: Kind, payload: Fields) =>
      wire.send(compose(kind, payload, SIGNING_SECRET, `http://127.0.0.1:${at}${path}`), 10_000);
    return {
      database,
      issue: issuer(fake.child),
      toKeyturn: to(port),
      toBareBolt: to(barePort),
      settled: () => untilSettled(database),
      dropCards: async () => {
        await bulk(database, 'delete from keyturn.jobs where leased_until is null');
        await untilSettled(database);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startKeyturn(
  databaseUrl: string,
  folder: string,
  accounts: number,
  apiUrl: string,
  closing: (() => Promise<unknown>)[],
): Promise<number> {
  const config = join(folder, 'keyturn.yaml');
  await writeFile(config, JSON.stringify(configuration(accounts)));
  const [port, adminPort] = [await freePort(), await freePort()];
  const running = startProgram(['start'], {
    cwd: folder,
    env: {
      KEYTURN_CONFIG: config,
      DATABASE_URL: databaseUrl,
      KEYTURN_MASTER_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      LOG_LEVEL: 'warn',
      KEYTURN_ALLOW_TEST_ENDPOINTS: '1',
      SLACK_API_URL: apiUrl,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
    },
  });
  closing.push(() => running.stop());
  await untilReady(port, running);
  return port;
}

function workspace(): WorkspaceOptions {
  const user = (kind: string) => (_: unknown, n: number) => ({
    ...{ id: `U0${kind.toUpperCase()}${n}`, name: `${kind} ${n}`, email: `${kind}${n}@operator.example` },
    isEmailConfirmed: true,
  });
  return {
    ...{
      team: TEAM,
      name: 'Bench',
      botToken: BOT_TOKEN,
      signingSecret: SIGNING_SECRET,
      botUserId: 'U0KEYTURN',
    },
    users: [...Array.from({ length: TECHS }, user('tech')), ...Array.from({ length: LEADS }, user('lead'))],
    channels: [{ id: CHANNEL, name: 'access-requests', botIsMember: true }],
  };
}

/** How keyturn.yaml names a secret of the environment. */
const variable = (name: string) => `\${${name}}`;

function configuration(accounts: number): object {
  const staff = (kind: string, tier: string) => (_: unknown, n: number) => ({
    ...{ email: `${kind}${n}@operator.example`, name: `${kind} ${n}`, tier },
  });
  const account = (client: number) => (_: unknown, n: number) => ({
    ...{ id: `a${n}`, name: `Account ${client} ${n}`, kind: 'password', username: 'admin' },
    ...{ may_request: ['L2'], deliver: ['reveal'], policy: 'bench' },
  });
  return {
    operator: { name: 'Bench', timezone: 'UTC' },
    chat: {
      slack: [
        {
          ...{
            of: 'operator',
            team: TEAM,
            bot_token: variable('SLACK_BOT_TOKEN'),
            signing_secret: variable('SLACK_SIGNING_SECRET'),
          },
          requests_channel: CHANNEL,
        },
      ],
    },
    mfa: { order: ['totp'] },
    people: [
      ...Array.from({ length: TECHS }, staff('tech', 'L2')),
      ...Array.from({ length: LEADS }, staff('lead', 'lead')),
    ],
    policies: { bench: { approvals: [{ from: 'leads', need: 1 }], durations: ['1h'], mfa: false } },
    clients: Array.from({ length: CLIENTS }, (_, n) => ({
      ...{ id: `client-${n}`, name: `Client ${n}`, engagement: 'managed', colour: 'green' },
      accounts: Array.from({ length: Math.ceil(accounts / CLIENTS) }, account(n)),
    })),
  };
}

/** Everybody linked, every password in custody, and requests that wait for a lead. */
async function prepare(database: Database, requests: number): Promise<void> {
  const here = `select id, position, split_part(email, '@', 1) as login from keyturn.people`;
  await bulk(
    database,
    `insert into keyturn.identities (platform, workspace, user_id, person, linked_at, proven_at)
     select 'slack', $1, 'U0' || upper(login), id, keyturn.now(), keyturn.now() from (${here}) p`,
    [TEAM],
  );
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
     from generate_series(0, $1::int - 1) n join (${here}) p on p.login = 'tech' || n % ${TECHS}`,
    [requests],
  );
  await bulk(
    database,
    'vacuum analyze keyturn.requests, keyturn.accounts, keyturn.secrets, keyturn.people, keyturn.identities',
  );
}

async function untilSettled(database: Database): Promise<void> {
  for (;;) {
    const text = 'select count(*)::int as left from keyturn.jobs';
    const [row] = await database.run<{ left: number }>({ name: 'jobs_left', text }, []);
    if (row?.left === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function issuer(child: ChildProcess): (user: string) => Promise<Issued> {
  const waiting = new Map<number, (issued: Issued) => void>();
  let number = 0;
  child.on('message', (issued: Issued) => {
    waiting.get(issued.number)?.(issued);
    waiting.delete(issued.number);
  });
  return (user) =>
    new Promise((resolve) => {
      const wanted: Wanted = { number: ++number, user, channel: CHANNEL };
      waiting.set(wanted.number, resolve);
      child.send(wanted);
    });
}

/** Starts a process beside this bundle and waits for its first word. */
async function forked(file: string, args: string[]): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ['ignore', 2, 2, 'ipc'] });
  const first = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, first };
}

function ended(child: ChildProcess): Promise<unknown> {
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return over;
}

/** The press of Approve on the request of this index needs a lead, and each has a turn. */
export const approvalOf = (index: number) => ({ user: leadUser(index), request: requestId(index) });
