/** Two tenants, and a real bot in front of each: botbuilder's CloudAdapter or teams-ai's TeamsAdapter. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TeamsAdapter } from '@microsoft/teams-ai';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { afterEach, vi } from 'vitest';
import {
  type CallRecord,
  FakeTeams,
  type FakeTeamsOptions,
  type Fields,
  type Message,
  type TenantOptions,
} from '../../src/playground/teams/index.js';

export const northwind = '11111111-0000-4000-8000-000000000001';
export const delta = '22222222-0000-4000-8000-000000000002';
export const ivy = 'aaaaaaaa-0000-4000-8000-000000000001';
export const lena = 'aaaaaaaa-0000-4000-8000-000000000002';
export const gus = 'aaaaaaaa-0000-4000-8000-000000000003';
export const gil = 'aaaaaaaa-0000-4000-8000-000000000004';
export const newcomer = 'aaaaaaaa-0000-4000-8000-000000000005';
export const noor = 'bbbbbbbb-0000-4000-8000-000000000001';
export const access = '19:access@thread.tacv2';

export const northwindTenant: TenantOptions = {
  tenant: northwind,
  name: 'Northwind',
  bot: { appId: '99999999-0000-4000-8000-000000000001', appPassword: 'northwind-secret' },
  users: [
    { id: ivy, name: 'Ivy Chen', email: 'ivy@northwind.example' },
    { id: lena, name: 'Lena Ortiz', email: 'lena@northwind.example' },
    { id: gus, name: 'Gus Guest', email: 'gus@elsewhere.example', guest: true },
    { id: gil, name: 'Gone Gil', email: 'gil@northwind.example', deleted: true },
    { id: newcomer, name: 'Nina New', email: 'nina@northwind.example' },
  ],
  channels: [
    { id: access, name: 'Access', team: { id: '19:team@thread.tacv2', name: 'Ops' }, members: [ivy, lena] },
  ],
  installedFor: [ivy, lena, gus, gil],
};

export const deltaTenant: TenantOptions = {
  tenant: delta,
  name: 'Delta Resale',
  bot: { appId: '99999999-0000-4000-8000-000000000002', appPassword: 'delta-secret' },
  users: [{ id: noor, name: 'Noor', email: 'noor@delta.example' }],
};

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A fake Teams that stops with the test. */
export async function startTeams(options: Partial<FakeTeamsOptions> = {}): Promise<FakeTeams> {
  const teams = await FakeTeams.start({ tenants: [northwindTenant, deltaTenant], ...options });
  closing.push(() => teams.stop());
  return teams;
}

export type Handler = (request: IncomingMessage, body: Fields, response: ServerResponse) => unknown;

/** Listens where a bot would, and ends with the test. Resolves with the address. */
export async function listen(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    await handler(request, body ? JSON.parse(body) : {}, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
}

/** A bot that answers every activity the same, and remembers what it heard. */
export async function simpleBot(teams: FakeTeams, answer: unknown = '', status = 200, tenant = northwind) {
  const heard: Fields[] = [];
  const url = await listen((_request, body, response) => {
    heard.push(body);
    const isText = typeof answer === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
    response.end(isText ? answer : JSON.stringify(answer));
  });
  teams.setEndpoint(tenant, url);
  return heard;
}

/** Fetches its tokens from the fake's login; the SDK's own way insists on https. */
class LocalCredentials {
  constructor(
    readonly teams: FakeTeams,
    readonly tenant: TenantOptions,
  ) {}

  async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.tenant.bot.appId;
  }

  async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  async createCredentials() {
    return {
      signRequest: async <T extends { headers: { set(name: string, value: string): void } }>(call: T) => {
        call.headers.set('authorization', `Bearer ${await botToken(this.teams, this.tenant)}`);
        return call;
      },
    } as never;
  }
}

export type Adapter = 'CloudAdapter' | 'TeamsAdapter';

/** The SDK's adapter, told in full where everything is: one setting left out would turn its defaults off as well. */
export function adapterFor(teams: FakeTeams, which: Adapter, tenant: TenantOptions = northwindTenant) {
  const settings = {
    MicrosoftAppId: tenant.bot.appId,
    ValidateAuthority: false,
    ToChannelFromBotLoginUrl: teams.loginUrl(tenant.tenant),
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: teams.metadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: teams.metadataUrl,
    OAuthUrl: teams.url,
    CallerId: 'urn:botframework:azure',
  };
  const credentials = new LocalCredentials(teams, tenant);
  return which === 'TeamsAdapter'
    ? new TeamsAdapter(settings, credentials)
    : new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings, credentials));
}

