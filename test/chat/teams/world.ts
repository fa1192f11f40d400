/** Northwind's Teams and Delta's, the real chat in front of them over real HTTP, and a desk in memory. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import type { Chat, Posted } from '../../../src/chat/chat.js';
import type { PersonOf } from '../../../src/chat/introduce.js';
import { type TeamsOptions, teamsChat, type Unverified } from '../../../src/chat/teams/index.js';
import type { TeamsTenant } from '../../../src/config/config.js';
import { Secret } from '../../../src/config/secret.js';
import { type Copy, requestCopies } from '../../../src/core/cards/copies.js';
import type { ChatIdentity } from '../../../src/core/people.js';
import {
  FakeTeams,
  type FakeTeamsOptions,
  type Fields,
  type Message,
  type TenantOptions,
} from '../../../src/playground/teams/index.js';
import { MemoryDesk } from '../slack/memory-desk.js';
import { MemoryConversations } from './memory-conversations.js';

export const NORTHWIND = '11111111-0000-4000-8000-000000000001';
export const DELTA = '22222222-0000-4000-8000-000000000002';
export const REQUESTS = '19:access-requests@thread.tacv2';
export const TEAM = '19:operations@thread.tacv2';
export const PASSWORD = 'nw~secret.of.the.bot';

const idOf = (n: number, tenant = 'a') => `${tenant.repeat(8)}-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const USERS = {
  tess: idOf(1),
  lena: idOf(2),
  omar: idOf(3),
  sana: idOf(4),
  aude: idOf(5),
  /** In the requests channel, but without the app of their own. */
  theo: idOf(6),
  maya: idOf(7),
  guest: idOf(8),
  nobody: idOf(9),
} as const;
export const NOOR = idOf(1, 'b');
export const LENAS_DOUBLE = idOf(2, 'b');

const someone = (id: string, name: string) => ({
  ...{ id, name },
  email: `${name.split(' ')[0]?.toLowerCase()}@northwind.example`,
});

const { theo, maya, ...withApp } = USERS;
export const northwind: TenantOptions = {
  tenant: NORTHWIND,
  name: 'Northwind IT',
  bot: { appId: '99999999-0000-4000-8000-00000000000a', appPassword: PASSWORD },
  users: [
    someone(USERS.tess, 'Tess Tran'),
    someone(USERS.lena, 'Lena Falk'),
    someone(USERS.omar, 'Omar Haddad'),
    someone(USERS.sana, 'Sana Idris'),
    someone(USERS.aude, 'Aude Roy'),
    someone(theo, 'Theo Marsh'),
    someone(maya, 'Maya Chen'),
    { ...someone(USERS.guest, 'Luis Ortega'), guest: true },
    someone(USERS.nobody, 'Bob Brown'),
  ],
  channels: [
    {
      ...{ id: REQUESTS, name: 'Access requests', team: { id: TEAM, name: 'Operations' } },
      members: [USERS.tess, USERS.lena, USERS.omar, USERS.guest, theo],
    },
  ],
  installedFor: Object.values(withApp),
};

export const delta: TenantOptions = {
  tenant: DELTA,
  name: 'Delta Resale',
  bot: { appId: '99999999-0000-4000-8000-00000000000b', appPassword: 'delta~secret.of.the.bot' },
  users: [
    { id: NOOR, name: 'Noor Aziz', email: 'noor@delta.example' },
    { id: LENAS_DOUBLE, name: 'Lena Falk', email: 'lena@northwind.example' },
  ],
};

