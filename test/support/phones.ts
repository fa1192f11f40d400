/** Factors for journeys: a Duo that is played, and what people do with their phones. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DuoUser, FakeDuo, type Push } from '../../src/playground/duo/index.js';
import type { Database } from '../../src/store/driver.js';

const FILE = fileURLToPath(new URL('../fixtures/phones.yaml', import.meta.url));

/** How factors are configured, and how Duo has its users. */
export interface Phones {
  readonly order?: readonly string[];
  readonly verified?: 'required' | 'when-offered' | 'never';
  /** Users that are otherwise than active with a phone. */
  readonly users?: readonly DuoUser[];
}

const AUTH_API = {
  integrationKey: 'DIKEYTURN00000000001',
  secretKey: 'a7d1f3c95b2e8460d1c7e9f3b5a80246c1d3e5f7',
};
const WEB_SDK = {
  clientId: 'DIKEYTURN00000000002',
  clientSecret: 'f1e2d3c4b5a697887766554433221100ffeeddcc',
};

export const DUO_SECRETS = {
  DUO_API_HOST: 'api-northwind.duosecurity.com',
  DUO_IKEY: AUTH_API.integrationKey,
  DUO_SKEY: AUTH_API.secretKey,
  DUO_CLIENT_ID: WEB_SDK.clientId,
  DUO_CLIENT_SECRET: WEB_SDK.clientSecret,
};

const STAFF = ['tess', 'luis', 'lena', 'omar', 'sana', 'theo'].map((name) => `${name}@northwind.example`);

/** A person's name at Duo, by their first name. */
export function duoNameOf(name: string): string {
  if (name === 'Maya') return 'mchen';
  if (name === 'Ivy') return 'ivy@beacon.example';
  return name === 'Noor' ? 'noor@delta.example' : `${name.toLowerCase()}@northwind.example`;
}

export async function startDuo({ users = [] }: Phones): Promise<FakeDuo> {
  const others = [...STAFF, 'mchen', 'noor@delta.example', 'ivy@beacon.example']
    .filter((username) => !users.some((user) => user.username === username))
    .map((username): DuoUser => ({ username }));
  return FakeDuo.start({ users: [...others, ...users], authApi: AUTH_API, webSdk: WEB_SDK });
}

export function phonesConfig({ order, verified = 'when-offered' }: Phones): string {
  let text = readFileSync(FILE, 'utf8').replace('verified: when-offered', `verified: ${verified}`);
  if (order === undefined) return text;
  text = text.replace(/order: \[.*\]/, `order: [${order.join(', ')}]`);
  const gone = ['duo_push', 'duo_universal'].filter((method) => !order.includes(method));
  return gone.reduce((left, method) => left.replace(new RegExp(`^  ${method}:.*\\n`, 'm'), ''), text);
}

/** Every played Slack account completed by its person's factor, long ago. */
export async function linkEverybody(database: Database): Promise<void> {
  const text = `insert into keyturn.identities (platform, workspace, user_id, person, linked_at, proven_at)
    select 'slack', case when p.spec->>'kind' = 'contact' then 'T0DELTA' else 'T0NORTHWIND' end,
      'U0' || upper(split_part(p.spec->>'name', ' ', 1)), p.id, keyturn.now(), keyturn.now()
    from keyturn.people p where p.spec->>'client' is distinct from 'beacon'`;
  await database.run({ name: 'link_everybody', text }, []);
}

/** One person's phone. */
export class Phone {
  constructor(
    readonly duo: FakeDuo,
    readonly username: string,
  ) {}

  /** Waits for a push that says this. */
  rings(about = ''): Promise<Push> {
    const says = (push: Push) => `${push.type} ${push.facts.map((f) => `${f.label} ${f.value}`).join(' ')}`;
    return this.duo.until(
      () => this.duo.pending(this.username).find((push) => says(push).includes(about)),
      10_000,
    );
  }

  allows(push: Push, number?: string): void {
    this.duo.allow(push.txid, number);
  }

  async denies(about = ''): Promise<void> {
    this.duo.deny((await this.rings(about)).txid);
  }

  async reportsFraud(about = ''): Promise<void> {
    this.duo.fraud((await this.rings(about)).txid);
  }

  /** How often it was asked, answered or not. */
  get pushes(): number {
    return this.duo.pushes(this.username).length;
  }
}
