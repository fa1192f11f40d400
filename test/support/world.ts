/** A whole Keyturn in one process, beside a fake Slack on real HTTP: what a person does and sees, over the wire. */

import { fileURLToPath } from 'node:url';
import { type App, startApp } from '../../src/app.js';
import { loadFile } from '../../src/config/compile.js';
import { createLog } from '../../src/config/logging.js';
import { Secret } from '../../src/config/secret.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import { perform } from '../../src/core/perform.js';
import {
  FakeSlack,
  type Message,
  readButtons,
  readText,
  type View,
  type WorkspaceOptions,
} from '../../src/playground/slack/index.js';
import { apply, type Document } from '../../src/store/apply.js';
import { claimDatabase, shiftClock } from '../../src/store/deployment.js';
import type { Database } from '../../src/store/driver.js';
import { type Kind, openTestDatabase } from './house.js';
import { freePort } from './postgres-server.js';

export const CONFIG = fileURLToPath(new URL('../fixtures/journeys.yaml', import.meta.url));
export const MASTER_KEY = Buffer.from('a master key of exactly 32 bytes').toString('base64');
const NORTHWIND = 'T0NORTHWIND';
const DELTA = 'T0DELTA';

/** What the environment of a Keyturn beside this fake Slack holds. */
export const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-4471-northwind-Qk2vT9',
  SLACK_SIGNING_SECRET: '8f742231b10e4c55a9d3f0c27be61a94',
  DELTA_SLACK_BOT_TOKEN: 'xoxb-8820-delta-Wm7pR3',
  DELTA_SLACK_SIGNING_SECRET: 'c1e07d3a52f94b68b0aa7e15d9263f4c',
};

const user = (name: string, domain = 'northwind.example') => ({
  id: `U0${name.split(' ')[0]?.toUpperCase()}`,
  name,
  email: `${name.split(' ')[0]?.toLowerCase()}@${domain}`,
  isEmailConfirmed: true,
});

export const NORTHWIND_WORKSPACE: WorkspaceOptions = {
  team: NORTHWIND,
  name: 'Northwind IT',
  botToken: SECRETS.SLACK_BOT_TOKEN,
  signingSecret: SECRETS.SLACK_SIGNING_SECRET,
  botUserId: 'U0KEYTURN',
  users: [
    ...[
      'Tess Tran',
      'Luis Ortega',
      'Maya Chen',
      'Lena Falk',
      'Omar Haddad',
      'Sana Idris',
      'Theo Marsh',
      'Aude Roy',
    ].map((n) => user(n)),
    { ...user('Nobody Known'), email: 'nobody@northwind.example' },
    { ...user('Gus Guest'), email: 'gus@northwind.example', isRestricted: true },
  ],
  channels: [
    { id: 'C0ACCESS', name: 'access-requests', botIsMember: true },
    { id: 'C0ALERTS', name: 'alerts', botIsMember: true },
  ],
};

export const DELTA_WORKSPACE: WorkspaceOptions = {
  team: DELTA,
  name: 'Delta Resale',
  botToken: SECRETS.DELTA_SLACK_BOT_TOKEN,
  signingSecret: SECRETS.DELTA_SLACK_SIGNING_SECRET,
  botUserId: 'U0KEYDELTA',
  users: [
    user('Noor Aziz', 'delta.example'),
    // Delta's own admin can give anybody there any address: this one bears Lena's.
    { ...user('Imposter'), email: 'lena@northwind.example' },
  ],
  channels: [{ id: 'C0GENERAL', name: 'general', botIsMember: true }],
};

