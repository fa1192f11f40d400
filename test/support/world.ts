/** A whole Keyturn in one process, beside a fake Slack on real HTTP: what a person does and sees, over the wire. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type App, startApp } from '../../src/app.js';
import { loadText } from '../../src/config/compile.js';
import { createLog } from '../../src/config/logging.js';
import { Secret } from '../../src/config/secret.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import { perform } from '../../src/core/perform.js';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { seedPassword } from '../../src/playground/seed.js';
import {
  FakeSlack,
  type Message,
  pressables,
  readButtons,
  readText,
  type View,
  type WorkspaceOptions,
} from '../../src/playground/slack/index.js';
import type { FakeTeams } from '../../src/playground/teams/index.js';
import { apply, type Document } from '../../src/store/apply.js';
import { claimDatabase, shiftClock } from '../../src/store/deployment.js';
import type { Database } from '../../src/store/driver.js';
import { type Kind, openTestDatabase } from './house.js';
import { Browser } from './link-page.js';
import {
  DUO_SECRETS,
  duoNameOf,
  linkEverybody,
  Phone,
  type Phones,
  phonesConfig,
  startDuo,
} from './phones.js';
import { freePort } from './postgres-server.js';
import { botEndpoints, startTeams, TEAMS_SECRETS, TENANTS, TeamsPlayer, withTeams } from './teams.js';

export { type Answered, Browser } from './link-page.js';

export const CONFIG = fileURLToPath(new URL('../fixtures/journeys.yaml', import.meta.url));
export const MASTER_KEY = createHash('sha256').update('the master key of journeys').digest('base64');
export const NORTHWIND = 'T0NORTHWIND';
export const DELTA = 'T0DELTA';

/** What the environment of a Keyturn beside this fake Slack holds. */
export const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-4471-northwind-Qk2vT9',
  SLACK_SIGNING_SECRET: '8f742231b10e4c55a9d3f0c27be61a94',
  DELTA_SLACK_BOT_TOKEN: 'xoxb-8820-delta-Wm7pR3',
  DELTA_SLACK_SIGNING_SECRET: 'c1e07d3a52f94b68b0aa7e15d9263f4c',
};

const APP_TOKEN = 'xapp-1-A0KEYTURN-5520-9f2c71';

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
    // Somebody made Tess a second account.
    { ...user('Twin Account'), email: 'tess@northwind.example' },
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
  /** Only where phones are played. */
  readonly duo: FakeDuo;
  /** Only where Teams is played beside Slack. */
  readonly teams: FakeTeams;
  readonly database: Database;
  readonly publicUrl: string;
  person(name: string): Player;
  /** The same person at their Teams. */
  inTeams(name: string): TeamsPlayer;
  /** Waits for the newest card in the requests channel with these words. */
  channel(words: string, besides?: string): Promise<Message>;
  rows<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Moves the database's clock on. */
  wait(seconds: number): Promise<void>;
  /** Applies the configuration with what the world began with and this laid over it. */
  reconfigure(edit: (text: string) => string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly socketMode?: boolean;
  /** Factors are configured, and Duo is played; {@link Phones} says how. */
  readonly phones?: Phones | null;
  /** False: nobody's chat account has been completed by their factor yet. */
  readonly linked?: boolean;
  /** Teams is played beside Slack: the operator's own tenant, and Beacon's. */
  readonly teams?: boolean;
  /** Another configuration than the journeys' own, made of it. */
  readonly config?: (text: string) => string;
}

