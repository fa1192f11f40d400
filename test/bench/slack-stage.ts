/** Keyturn as an operator starts it, on Postgres, beside a fake Slack and a bare Bolt app: each a process of its own. */

import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { ended, forked } from './forked.js';
import {
  emailOf,
  LOGINS,
  lead,
  linkOffice,
  nameOf,
  officeConfiguration,
  prepareOffice,
  slackUser,
  tech,
  untilSettled,
  variable,
} from './office.js';
import { untilReady } from './ready.js';
import { CHANNEL, TEAM } from './slack-payloads.js';
import { bulk, requestId } from './stage.js';

const SIGNING_SECRET = '8f742231b10e4c55a9d3f0c27be61a94';
const BOT_TOKEN = 'xoxb-4471-bench-Qk2vT9';

export const techUser = (n: number) => slackUser(tech(n));
export const leadUser = (n: number) => slackUser(lead(n));

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
    await linkOffice(database, 'slack', TEAM, slackUser);
    await prepareOffice(database, requests);
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
  return {
    ...{
      team: TEAM,
      name: 'Bench',
      botToken: BOT_TOKEN,
      signingSecret: SIGNING_SECRET,
      botUserId: 'U0KEYTURN',
    },
    users: LOGINS.map((login) => ({
      ...{ id: slackUser(login), name: nameOf(login), email: emailOf(login), isEmailConfirmed: true },
    })),
    channels: [{ id: CHANNEL, name: 'access-requests', botIsMember: true }],
  };
}

function configuration(accounts: number): object {
  const secrets = {
    bot_token: variable('SLACK_BOT_TOKEN'),
    signing_secret: variable('SLACK_SIGNING_SECRET'),
  };
  return {
    ...officeConfiguration(accounts),
    chat: { slack: [{ of: 'operator', team: TEAM, ...secrets, requests_channel: CHANNEL }] },
    mfa: { order: ['totp'] },
  };
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

/** The press of Approve on the request of this index needs a lead, and each has a turn. */
export const approvalOf = (index: number) => ({ user: leadUser(index), request: requestId(index) });
