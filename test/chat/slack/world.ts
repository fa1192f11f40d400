/** Northwind's Slack and Delta's, the real chat in front of them over real HTTP, and a desk in memory. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import type { Chat, Posted } from '../../../src/chat/chat.js';
import type { PersonOf } from '../../../src/chat/introduce.js';
import { slackChat, type Unverified } from '../../../src/chat/slack/index.js';
import type { SlackWorkspace } from '../../../src/config/config.js';
import { Secret } from '../../../src/config/secret.js';
import { type Copy, requestCopies } from '../../../src/core/cards/copies.js';
import type { DeclaredDirectory } from '../../../src/core/directory.js';
import type { ChatIdentity } from '../../../src/core/people.js';
import {
  FakeSlack,
  type FakeSlackOptions,
  readText,
  type View,
  type WorkspaceOptions,
} from '../../../src/playground/slack/index.js';
import { MemoryDesk } from './memory-desk.js';

export const NORTHWIND = 'T0NORTHWIND';
export const DELTA = 'T0DELTA';
export const REQUESTS = 'C0REQUESTS';
export const GENERAL = 'C0DELTAGEN';

export const USERS = {
  tess: 'U0TESS',
  lena: 'U0LENA',
  omar: 'U0OMAR',
  sana: 'U0SANA',
  aude: 'U0AUDE',
  guest: 'U0GUEST',
  stranger: 'U0STRANGER',
  nobody: 'U0NOBODY',
  noMail: 'U0NOMAIL',
} as const;
export const NOOR = 'U0NOOR';
export const LENAS_DOUBLE = 'U0DOUBLE';

const someone = (id: string, name: string) => ({
  ...{ id, name },
  email: `${name.split(' ')[0]?.toLowerCase()}@northwind.example`,
});

const northwind: WorkspaceOptions = {
  team: NORTHWIND,
  name: 'Northwind IT',
  botToken: 'xoxb-northwind',
  signingSecret: 'northwind-signing-secret',
  botUserId: 'U0BOT',
  users: [
    someone(USERS.tess, 'Tess Tran'),
    someone(USERS.lena, 'Lena Falk'),
    someone(USERS.omar, 'Omar Haddad'),
    someone(USERS.sana, 'Sana Idris'),
    someone(USERS.aude, 'Aude Roy'),
    { ...someone(USERS.guest, 'Maya Chen'), isRestricted: true },
    { ...someone(USERS.stranger, 'Theo Marsh'), isStranger: true, teamId: 'T0FAR' },
    someone(USERS.nobody, 'Bob Brown'),
    { ...someone(USERS.noMail, 'Luis Ortega'), isEmailConfirmed: false },
  ],
  channels: [{ id: REQUESTS, name: 'access-requests', botIsMember: true }],
};

const delta: WorkspaceOptions = {
  team: DELTA,
  name: 'Delta Resale',
  botToken: 'xoxb-delta',
  signingSecret: 'delta-signing-secret',
  botUserId: 'U0DBOT',
  users: [
    { id: NOOR, name: 'Noor Aziz', email: 'noor@delta.example' },
    { id: LENAS_DOUBLE, name: 'Lena Falk', email: 'lena@northwind.example' },
  ],
  channels: [{ id: GENERAL, name: 'general', botIsMember: true }],
};

export interface World {
  readonly slack: FakeSlack;
  readonly chat: Chat;
  readonly desk: MemoryDesk;
  readonly unverified: Unverified[];
  readonly deactivated: { identity: ChatIdentity; standing: string }[];
  /** Everything that was logged, as text. */
  readonly log: () => string;
  readonly base: string;
  /** Brings every copy of a request's cards to what is true now, as the outbox would. */
  show(request: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly directory?: DeclaredDirectory;
  readonly slack?: Partial<FakeSlackOptions>;
  /** What differs in Northwind's workspace. */
  readonly workspace?: Partial<Pick<WorkspaceOptions, 'scopes' | 'fileDelayMs'>>;
  readonly now?: () => number;
  readonly socket?: boolean;
  readonly onDeactivated?: (identity: ChatIdentity) => Promise<void>;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const socket = options.socket ? { appToken: 'xapp-1-northwind' } : {};
  const slack = await FakeSlack.start({
    workspaces: [{ ...northwind, ...socket, ...options.workspace }, delta],
    retryDelaysMs: [0, 0, 0],
    rateLimits: false,
    ...options.slack,
  });
  const desk = new MemoryDesk(options.directory);
  const lines: string[] = [];
  const unverified: Unverified[] = [];
  const deactivated: World['deactivated'] = [];
  const chat = slackChat({
    workspaces: [configured({ ...northwind, ...socket }, 'operator'), configured(delta, 'delta')],
    apiUrl: slack.apiUrl,
    ...(options.now ? { now: options.now } : {}),
    desk,
    personOf: personOf(desk),
    log: logInto(lines),
    onUnverified: (kind) => unverified.push(kind),
    onDeactivated: async (identity, standing) => {
      await options.onDeactivated?.(identity);
      deactivated.push({ identity, standing });
    },
  });
  const server = createServer((req, res) => {
    if (!chat.handle(req, res)) res.writeHead(404).end('not Slack');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const team of [NORTHWIND, DELTA]) slack.setEventsUrl(team, `${base}/slack/events/${team}`);
  await chat.start();
  const show = shower(desk, chat);
  return {
    ...{ slack, chat, desk, unverified, deactivated, base, show },
    log: () => lines.join(''),
    close: async () => {
      await chat.stop();
      await stopped(server);
      await slack.stop();
    },
  };
}

function configured(options: WorkspaceOptions, of: string): SlackWorkspace {
  return {
    of,
    team: options.team,
    botToken: new Secret(options.botToken),
    signingSecret: new Secret(options.signingSecret),
    ...(options.appToken ? { appToken: new Secret(options.appToken) } : {}),
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
  const users: Record<string, string> = { ...USERS };
  const destination = ({ place }: Copy) => {
    if ('channel' in place) return { platform: 'slack', workspace: NORTHWIND, channel: REQUESTS } as const;
    const name = place.person.slice(2);
    if (name === 'noor') return { platform: 'slack', workspace: DELTA, userId: NOOR } as const;
    const userId = users[name];
    return userId ? ({ platform: 'slack', workspace: NORTHWIND, userId } as const) : null;
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

/** What only this person was told, the newest last. */
export function told(world: World, user: string, team = NORTHWIND): string[] {
  return world.slack.ephemerals(team, user).map((message) => readText(message));
}

/** What to type into a form, by field, at the blocks in which the fields stand now. */
export function fill(view: View, values: Record<string, string>): Record<string, Record<string, string>> {
  const blocks = view.blocks as { block_id: string; element?: { action_id: string } }[];
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => {
      const block = blocks.find((one) => one.element?.action_id === field);
      if (!block) throw new Error(`the form has no ${field}`);
      return [block.block_id, { [field]: value }];
    }),
  );
}