/** Starts everything on a database of this kind; the clients' passwords are `secret of <client>/<account>`. */
export async function openWorld(
  kind: Kind,
  {
    socketMode = false,
    phones = null,
    linked = true,
    teams: both = false,
    config: edited,
  }: WorldOptions = {},
): Promise<World> {
  const { database, close } = await openTestDatabase(kind);
  await claimDatabase(database, 'server');
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const eventsUrl = (team: string) => `${publicUrl}/slack/events/${team}`;
  const slack = await FakeSlack.start({
    rateLimits: false,
    workspaces: [
      {
        ...NORTHWIND_WORKSPACE,
        ...(socketMode ? { appToken: APP_TOKEN } : { eventsUrl: eventsUrl(NORTHWIND) }),
      },
      { ...DELTA_WORKSPACE, eventsUrl: eventsUrl(DELTA) },
    ],
  });
  const duo = phones && (await startDuo(phones));
  const teams = both ? await startTeams() : undefined;
  for (const { tenant } of teams ? TENANTS : [])
    teams?.setEndpoint(tenant, `${publicUrl}/api/messages/${tenant}`);
  const variables = {
    ...SECRETS,
    ...DUO_SECRETS,
    ...TEAMS_SECRETS,
    ...(socketMode ? { SLACK_APP_TOKEN: APP_TOKEN } : {}),
  };
  const plain = phones ? phonesConfig(phones) : readFileSync(CONFIG, 'utf8');
  const begun = both ? withTeams(plain) : plain;
  const configure = async (edit: (text: string) => string) => {
    const loaded = loadText(edit(begun), 'keyturn.yaml', variables);
    if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults, null, 2));
    await apply(database, loaded.document as Document, loaded.config, {
      email: null,
      event: event(KEYTURN, 'operator', 'directory.applied', 'journeys.yaml'),
    });
    return loaded;
  };
  const loaded = await configure(edited ?? ((text) => text));
  if (phones && linked) await linkEverybody(database);
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
      sshPort: 0,
      testEndpoints: {
        allowed: true,
        slackApiUrl: slack.apiUrl,
        ...(duo ? { duoApiUrl: duo.url, duoCa: duo.ca } : {}),
        ...(teams ? botEndpoints(teams) : {}),
      },
    },
  });
  await fillVault(app, loaded.config.directory.accounts);
  return {
    app,
    slack,
    duo: duo as FakeDuo,
    teams: teams as FakeTeams,
    database,
    publicUrl,
    person: (name) => new Player(slack, name, duo ?? undefined),
    inTeams: (name) => new TeamsPlayer(teams as FakeTeams, name),
    channel: (words, besides) =>
      seenIn(slack, () => slack.messages(NORTHWIND, 'C0ACCESS'), words, besides, 'the channel'),
    rows: (sql, values = []) => database.run({ name: '', text: sql }, [...values]),
    wait: (seconds) => shiftClock(database, seconds),
    reconfigure: async (edit) => void (await configure(edit)),
    close: async () => {
      await app.stop();
      await slack.stop();
      await duo?.stop();
      await teams?.stop();
      await close();
    },
  };
}

/** What an account's password is in every journey. */
export const passwordOf = (client: string, account: string) => `secret of ${client}/${account}`;

export async function fillVault(
  app: Pick<App, 'ports' | 'custody'>,
  accounts: readonly { client: string; id: string }[],
): Promise<void> {
  for (const { client, id } of accounts)
    await seedPassword(app, client, id, new Secret(passwordOf(client, id)));
}

/** Puts into custody what takes the place of what is there, as Lena does it. */
export async function replaceSecret(
  { ports, custody }: Pick<App, 'ports' | 'custody'>,
  client: string,
  account: string,
  secret: string,
): Promise<void> {
  const facts = await ports.store.accountFacts(client, account);
  const by = facts.directory.people.find((p) => p.name === 'Lena Falk')?.id as string;
  const place = { client, account, version: (facts.secret?.version ?? 0) + 1 };
  const sealed = await custody.sealSecret(new Secret(secret), place);
  const command = { verb: 'set-secret', sealed: { ...place, sealed, by, at: facts.now } } as const;
  const outcome = await perform(ports, { person: by, via: 'cli' }, command);
  if (!('done' in outcome)) throw new Error(`${client}/${account} could not be put into custody`);
}

/** One person at their Slack: what they type and press, and what they read. */
export class Player {
  readonly team: string;
  readonly user: string;

  constructor(
    readonly slack: FakeSlack,
    readonly name: string,
    readonly duo?: FakeDuo,
  ) {
    this.team = name === 'Noor' || name === 'Imposter' ? DELTA : NORTHWIND;
    this.user = `U0${name.toUpperCase()}`;
  }

