/** Teams beside the Slack of the journeys: the operator's own tenant, two clients' and everybody in them. */

import { FakeTeams, type Message, type Seen, type TenantOptions } from '../../src/playground/teams/index.js';
import { Browser } from './link-page.js';

export const NORTHWIND_TENANT = '5f1c2a30-0000-4000-8000-00000000a0a0';
export const BEACON_TENANT = '5f1c2a30-0000-4000-8000-00000000beac';
export const ACCESS_CHANNEL = '19:access-requests@thread.tacv2';

/** What the environment of a Keyturn beside this fake Teams holds. */
export const TEAMS_SECRETS = {
  NORTHWIND_APP_ID: 'b07a0000-0000-4000-8000-000000000001',
  NORTHWIND_APP_PASSWORD: 'nw~8Q.teams-Kv31Lw',
  MICROSOFT_APP_ID: 'b07a0000-0000-4000-8000-00000000beac',
  MICROSOFT_APP_PASSWORD: 'be~8Q.teams-Ts77Xq',
};

const DOMAINS: Readonly<Record<string, string>> = {
  [NORTHWIND_TENANT]: 'northwind.example',
  [BEACON_TENANT]: 'beacon.example',
};

/** The object id of a played person; the same in every run. */
export function objectIdOf(name: string): string {
  const hex = Buffer.from(name.toLowerCase()).toString('hex').padEnd(12, '0').slice(0, 12);
  return `0b1ec700-0000-4000-8000-${hex}`;
}

function person(tenant: string, name: string, more: object = {}) {
  const first = name.split(' ')[0] as string;
  const email = `${first.toLowerCase()}@${DOMAINS[tenant]}`;
  return { id: objectIdOf(first), name, email, ...more };
}

const staff = ['Tess Tran', 'Lena Falk', 'Omar Haddad', 'Sana Idris', 'Maya Chen', 'Luis Ortega'];

export const TENANTS: readonly TenantOptions[] = [
  {
    tenant: NORTHWIND_TENANT,
    name: 'Northwind IT',
    bot: { appId: TEAMS_SECRETS.NORTHWIND_APP_ID, appPassword: TEAMS_SECRETS.NORTHWIND_APP_PASSWORD },
    users: [
      ...staff.map((name) => person(NORTHWIND_TENANT, name)),
      person(NORTHWIND_TENANT, 'Gus Guest', { guest: true, email: 'omar@northwind.example' }),
      person(NORTHWIND_TENANT, 'Nobody Known', { email: 'nobody@northwind.example' }),
    ],
    channels: [
      {
        id: ACCESS_CHANNEL,
        name: 'Access requests',
        team: { id: '19:operations@thread.tacv2', name: 'Operations' },
        members: staff.map((name) => objectIdOf(name.split(' ')[0] as string)),
      },
    ],
  },
  {
    tenant: BEACON_TENANT,
    name: 'Beacon Law',
    bot: { appId: TEAMS_SECRETS.MICROSOFT_APP_ID, appPassword: TEAMS_SECRETS.MICROSOFT_APP_PASSWORD },
    users: [
      person(BEACON_TENANT, 'Ivy Okafor'),
      person(BEACON_TENANT, 'Bram Vos'),
      // Beacon's own admin can give anybody there any address: this one bears Lena's.
      person(BEACON_TENANT, 'Imposter', { email: 'lena@northwind.example' }),
    ],
    installedFor: [objectIdOf('Ivy'), objectIdOf('Imposter')],
  },
];

const CHAT = `  teams:
    - { of: operator, tenant: ${NORTHWIND_TENANT}, app_id: "\${NORTHWIND_APP_ID}", app_password: "\${NORTHWIND_APP_PASSWORD}", requests_channel: "${ACCESS_CHANNEL}" }
    - { of: beacon, tenant: ${BEACON_TENANT}, app_id: "\${MICROSOFT_APP_ID}", app_password: "\${MICROSOFT_APP_PASSWORD}" }
`;

const CLIENT = `  - id: beacon
    name: Beacon Law
    engagement: co-managed
    colour: purple
    domains: [beacon.example]
    contacts:
      - { email: ivy@beacon.example, name: Ivy Okafor, title: Office manager, approves: true, requests: true }
      - { email: bram@beacon.example, name: Bram Vos, title: Partner, approves: true, requests: false }
    accounts:
      - { id: tenant-admin, name: "Global admin", kind: password, username: admin, may_request: [L2, L3, leads], deliver: [reveal], policy: split-custody }
      - { id: dms, name: "Document system", kind: password, username: dms, may_request: [L2, contacts], deliver: [reveal], policy: one-lead }
`;

/** The configuration of the journeys with both tenants in it, and Beacon as a client. */
export function withTeams(text: string): string {
  // After the last of the Slack workspaces.
  return `${text.replace(/^( {4}- \{ of: delta, team: .*\n)/m, `$1${CHAT}`).trimEnd()}\n${CLIENT}`;
}

/** Starts it; where the bots listen is told by the caller. */
export function startTeams(): Promise<FakeTeams> {
  return FakeTeams.start({ tenants: TENANTS, rateLimits: false });
}