export interface World {
  readonly teams: FakeTeams;
  readonly chat: Chat;
  readonly desk: MemoryDesk;
  readonly unverified: Unverified[];
  readonly deactivated: { identity: ChatIdentity; standing: string }[];
  /** How often somebody could be written to who couldn't before. */
  readonly reachable: () => number;
  /** Whom the chat has asked for, by their ids in Teams. */
  readonly asked: string[];
  readonly conversations: (tenant: string) => MemoryConversations;
  /** Everything that was logged, as text. */
  readonly log: () => string;
  readonly url: (tenant: string) => string;
  /** Brings every copy of a request's cards to what is true now, as the outbox would. */
  show(request: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions
  extends Partial<Pick<TeamsOptions, 'answerMs' | 'timeoutMs' | 'now' | 'onReachable'>> {
  readonly teams?: Partial<FakeTeamsOptions>;
  /** What differs from Northwind's entry in the configuration. */
  readonly entry?: Partial<TeamsTenant>;
}

export async function openWorld({ teams: given, entry, ...options }: WorldOptions = {}): Promise<World> {
  const teams = await FakeTeams.start({ tenants: [northwind, delta], rateLimits: false, ...given });
  const desk = new MemoryDesk();
  const lines: string[] = [];
  const unverified: Unverified[] = [];
  const deactivated: World['deactivated'] = [];
  const asked: string[] = [];
  let reachable = 0;
  const kept = new Map<string, MemoryConversations>();
  const conversations = (tenant: string) => {
    const found = kept.get(tenant) ?? new MemoryConversations(tenant);
    kept.set(tenant, found);
    return found;
  };
  const chat = teamsChat({
    tenants: [{ ...configured(northwind, 'operator'), ...entry }, configured(delta, 'delta')],
    endpoints: {
      botOpenidMetadataUrl: teams.metadataUrl,
      botLoginUrl: teams.url,
      botServiceUrl: teams.globalServiceUrl,
    },
    ...{ desk, conversations, log: logInto(lines) },
    personOf: (identity, loadProfile) => {
      asked.push(identity.userId);
      return personOf(desk)(identity, loadProfile);
    },
    onUnverified: (kind) => unverified.push(kind),
    onDeactivated: (identity, standing) => void deactivated.push({ identity, standing }),
    onReachable: () => {
      reachable += 1;
    },
    ...options,
  });
  const server = createServer((req, res) => {
    if (!chat.handle(req, res)) res.writeHead(404).end('not Teams');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = (tenant: string) => `${base}/api/messages/${tenant}`;
  for (const tenant of [NORTHWIND, DELTA]) teams.setEndpoint(tenant, url(tenant));
  await chat.start();
  return {
    ...{ teams, chat, desk, unverified, deactivated, asked, conversations, url },
    reachable: () => reachable,
    log: () => lines.join(''),
    show: shower(desk, chat),
    close: async () => {
      await chat.stop();
      await stopped(server);
      await teams.stop();
    },
  };
}

export function configured({ tenant, bot }: TenantOptions, of: string): TeamsTenant {
  return {
    ...{ of, tenant, appId: bot.appId, appPassword: new Secret(bot.appPassword) },
    ...(of === 'operator' ? { requestsChannel: REQUESTS } : {}),
  };
}

/** First contact without a database: the same rules as `identify`, nothing pinned. */
function personOf(desk: MemoryDesk): PersonOf {
  return async (_identity, loadProfile) => {
    const profile = await loadProfile();
    if (profile.standing !== 'member') return { refused: { code: 'not-linked', why: profile.standing } };
    if (profile.email === null) return { refused: { code: 'not-linked', why: 'no-email' } };
    const person = desk.directory.byEmail(profile.email);
    const home = person?.kind === 'staff' ? 'operator' : person?.client;
    return person && home === profile.of
      ? { person: person.id }
      : { refused: { code: 'not-linked', why: 'nobody' } };
  };
}

function logInto(lines: string[]): Logger {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return pino({ level: 'trace' }, sink);
}

function shower(desk: MemoryDesk, chat: Chat) {
  const posted = new Map<string, Posted>();
  const users: Record<string, string> = USERS;
  const destination = ({ place }: Copy) => {
    if ('channel' in place) return { platform: 'teams', workspace: NORTHWIND, channel: REQUESTS } as const;
    const name = place.person.slice(2);
    if (name === 'noor') return { platform: 'teams', workspace: DELTA, userId: NOOR } as const;
    const userId = users[name];
    return userId && northwind.installedFor?.includes(userId)
      ? ({ platform: 'teams', workspace: NORTHWIND, userId } as const)
      : null;
  };
  return async (request: string) => {
    const facts = await desk.requestFacts(request);
    if (!facts) throw new Error(`no request ${request}`);
    for (const copy of requestCopies(facts)) {
      const key = `${request} ${copy.kind} ${JSON.stringify(copy.place)}`;
      const to = destination(copy);
      const old = posted.get(key);
      if (old) await chat.update(old, copy.card);
      else if (to) posted.set(key, await chat.post(to, copy.card));
    }
  };
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** What the bot has said in somebody's own chat, as they read it, the newest last. */
export function told({ teams }: World, user: string, tenant = NORTHWIND): string[] {
  return teams
    .chat(tenant, user)
    .filter((one) => one.bot)
    .map((one) => teams.reads(one));
}

/** The newest message of the bot in somebody's own chat. */
export function newest({ teams }: World, user: string, tenant = NORTHWIND): Message {
  const found = teams.chat(tenant, user).findLast((one) => one.bot);
  if (!found) throw new Error('the bot has said nothing there');
  return found;
}

/** Sends an activity of one's own making, or anything else, as somebody who isn't Teams would. */
export async function send(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** What Teams would send, caught on its way: a good activity and the token that goes with it. */
export async function caught(
  { teams, url }: World,
  act: () => Promise<unknown>,
  tenant = NORTHWIND,
): Promise<{ activity: Fields; authorization: string }> {
  teams.setEndpoint(tenant, 'http://127.0.0.1:1/');
  const before = teams.deliveries.length;
  await act();
  teams.setEndpoint(tenant, url(tenant));
  const delivered = teams.deliveries[before];
  if (!delivered) throw new Error('nothing was sent');
  return { activity: delivered.activity, authorization: delivered.request.headers.authorization ?? '' };
}