  /** Their phone. */
  get phone(): Phone {
    if (!this.duo) throw new Error('no phones are played here');
    return new Phone(this.duo, duoNameOf(this.name));
  }

  /** Presses Approve, and approves on the phone, with the number that they alone were told. */
  async approves(on: string): Promise<void> {
    await this.presses('Approve', on);
    await this.confirmsOnPhone(on);
  }

  /** Answers the push that waits, typing the number from their own direct message where there is one. */
  async confirmsOnPhone(about: string): Promise<void> {
    const push = await this.phone.rings(about);
    if (!push.verified) return this.phone.allows(push);
    const card = await this.receives('in Duo Mobile', about);
    this.phone.allows(push, /Type (\d+) in Duo Mobile/.exec(reads(card))?.[1]);
  }

  get home(): string {
    return this.team === DELTA ? 'C0GENERAL' : 'C0ACCESS';
  }

  /** Types `/access …`; what it answers is read with `sees`. */
  async types(words: string): Promise<void> {
    done(await this.slack.slash(this.team, this.user, this.home, '/access', words));
  }

  /** Types `/access …` and returns what they alone are answered. */
  async hears(words: string): Promise<string> {
    return this.#answered(() => this.types(words));
  }

  /** Asks in one line and returns the request's id. */
  async asks(words: string): Promise<string> {
    return idIn(await this.hears(words), 'R');
  }

  /** Presses a button of this label on the newest card that has it (and these other words). */
  async presses(label: string, on?: string): Promise<void> {
    await this.clicks(await this.sees(label, on), label);
  }

  /** Presses it and returns what they alone are answered. */
  async pressesAndHears(label: string, on?: string): Promise<string> {
    const card = await this.sees(label, on);
    return this.#answered(() => this.clicks(card, label));
  }

  /** Presses a button of this very message, which may be an old copy, or somebody else's. */
  async clicks(message: Message, label: string): Promise<void> {
    done(await this.slack.click(this.team, this.user, message, label));
  }

  async clicksAndHears(message: Message, label: string): Promise<string> {
    return this.#answered(() => this.clicks(message, label));
  }

  /** Picks from the menu on the newest card that has these words. */
  async picks(menu: string, value: string, on: string): Promise<void> {
    done(await this.slack.select(this.team, this.user, await this.sees(on), menu, value));
  }

