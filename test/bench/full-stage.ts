/** Keyturn with everything configured, on Postgres, beside a fake Slack, Teams and Duo: each a process of its own. */

import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeDuoOptions } from '../../src/playground/duo/index.js';
import type { WorkspaceOptions } from '../../src/playground/slack/types.js';
import type { TenantOptions } from '../../src/playground/teams/index.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { migrate } from '../../src/store/migrate.js';
import { noticePending } from '../../src/store/postings.js';
import { createDatabase } from '../support/postgres.js';
import { freePort } from '../support/postgres-server.js';
import { type Running, startProgram } from '../support/process.js';
import { ended, forked } from './forked.js';
import {
  emailOf,
  LOGINS,
  linkOffice,
  nameOf,
  officeConfiguration,
  prepareOffice,
  slackUser,
  untilSettled,
  variable,
} from './office.js';
import type { Answered, Asked, Told, Updated } from './played.js';
import { untilReady } from './ready.js';

export const WORKSPACE = 'T0BENCH';
export const SLACK_CHANNEL = 'C0ACCESS';
export const TENANT = '5f1c2a30-0000-4000-8000-00000000a0a0';
export const TEAMS_CHANNEL = '19:access-requests@thread.tacv2';
/** A client with chats of its own beside the operator's. */
const CLIENT = 'client-0';
const CLIENT_WORKSPACE = 'T0CLIENT';
const CLIENT_TENANT = '5f1c2a30-0000-4000-8000-00000000beac';

/** What the environment holds beside addresses. */
const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-4471-bench-Qk2vT9',
  SLACK_SIGNING_SECRET: '8f742231b10e4c55a9d3f0c27be61a94',
  CLIENT_SLACK_BOT_TOKEN: 'xoxb-8820-client-Wm7pR3',
  CLIENT_SLACK_SIGNING_SECRET: 'c1e07d3a52f94b68b0aa7e15d9263f4c',
  MICROSOFT_APP_ID: 'b07a0000-0000-4000-8000-000000000001',
  MICROSOFT_APP_PASSWORD: 'nw~8Q.bench-Kv31Lw',
  CLIENT_MICROSOFT_APP_ID: 'b07a0000-0000-4000-8000-00000000beac',
  CLIENT_MICROSOFT_APP_PASSWORD: 'be~8Q.bench-Ts77Xq',
  DUO_IKEY: 'DIKEYTURN00000000001',
  DUO_SKEY: 'a7d1f3c95b2e8460d1c7e9f3b5a80246c1d3e5f7',
  DUO_CLIENT_ID: 'DIKEYTURN00000000002',
  DUO_CLIENT_SECRET: 'f1e2d3c4b5a697887766554433221100ffeeddcc',
};

/** The directory's id of somebody, as Teams names them. */
export const teamsUser = (login: string) =>
  `0b1ec700-0000-4000-8000-${Buffer.from(login).toString('hex').padEnd(12, '0').slice(0, 12)}`;

/** Bytes that change a message, for whoever has the bot's token. */
export type BareUpdate = (update: Updated) => Promise<Response>;

export interface FullStage {
  readonly database: Database;
  /** Starts Keyturn and waits until it is ready; the first start migrates and applies. */
  start(): Promise<{ readonly running: Running; readonly ms: number }>;
  /** Everybody linked in both chats, every password in custody, and so many requests whose cards are posted. */
  prepare(requests: number): Promise<void>;
  /** Has somebody in Slack do something. @throws where it isn't taken. */
  inSlack(act: 'click' | 'slash', ...given: readonly unknown[]): Promise<void>;
  /** The same in Teams. */
  inTeams(act: 'presses' | 'says', ...given: readonly unknown[]): Promise<void>;
  /** Hears of every update that the fakes have taken. */
  onUpdated(listener: (updated: Updated) => void): void;
  /** A client that does nothing but updates. */
  bareUpdates(): Promise<BareUpdate>;
  /** Resolves when every card that is owed has been sent. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface FullStageOptions {
  readonly accounts: number;
  /** True: approvals wait for the approver's phone. */
  readonly confirmed?: boolean;
}

