/** A workspace of four, and a real Bolt app in front of it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import {
  FakeSlack,
  type FakeSlackOptions,
  type Fields,
  type WorkspaceOptions,
} from '../../src/playground/slack/index.js';

export const team = 'T0NORTHWIND';
export const tess = 'U0TESS';
export const lena = 'U0LENA';
export const bot = 'U0BOT';
export const access = 'C0ACCESS';

export const northwind: WorkspaceOptions = {
  team,
  name: 'Northwind',
  botToken: 'xoxb-northwind',
  signingSecret: 'northwind-signing-secret',
  botUserId: bot,
  users: [
    { id: tess, name: 'Tess Larkin', email: 'tess@northwind.example', tz: 'Europe/Amsterdam' },
    { id: lena, name: 'Lena Ortiz', email: 'lena@northwind.example' },
    { id: 'U0GUEST', name: 'Gus Guest', email: 'gus@elsewhere.example', isRestricted: true },
    { id: 'U0GONE', name: 'Gone Gil', email: 'gil@northwind.example', deleted: true },
    { id: 'U0STRANGER', name: 'Stig', email: 'stig@far.example', isStranger: true, teamId: 'T0FAR' },
  ],
  channels: [
    { id: access, name: 'access', members: [tess, lena], botIsMember: true },
    { id: 'C0RANDOM', name: 'random', botIsMember: false },
    { id: 'C0OLD', name: 'old', botIsMember: true, isArchived: true },
    { id: 'C0SECRET', name: 'secret', members: ['U0GUEST'], botIsMember: false, isPrivate: true },
  ],
};

export const delta: WorkspaceOptions = {
  team: 'T0DELTA',
  name: 'Delta Resale',
  botToken: 'xoxb-delta',
  signingSecret: 'delta-signing-secret',
  botUserId: 'U0DBOT',
  users: [{ id: 'U0NOOR', name: 'Noor', email: 'noor@delta.example' }],
  channels: [{ id: 'C0DELTA', name: 'general', botIsMember: true }],
};

export const start = (options: Partial<FakeSlackOptions> = {}): Promise<FakeSlack> =>
  FakeSlack.start({ workspaces: [northwind, delta], retryDelaysMs: [0, 0, 0], ...options });

const clientOptions = (slack: FakeSlack) => ({
  slackApiUrl: slack.apiUrl,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
});

const authorize = (workspace: WorkspaceOptions) => async () => ({
  botToken: workspace.botToken,
  botId: 'B0',
  botUserId: workspace.botUserId,
});

/** The tests provoke failures on purpose; nobody needs to read of them. */
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** A Bolt app over HTTP, registered with the fake. */
export async function boltOverHttp(slack: FakeSlack, workspace: WorkspaceOptions = northwind) {
  const receiver = new HTTPReceiver({
    signingSecret: workspace.signingSecret,
    endpoints: [`/slack/events/${workspace.team}`],
    logger: quiet,
  });
  const app = new App({
    receiver,
    authorize: authorize(workspace),
    clientOptions: clientOptions(slack),
    logLevel: LogLevel.ERROR,
  });
  const server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  slack.setEventsUrl(workspace.team, `http://127.0.0.1:${port}/slack/events/${workspace.team}`);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { app, stop };
}

/** A Bolt app in Socket Mode; the workspace needs an app token. */
export async function boltOverSocket(slack: FakeSlack, workspace: WorkspaceOptions) {
  const receiver = new SocketModeReceiver({
    appToken: workspace.appToken ?? '',
    installerOptions: { clientOptions: clientOptions(slack) },
    logger: quiet,
    clientOptions: clientOptions(slack),
  } as ConstructorParameters<typeof SocketModeReceiver>[0]);
  const app = new App({
    receiver,
    authorize: authorize(workspace),
    clientOptions: clientOptions(slack),
    logLevel: LogLevel.ERROR,
  });
  await app.start();
  return { app, stop: () => app.stop() };
}

export const plain = (text: string): Fields => ({ type: 'plain_text', text });
export const section = (text: string): Fields => ({ type: 'section', text: { type: 'mrkdwn', text } });

/** Calls a method as a client would, without the client. */
export async function call(
  slack: FakeSlack,
  method: string,
  args: Fields = {},
  token: string | null = northwind.botToken,
) {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(args),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as Fields),
  } as Fields & {
    status: number;
    headers: Headers;
    ok: boolean;
    error?: string;
    errors?: string[];
    view?: Fields;
  };
}

/** A modal with a reason to type and a client to search. */
export const form: Fields = {
  type: 'modal',
  callback_id: 'request',
  title: plain('Request access'),
  submit: plain('Ask'),
  close: plain('Cancel'),
  private_metadata: 'abc',
  blocks: [
    {
      type: 'input',
      block_id: 'account',
      label: plain('Account'),
      element: { type: 'external_select', action_id: 'pick', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'typed', multiline: true, max_length: 2000 },
    },
  ],
};