  /** Presses a button that leads to a page, and opens that page in a browser of their own. */
  async opens(label: string, on?: string): Promise<Browser> {
    const before = new Set(this.#ways());
    await this.presses(label, on);
    return new Browser(await this.slack.until(() => this.#ways().find((url) => !before.has(url)), 10_000));
  }

  /** Says in chat that the browser with this number is theirs. */
  async confirms(number: string): Promise<void> {
    await this.presses(`in this browser, ${number}`);
  }

  /** Presses Reveal, confirms the browser, and reads the password there. */
  async reveals(on?: string): Promise<string> {
    const browser = await this.opens('Reveal', on);
    await this.letsIn(browser);
    return (await browser.claim()).body.password;
  }

  /** The browser asks, and they confirm it by its number in their own chat. */
  async letsIn(browser: Browser): Promise<void> {
    const { number } = (await browser.ask()).body.confirm;
    const card = await this.receives(`in this browser, ${number}`);
    await this.clicks(card, labelWith(card, number));
  }

  /** Waits for a message, theirs or the channel's, that has this button or these words. */
  async sees(words: string, besides = ''): Promise<Message> {
    return this.#wait(() => this.messages(), words, besides);
  }

  /** The same in their direct messages alone. */
  async receives(words: string, besides = ''): Promise<Message> {
    return this.#wait(() => this.slack.dm(this.team, this.user), words, besides);
  }

  #wait(look: () => Message[], words: string, besides: string): Promise<Message> {
    return seenIn(this.slack, look, words, besides, this.name);
  }

  async #answered(act: () => Promise<void>): Promise<string> {
    const before = this.slack.ephemerals(this.team, this.user).length;
    await act();
    return reads(await this.slack.until(() => this.slack.ephemerals(this.team, this.user)[before], 10_000));
  }

  #ways(): string[] {
    const buttons = this.slack.ephemerals(this.team, this.user).flatMap((m) => readButtons(m));
    return buttons.flatMap(({ element }) => (typeof element.url === 'string' ? [element.url] : []));
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

  /** Chooses in the open form; it is drawn anew, with what follows from the choice. */
  async chooses(field: string, value: string): Promise<View> {
    const before = await this.form();
    done(await this.slack.select(this.team, this.user, before, field, value));
    return this.slack.until(() => {
      const view = this.slack.view(this.team, this.user);
      return view && view.hash !== before.hash ? view : undefined;
    });
  }

  /** Fills in the open form and sends it. Returns the sentence below each field; none when it was taken. */
  async sends(values: Record<string, string>): Promise<Record<string, string>> {
    const view = await this.form();
    const blocks = new Map(pressables(view).map((one) => [one.actionId, one.blockId]));
    const typed = Object.entries(values).map(([field, value]) => [blocks.get(field), { [field]: value }]);
    const seen = await this.slack.submit(view.id, Object.fromEntries(typed));
    if (!seen.ok && !seen.errors) throw new Error(`Slack says: ${seen.error}`);
    const fields = new Map([...blocks].map(([field, block]) => [block, field]));
    return Object.fromEntries(
      Object.entries(seen.errors ?? {}).map(([block, says]) => [fields.get(block), says]),
    );
  }
}

function done(seen: { ok: boolean; error?: string }): void {
  if (!seen.ok) throw new Error(`Slack says: ${seen.error}`);
}

function labelWith(message: Message, words: string): string {
  return readButtons(message).find((button) => button.label.includes(words))?.label ?? words;
}

/** Waits for the newest of these messages with both words; says what there was when it doesn't come. */
export async function seenIn(
  slack: FakeSlack,
  look: () => Message[],
  words: string,
  besides = '',
  who = 'somebody',
): Promise<Message> {
  const has = (m: Message) => reads(m).includes(words) && reads(m).includes(besides);
  try {
    return await slack.until(() => look().findLast(has), 15_000);
  } catch {
    const tail = look()
      .slice(-6)
      .map((m) => reads(m));
    throw new Error(`${who} never saw “${words}” with “${besides}”, but:\n${tail.join('\n---\n')}`);
  }
}

/** All words of a message, buttons included. */
export function reads(message: Message | View): string {
  return readText(message);
}

/** The first id of a request (`R`) or grant (`G`) in some words. */
export function idIn(words: string, kind: 'R' | 'G'): string {
  const found = new RegExp(`\\b${kind}-[0-9A-Z]{6}\\b`).exec(words)?.[0];
  if (found === undefined) throw new Error(`no ${kind}-… in: ${words}`);
  return found;
}

/** Where a text holds what it must not; empty where it doesn't. Short, so that a failure can be read. */
export function leaks(text: string, ...canaries: readonly string[]): string[] {
  return canaries.flatMap((canary) =>
    text
      .split(canary)
      .slice(0, -1)
      .map((before) => `${before.slice(-120)}${canary}`),
  );
}

/** Everything that anybody could ever read in these workspaces, and everything that was ever sent there. */
export function everythingSaid(slack: FakeSlack, teams: readonly string[] = [NORTHWIND, DELTA]): string {
  const histories = teams.flatMap((team) =>
    [...slack.workspace(team).channels.keys()].map((channel) => slack.history(team, channel)),
  );
  return JSON.stringify([histories, slack.calls.filter((call) => teams.includes(call.team))]);
}

/** Every column of every row of every table, as text. */
export async function everythingStored(database: Database): Promise<string> {
  const run = (text: string) => database.run<{ t: string }>({ name: '', text }, []);
  const tables = await run(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as t from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { t } of tables)
    rows.push(...(await run(`select x::text as t from ${t} x`)).map((row) => row.t));
  return rows.join('\n');
}