export interface World {
  readonly app: App;
  readonly slack: FakeSlack;
  readonly database: Database;
  readonly publicUrl: string;
  person(name: string): Player;
  /** Moves the database's clock on. */
  wait(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts everything on a database of this kind; the clients' passwords are `secret of <client>/<account>`. */
export async function openWorld(kind: Kind, config: string = CONFIG): Promise<World> {
  const { database, close } = await openTestDatabase(kind);
  await claimDatabase(database, 'server');
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const eventsUrl = (team: string) => `${publicUrl}/slack/events/${team}`;
  const slack = await FakeSlack.start({
    rateLimits: false,
    workspaces: [
      { ...NORTHWIND_WORKSPACE, eventsUrl: eventsUrl(NORTHWIND) },
      { ...DELTA_WORKSPACE, eventsUrl: eventsUrl(DELTA) },
    ],
  });
  const loaded = loadFile(config, SECRETS);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults, null, 2));
  await apply(database, loaded.document as Document, loaded.config, {
    email: null,
    event: event(KEYTURN, 'operator', 'directory.applied', 'journeys.yaml'),
  });
  const app = await startApp({
    config: loaded.config,
    mode: 'server',
    database,
    log: createLog(process.env.KEYTURN_TEST_LOG ?? 'silent'),
    host: '127.0.0.1',
    environment: {
      masterKey: new Secret(MASTER_KEY),
      oldMasterKeys: [],
      publicUrl,
      port,
      adminPort: 0,
      adminHost: '127.0.0.1',
      testEndpoints: { allowed: true, slackApiUrl: slack.apiUrl },
    },
  });
  await fillVault(app, loaded.config.directory.accounts);
  return {
    app,
    slack,
    database,
    publicUrl,
    person: (name) => new Player(slack, name),
    wait: (seconds) => shiftClock(database, seconds),
    close: async () => {
      await app.stop();
      await slack.stop();
      await close();
    },
  };
}

/** What an account's password is in every journey. */
export const passwordOf = (client: string, account: string) => `secret of ${client}/${account}`;

export async function fillVault(
  app: App,
  accounts: readonly { client: string; id: string }[],
): Promise<void> {
  const { directory, now } = await app.ports.facts.facts();
  const lead = directory.leads()[0]?.id as string;
  for (const { client, id } of accounts) {
    const place = { client, account: id, version: 1 };
    const sealed = await app.custody.sealSecret(new Secret(passwordOf(client, id)), place);
    await perform(
      app.ports,
      { person: lead, via: 'cli' },
      { verb: 'set-secret', sealed: { ...place, sealed, by: lead, at: now } },
    );
  }
}

/** One person at their Slack: what they type and press, and what they read. */
export class Player {
  readonly team: string;
  readonly user: string;

  constructor(
    readonly slack: FakeSlack,
    readonly name: string,
  ) {
    this.team = name === 'Noor' || name === 'Imposter' ? DELTA : NORTHWIND;
    this.user = `U0${name.toUpperCase()}`;
  }

  get home(): string {
    return this.team === DELTA ? 'C0GENERAL' : 'C0ACCESS';
  }

  /** Types `/access …`; what it answers is read with `sees`. */
  async types(words: string): Promise<void> {
    const seen = await this.slack.slash(this.team, this.user, this.home, '/access', words);
    if (!seen.ok) throw new Error(`Slack says: ${seen.error}`);
  }

  /** Presses a button of this label on the newest card that has it (and these other words). */
  async presses(label: string, on?: string): Promise<void> {
    const seen = await this.slack.click(this.team, this.user, await this.sees(label, on), label);
    if (!seen.ok) throw new Error(`Slack says: ${seen.error}`);
  }

  /** Waits for a message, theirs or the channel's, that has this button or these words. */
  async sees(words: string, besides = ''): Promise<Message> {
    return this.slack.until(
      () => this.messages().findLast((m) => reads(m).includes(words) && reads(m).includes(besides)),
      10_000,
    );
  }

  /** Direct messages, ephemeral answers, and the channel of the operator's staff. */
  messages(): Message[] {
    const dm = this.slack.dm(this.team, this.user);
    const channel = this.slack.messages(this.team, this.home);
    return [...channel, ...dm, ...this.slack.ephemerals(this.team, this.user)];
  }

  direct(): string[] {
    return this.slack.dm(this.team, this.user).map((m) => reads(m));
  }

  form(): Promise<View> {
    return this.slack.until(() => this.slack.view(this.team, this.user), 5_000);
  }
}

/** All words of a message, buttons included. */
export function reads(message: Message | View): string {
  return `${readText(message)}\n${readButtons(message).join('\n')}`;
}