export async function openFullStage({ accounts, confirmed = false }: FullStageOptions): Promise<FullStage> {
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
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const play = async (file: string, options: object) => {
      const { child, first } = await forked(file, [JSON.stringify(options)]);
      closing.push(() => ended(child));
      return { child, first: first as Readonly<Record<string, string>> };
    };
    const [slack, teams, duo] = await Promise.all([
      play('played-slack.js', workspaces(publicUrl)),
      play('played-teams.js', tenants(publicUrl)),
      play('played-duo.js', duoOptions()),
    ]);
    const config = join(folder, 'keyturn.yaml');
    await writeFile(config, JSON.stringify(configuration(accounts, confirmed, String(duo.first.url))));
    const environment: Record<string, string> = {
      ...SECRETS,
      KEYTURN_CONFIG: config,
      DATABASE_URL: url,
      KEYTURN_MASTER_KEY: randomBytes(32).toString('base64'),
      PUBLIC_URL: publicUrl,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      KEYTURN_ALLOW_TEST_ENDPOINTS: '1',
      SLACK_API_URL: String(slack.first.url),
      BOT_OPENID_METADATA_URL: String(teams.first.metadataUrl),
      BOT_LOGIN_URL: String(teams.first.url),
      BOT_SERVICE_URL: String(teams.first.serviceUrl),
      DUO_API_URL: String(duo.first.url),
      DUO_CA: String(duo.first.ca),
    };
    const [slackTold, teamsTold] = [told(slack.child), told(teams.child)];
    return {
      database,
      start: async () => {
        const env = { ...environment, ADMIN_PORT: String(await freePort()) };
        const started = performance.now();
        // As the service and the image start it.
        const running = startProgram(['start'], { cwd: folder, env, flags: [] });
        closing.push(() => running.kill());
        await untilReady(port, running);
        return { running, ms: performance.now() - started };
      },
      prepare: async (requests) => {
        await linkOffice(database, 'slack', WORKSPACE, slackUser);
        await linkOffice(database, 'teams', TENANT, teamsUser);
        await prepareOffice(database, requests);
        await noticePending(database);
        await untilSettled(database);
      },
      inSlack: slackTold.ask,
      inTeams: teamsTold.ask,
      onUpdated: (listener) => {
        slackTold.onUpdated(listener);
        teamsTold.onUpdated(listener);
      },
      bareUpdates: () => bareUpdates(String(slack.first.url), teams.first),
      settled: () => untilSettled(database),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A played chat from the parent's side. */
function told(child: ChildProcess) {
  const waiting = new Map<number, (answered: Answered) => void>();
  let number = 0;
  let listener = (_: Updated) => {};
  child.on('message', (said: Told) => {
    if ('updated' in said) return listener(said.updated);
    waiting.get(said.answered.number)?.(said.answered);
    waiting.delete(said.answered.number);
  });
  return {
    onUpdated: (hears: typeof listener) => {
      listener = hears;
    },
    ask: async (act: string, ...given: readonly unknown[]) => {
      const asked: Asked = { number: ++number, act, given };
      const answered = await new Promise<Answered>((resolve) => {
        waiting.set(asked.number, resolve);
        child.send(asked);
      });
      if (!answered.ok) throw new Error(`${act} was not taken: ${answered.says}`);
    },
  };
}

function workspaces(publicUrl: string): WorkspaceOptions[] {
  const eventsUrl = (team: string) => `${publicUrl}/slack/events/${team}`;
  const users = LOGINS.map((login) => ({
    ...{ id: slackUser(login), name: nameOf(login), email: emailOf(login), isEmailConfirmed: true },
  }));
  return [
    {
      ...{ team: WORKSPACE, name: 'Bench', botUserId: 'U0KEYTURN', eventsUrl: eventsUrl(WORKSPACE), users },
      ...{ botToken: SECRETS.SLACK_BOT_TOKEN, signingSecret: SECRETS.SLACK_SIGNING_SECRET },
      channels: [{ id: SLACK_CHANNEL, name: 'access-requests', botIsMember: true }],
    },
    {
      ...{ team: CLIENT_WORKSPACE, name: 'Client 0', botUserId: 'U0KEYCLIENT', users: [], channels: [] },
      eventsUrl: eventsUrl(CLIENT_WORKSPACE),
      botToken: SECRETS.CLIENT_SLACK_BOT_TOKEN,
      signingSecret: SECRETS.CLIENT_SLACK_SIGNING_SECRET,
    },
  ];
}

function tenants(publicUrl: string): TenantOptions[] {
  const endpoint = (tenant: string) => `${publicUrl}/api/messages/${tenant}`;
  const bot = (tenant: string, appId: string, appPassword: string) => ({
    tenant,
    bot: { appId, appPassword, endpoint: endpoint(tenant) },
  });
  return [
    {
      ...bot(TENANT, SECRETS.MICROSOFT_APP_ID, SECRETS.MICROSOFT_APP_PASSWORD),
      name: 'Bench',
      users: LOGINS.map((login) => ({ id: teamsUser(login), name: nameOf(login), email: emailOf(login) })),
      channels: [
        { id: TEAMS_CHANNEL, name: 'Access requests', team: { id: '19:ops@thread.tacv2', name: 'Ops' } },
      ],
    },
    {
      ...bot(CLIENT_TENANT, SECRETS.CLIENT_MICROSOFT_APP_ID, SECRETS.CLIENT_MICROSOFT_APP_PASSWORD),
      name: 'Client 0',
      users: [],
    },
  ];
}

function duoOptions(): FakeDuoOptions {
  return {
    users: LOGINS.map((login) => ({ username: emailOf(login) })),
    authApi: { integrationKey: SECRETS.DUO_IKEY, secretKey: SECRETS.DUO_SKEY },
    webSdk: { clientId: SECRETS.DUO_CLIENT_ID, clientSecret: SECRETS.DUO_CLIENT_SECRET },
  };
}

function configuration(accounts: number, confirmed: boolean, duoUrl: string): object {
  const slack = (of: string, team: string, before: string) => ({
    ...{ of, team, bot_token: variable(`${before}SLACK_BOT_TOKEN`) },
    signing_secret: variable(`${before}SLACK_SIGNING_SECRET`),
  });
  const teams = (of: string, tenant: string, before: string) => ({
    ...{ of, tenant, app_id: variable(`${before}MICROSOFT_APP_ID`) },
    app_password: variable(`${before}MICROSOFT_APP_PASSWORD`),
  });
  const office = officeConfiguration(accounts, confirmed);
  const contact = { email: 'ivy@client.example', name: 'Ivy', approves: true, requests: true };
  const { host } = new URL(duoUrl);
  return {
    ...office,
    chat: {
      slack: [
        { ...slack('operator', WORKSPACE, ''), requests_channel: SLACK_CHANNEL },
        slack(CLIENT, CLIENT_WORKSPACE, 'CLIENT_'),
      ],
      teams: [
        { ...teams('operator', TENANT, ''), requests_channel: TEAMS_CHANNEL },
        teams(CLIENT, CLIENT_TENANT, 'CLIENT_'),
      ],
    },
    mfa: {
      order: ['duo_push', 'duo_universal', 'totp'],
      duo_push: {
        ...{ host, integration_key: variable('DUO_IKEY'), secret_key: variable('DUO_SKEY') },
        verified: 'never',
      },
      duo_universal: {
        ...{ host, client_id: variable('DUO_CLIENT_ID'), client_secret: variable('DUO_CLIENT_SECRET') },
      },
    },
    clients: office.clients.map((client) =>
      client.id === CLIENT
        ? { ...client, engagement: 'co-managed', domains: ['client.example'], contacts: [contact] }
        : client,
    ),
  };
}

/** Both bots' tokens are had before anything is measured. */
async function bareUpdates(slackUrl: string, teams: Readonly<Record<string, string>>): Promise<BareUpdate> {
  const login = await fetch(`${teams.url}/${TENANT}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: SECRETS.MICROSOFT_APP_ID,
      client_secret: SECRETS.MICROSOFT_APP_PASSWORD,
      scope: 'https://api.botframework.com/.default',
    }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  return ({ workspace, channel, message, body }) => {
    if (workspace === WORKSPACE)
      return fetch(`${slackUrl}chat.update`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${SECRETS.SLACK_BOT_TOKEN}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      });
    const path = `v3/conversations/${encodeURIComponent(channel)}/activities/${encodeURIComponent(message)}`;
    return fetch(`${teams.serviceUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
  };
}
