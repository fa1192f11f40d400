/** A Keyturn without its edges: a database, the cast, passwords in custody. */

import { event, KEYTURN } from '../../src/core/audit.js';
import type { Command, Outcome } from '../../src/core/command.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Offers } from '../../src/core/lendable.js';
import type { Actor } from '../../src/core/people.js';
import { perform } from '../../src/core/perform.js';
import { apply } from '../../src/store/apply.js';
import { claimDatabase } from '../../src/store/deployment.js';
import { type Database, openServer } from '../../src/store/driver.js';
import { type StorePorts, storePorts } from '../../src/store/store.js';
import { CAST } from '../fixtures/cast.js';
import { openEmbedded } from './embedded.js';
import { createDatabase } from './postgres.js';

export const OFFERS: Offers = {
  mode: 'local',
  factors: [],
  deliveries: ['reveal'],
  reachableClients: ['delta'],
};

export interface House {
  readonly database: Database;
  readonly ports: StorePorts;
  /** A verified person by first name. */
  as(name: string): Promise<Actor>;
  act(name: string, command: Command): Promise<Outcome>;
  /** Another Keyturn on the same database, with connections of its own where it is a server. */
  replica(): StorePorts;
  close(): Promise<void>;
}

export type Kind = 'embedded' | 'server';

/** Both databases that Keyturn runs on: tests of state run on each. */
export const KINDS: readonly Kind[] = ['embedded', 'server'];

export async function openHouse(
  kind: Kind,
  directory: DeclaredDirectory = CAST,
  offers: Offers = OFFERS,
): Promise<House> {
  const { database, another, close } = await openTestDatabase(kind);
  await claimDatabase(database, 'local');
  const operator = { name: 'Northwind IT', timezone: 'America/Chicago' };
  await apply(
    database,
    { operator },
    { operator, directory },
    {
      email: null,
      event: event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml'),
    },
  );
  for (const { client, id } of directory.accounts) await putSecret(database, client, id);
  const ports = storePorts(database, offers, () => undefined);
  const as = async (name: string): Promise<Actor> => {
    const { directory: now } = await ports.facts.facts();
    const person = now.people.find((p) => p.name.split(' ')[0] === name);
    if (!person) throw new Error(`the cast has no ${name}`);
    return { person: person.id, via: 'slack' };
  };
  return {
    database,
    ports,
    as,
    act: async (name, command) => perform(ports, await as(name), command),
    replica: () => storePorts(another(), offers, () => undefined),
    close,
  };
}

export interface OpenedDatabase {
  readonly database: Database;
  /** The same one over other connections; closed with it. An embedded one has but one. */
  another(): Database;
  close(): Promise<void>;
}

export async function openTestDatabase(kind: Kind): Promise<OpenedDatabase> {
  if (kind === 'embedded') {
    const database = await openEmbedded();
    return { database, another: () => database, close: () => database.close() };
  }
  const { url, drop } = await createDatabase();
  const opened: Database[] = [];
  const another = () => {
    const database = openServer(url, () => undefined);
    opened.push(database);
    return database;
  };
  return {
    database: another(),
    another,
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await drop();
    },
  };
}

/** A secret's row; what is in it matters to the vault's tests only. */
export async function putSecret(database: Database, client: string, account: string): Promise<void> {
  const text = `insert into keyturn.secrets (client, account, version, sealed, at) values ($1, $2, 1, 'sealed', keyturn.now())`;
  await database.run({ name: 'put_secret', text }, [client, account]);
}