/** Where a Keyturn finds it. */
export const botEndpoints = (teams: FakeTeams) => ({
  botOpenidMetadataUrl: teams.metadataUrl,
  botLoginUrl: teams.url,
  botServiceUrl: teams.globalServiceUrl,
});

/** One person at their Teams: what they type and press, and what they read. */
export class TeamsPlayer {
  readonly tenant: string;
  readonly user: string;

  constructor(
    readonly teams: FakeTeams,
    readonly name: string,
  ) {
    const found = TENANTS.find(({ users }) => users.some((user) => user.name.split(' ')[0] === name));
    if (!found) throw new Error(`nobody is called ${name} in any tenant`);
    this.tenant = found.tenant;
    this.user = objectIdOf(name);
  }

  /** Types it to the bot; the answer comes as a message of its own, or as cards. */
  async types(words: string): Promise<void> {
    done(await this.teams.says(this.tenant, this.user, words));
  }

  /** Types it, and returns what the bot answers in their chat: not a card about something else, which may come between. */
  async hears(words: string, isAnswer = (says: string) => !/^[🟥🟧🟨🟩🟦🟪🟫]/u.test(says)): Promise<string> {
    const before = this.#fromBot().length;
    await this.types(words);
    const answers = () =>
      this.#fromBot()
        .slice(before)
        .map((m) => this.teams.reads(m));
    return this.teams.until(() => answers().find(isAnswer), 10_000);
  }

  /** Asks in one line and returns the request's id. */
  async asks(words: string): Promise<string> {
    const says = await this.hears(words);
    const found = /^(?:Asked: )?(R-[0-9A-Z]{6})\b/.exec(says)?.[1];
    if (found === undefined) throw new Error(`no request was made, but: ${says}`);
    return found;
  }

  /** Presses a button on the newest message, in their chat or the channel, that has it and these words. */
  async presses(label: string, on?: string, inputs?: Readonly<Record<string, string>>): Promise<Seen> {
    return this.clicks(await this.sees(label, on), label, inputs);
  }

  /** The same on this very message, which may be an old copy. */
  async clicks(message: Message, label: string, inputs?: Readonly<Record<string, string>>): Promise<Seen> {
    return done(await this.teams.presses(this.tenant, this.user, message, label, inputs ? { inputs } : {}));
  }

  /** Presses a button that leads to a page, and opens that page in a browser of their own. */
  async opens(label: string, on?: string): Promise<Browser> {
    const before = new Set(this.#ways());
    await this.presses(label, on);
    return new Browser(await this.teams.until(() => this.#ways().find((url) => !before.has(url)), 10_000));
  }

  /** Presses Reveal, confirms the browser by its number, and reads the password there. */
  async reveals(on?: string): Promise<string> {
    const browser = await this.opens('Reveal', on);
    const { number } = (await browser.ask()).body.confirm;
    const card = await this.receives(`in this browser, ${number}`);
    const label = this.teams.buttons(card).find((one) => one.includes(`in this browser, ${number}`));
    await this.clicks(card, label ?? '');
    return (await browser.claim()).body.password;
  }

  /** Waits for a message in their chat or the requests channel that has this button or these words. */
  sees(words: string, besides = ''): Promise<Message> {
    return this.#wait(() => this.messages(), words, besides);
  }

  /** The same in their own chat alone. */
  receives(words: string, besides = ''): Promise<Message> {
    return this.#wait(() => this.teams.chat(this.tenant, this.user), words, besides);
  }

  /** Everything that this person can read, the channel first. */
  messages(): Message[] {
    const channel =
      this.tenant === NORTHWIND_TENANT ? this.teams.channel(this.tenant, ACCESS_CHANNEL, this.user) : [];
    return [...channel, ...this.teams.chat(this.tenant, this.user)];
  }

  /** What a message says to them, buttons included. */
  reads(message: Message): string {
    return [this.teams.reads(message), ...this.teams.buttons(message)].join('\n');
  }

  async #wait(look: () => Message[], words: string, besides: string): Promise<Message> {
    const has = (m: Message) => this.reads(m).includes(words) && this.reads(m).includes(besides);
    try {
      return await this.teams.until(() => look().findLast(has), 15_000);
    } catch {
      const tail = look().slice(-6);
      const there = tail.map((m) => this.reads(m)).join('\n---\n');
      throw new Error(`${this.name} never saw “${words}” with “${besides}” in Teams, but:\n${there}`);
    }
  }

  #fromBot(): Message[] {
    return this.teams.chat(this.tenant, this.user).filter((m) => m.bot);
  }

  /** Addresses behind the buttons of their cards. */
  #ways(): string[] {
    const cards = this.teams.chat(this.tenant, this.user).map((m) => JSON.stringify(m.card ?? {}));
    return cards.flatMap((card) =>
      [...card.matchAll(/"url":"(http[^"]+)"/g)].map(([, url]) => url as string),
    );
  }
}

function done(seen: Seen): Seen {
  if (!seen.ok) throw new Error(`Teams says: ${seen.error ?? JSON.stringify(seen.errors)}`);
  return seen;
}
