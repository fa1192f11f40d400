/** A PostgreSQL server of a client's: Keyturn's role on it has what the guide asks for, and nothing more. */

import pg from 'pg';
import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { openPostgres } from '../../../src/connectors/postgres/index.js';
import { startPostgres } from '../../support/postgres-server.js';

export const KEYTURN_PASSWORD = 'kx7-Ledger-of-Keyturn';

export interface ClientServer {
  readonly host: string;
  readonly port: number;
  /** As the client's own administrator. */
  sql<R extends pg.QueryResultRow>(text: string, values?: unknown[], database?: string): Promise<R[]>;
  /** Makes a login that Keyturn may change: from version 16 on that is granted for each. */
  makeLogin(login: string, password: string): Promise<void>;
  /** Signs in as anybody, past the connector. The caller ends it. */
  enter(user: string, password: string, database?: string): Promise<pg.Client>;
  /** False where the server refuses the password; throws where it gives no clear answer. */
  signsIn(user: string, password: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Databases `books` and `stock`; the role `keyturn`; the group `ledger`, which owns the schema of both. */
export async function startClientServer(): Promise<ClientServer> {
  const server = await startPostgres();
  const { hostname, port, username, password } = new URL(server.url);
  const enter = (user: string, secret: string, database = 'books') =>
    connected({ host: hostname, port: Number(port), user, password: secret, database });
  const sql = async <R extends pg.QueryResultRow>(text: string, values?: unknown[], database = 'books') => {
    const admin = await enter(username, password, database);
    try {
      return (await admin.query<R>(text, values)).rows;
    } finally {
      await admin.end();
    }
  };
  await sql('create database books', [], 'postgres');
  await sql('create database stock', [], 'postgres');
  await sql(`create role keyturn login createrole password '${KEYTURN_PASSWORD}';
    grant pg_signal_backend to keyturn; create role ledger; grant ledger to keyturn with admin option`);
  for (const database of ['books', 'stock'])
    await sql(
      `grant all on schema public to ledger; create table entries (n int); grant all on entries to ledger;
      grant connect on database ${database} to keyturn`,
      [],
      database,
    );
  return {
    host: hostname,
    port: Number(port),
    sql,
    makeLogin: async (login, secret) => {
      const name = pg.escapeIdentifier(login);
      await sql(`create role ${name} login password '${secret}'`);
      const [row] = await sql(`select current_setting('server_version_num')::int >= 160000 as each`);
      if (row?.each) await sql(`grant ${name} to keyturn with admin option, inherit false, set false`);
    },
    enter,
    signsIn: (user, secret) => lets(enter, user, secret),
    stop: server.stop,
  };
}

async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  client.on('error', () => {}); // a lost connection fails the query that needs it
  await client.connect();
  return client;
}

async function lets(enter: ClientServer['enter'], user: string, password: string): Promise<boolean> {
  try {
    await (await enter(user, password)).end();
    return true;
  } catch (error) {
    if (['28P01', '28000'].includes((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}

export interface Reach {
  readonly host: string;
  readonly port: number;
  readonly secret?: string | null;
  readonly ca?: string;
  /** What follows the database in the address. */
  readonly query?: string;
  readonly limitMs?: number;
}

/** A connector as an installation opens it. */
export function reach({ host, port, secret = KEYTURN_PASSWORD, ca, query = '', limitMs }: Reach): Connector {
  const settings = {
    url: `postgres://keyturn@${host}:${port}/books${query}`,
    password: 'vault',
    ...(ca === undefined ? {} : { ca }),
  };
  const system = { client: 'beacon', id: 'beacon-books', type: 'postgres', settings };
  return openPostgres(
    { system, secret: async () => (secret === null ? null : new Secret(secret)) },
    ...(limitMs === undefined ? [] : [limitMs]),
  );
}