/** A bot of the real SDK at the tenant's endpoint. What it complains of goes to `complaints`, not to the terminal. */
export async function sdkBot(
  teams: FakeTeams,
  adapter: CloudAdapter,
  logic: (context: TurnContext) => Promise<unknown>,
  tenant = northwind,
) {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
  closing.push(() => complaints.mockRestore());
  const turn = async (context: TurnContext) => void (await logic(context));
  const url = await listen((request, body, response) =>
    adapter.process(shimRequest(request, body) as never, shimResponse(response) as never, turn),
  );
  teams.setEndpoint(tenant, url);
  return { url, complaints };
}

const shimRequest = ({ method, headers }: IncomingMessage, body: Fields) => ({ method, headers, body });

const shimResponse = (response: ServerResponse) => ({
  socket: response.socket,
  status(code: number) {
    response.statusCode = code;
    return this;
  },
  header(name: string, value: unknown) {
    response.setHeader(name, String(value));
    return this;
  },
  send(body: unknown) {
    if (typeof body === 'string') response.write(body);
    else {
      response.setHeader('content-type', 'application/json');
      response.write(JSON.stringify(body));
    }
    return this;
  },
  end: () => response.end(),
});

/** The login's form, right but for what is given. */
export async function logIn(teams: FakeTeams, form: Record<string, string> = {}, tenant = northwindTenant) {
  const { appId, appPassword } = tenant.bot;
  const response = await fetch(`${teams.loginUrl(tenant.tenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: 'https://api.botframework.com/.default',
      ...form,
    }),
  });
  return { status: response.status, body: (await response.json()) as Fields };
}

export const botToken = async (teams: FakeTeams, tenant = northwindTenant): Promise<string> =>
  String((await logIn(teams, {}, tenant)).body.access_token);

/** Calls the connector as a bot would, without an SDK. `path` begins after `v3/conversations`. */
export async function call(
  teams: FakeTeams,
  [method, path]: readonly [method: string, path: string],
  body?: unknown,
  { token, tenant = northwindTenant }: { token?: string | null; tenant?: TenantOptions } = {},
) {
  const bearer = token === undefined ? await botToken(teams, tenant) : token;
  const response = await fetch(`${teams.serviceUrl(tenant.tenant)}v3/conversations${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { status, headers } = response;
  const written = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: what came is looked at with matchers.
  return { status, headers, body: (written ? JSON.parse(written) : undefined) as any };
}

export const inChat = (teams: FakeTeams, user: string, rest = 'activities', tenant = northwind): string =>
  `/${encodeURIComponent(teams.chatId(tenant, user))}/${rest}`;

export const inChannel = (rest = 'activities', channel = access): string =>
  `/${encodeURIComponent(channel)}/${rest}`;

/** Says something as the bot, and resolves with the message's id. */
export async function botSays(teams: FakeTeams, path: string, activity: Fields): Promise<string> {
  const { status, body } = await call(teams, ['POST', path], { type: 'message', ...activity });
  if (status !== 201) throw new Error(`the bot was refused: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

export const operations = (calls: readonly CallRecord[]): string[] => calls.map((one) => one.operation);

export const execute = (title: string, data: Fields = {}): Fields => ({
  type: 'Action.Execute',
  title,
  verb: title.toLowerCase(),
  data,
  associatedInputs: 'auto',
});

export const card = (words: string, ...actions: Fields[]): Fields => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: words }] }],
  ...(actions.length > 0 ? { actions } : {}),
});

export const attached = (content: unknown): Fields => ({
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

export const answers = {
  card: (value: unknown) => ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value }),
  message: (value: unknown) => ({
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value,
  }),
  found: (results: unknown) => ({
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results },
  }),
};

export type Teams = FakeTeams;

/** A card in Ivy's chat, as she sees it. */
export async function shown(teams: Teams, content: Fields): Promise<Message> {
  const id = await botSays(teams, inChat(teams, ivy), attached(content));
  return teams.chat(northwind, ivy).find((one) => one.id === id) as Message;
}

export const form = (...inputs: Fields[]): Fields => ({ ...card('A form', execute('Send')), body: inputs });
