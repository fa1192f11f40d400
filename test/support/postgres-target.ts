/** A client's Postgres, as a target: roles of its own on the test server, behind a line that can be cut. */

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Cuttable, cuttable } from './cuttable.js';
import { createDatabase } from './postgres.js';

export interface PostgresTarget {
  /** The system, as keyturn.yaml has it; its id is `acme-books`. */
  readonly yaml: string;
  /** What Keyturn signs in with. */
  readonly secret: string;
  readonly line: Cuttable;
  /** Login roles and a group of names that nobody else on the server has. */
  readonly login: string;
  /** The role that Keyturn signs in as. */
  readonly owner: string;
  readonly mate: string;
  readonly group: string;
  /** Whether somebody can sign in so, asked without Keyturn. */
  signsIn(login: string, password: string): Promise<boolean>;
  /** A connection that stays open until it is ended, by whomever. */
  opens(login: string, password: string): Promise<pg.Client>;
  isMember(login: string): Promise<boolean>;
  exists(login: string): Promise<boolean>;
  /** Something done by the target's own administrator. */
  asAdmin<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** @param password of `login` before Keyturn changes anything. */
export async function openPostgresTarget(password: string): Promise<PostgresTarget> {
  const { url, drop } = await createDatabase({ migrated: false });
  const { hostname, port, pathname } = new URL(url);
  const mark = randomBytes(4).toString('hex');
  const [owner, login, mate, group] = ['keyturn', 'books', 'mate', 'readers'].map(
    (name) => `${name}_${mark}`,
  ) as [string, string, string, string];
  const secret = randomBytes(12).toString('hex');
  const run = async <Row>(sql: string, as = url): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: as });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  };
  await run(`create role ${owner} login createrole password '${secret}'; grant pg_signal_backend to ${owner}; grant create on schema public to public;
    create role ${login} login password '${password}'; create role ${mate} login password 'mate of ${mark}';
    create role ${group}; grant ${group} to ${owner} with admin option`);
  const line = await cuttable({ host: hostname, port: Number(port) });
  const one = async (sql: string) => ((await run<{ yes: boolean }>(sql))[0] as { yes: boolean }).yes;
  return {
    yaml: `{ id: acme-books, type: postgres, url: "postgres://${owner}@127.0.0.1:${line.port}${pathname}", password: vault }`,
    ...{ secret, line, login, mate, group, owner },
    signsIn: (name, typed) =>
      run(`select 1`, `postgres://${name}:${encodeURIComponent(typed)}@${hostname}:${port}${pathname}`).then(
        () => true,
        () => false,
      ),
    opens: async (name, typed) => {
      const client = new pg.Client({
        connectionString: `postgres://${name}:${encodeURIComponent(typed)}@${hostname}:${port}${pathname}`,
      });
      // Being ended from the other side is what happens to it.
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    isMember: (name) =>
      one(`select exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
        join pg_roles r on r.oid = m.member where g.rolname = '${group}' and r.rolname = '${name}') as yes`),
    exists: (name) => one(`select exists (select from pg_roles where rolname = '${name}') as yes`),
    asAdmin: (sql) => run(sql),
    close: async () => {
      await line.close();
      await drop();
      const left = await run<{ name: string }>(
        `select rolname as name from pg_roles where rolname like '%\\_${mark}' or rolname like 'kt-%'`,
        url.replace(pathname, '/postgres'),
      );
      for (const { name } of left.filter(({ name }) => name.endsWith(mark)))
        await run(`drop owned by "${name}"; drop role "${name}"`, url.replace(pathname, '/postgres')).catch(
          () => [],
        );
    },
  };
}

/** The journeys' configuration with this target: `acme/books`, a login; `acme/readers` and `acme/reader`, its group, lent to one's own login and to one that is made. */
export function withPostgres({ yaml, login, mate, group }: PostgresTarget): (text: string) => string {
  const lent = 'may_request: [L1, L2, L3]';
  return (text) =>
    text
      .replace(/(colour: green\n)/, `$1    systems:\n      - ${yaml}\n`)
      .replace(
        /( {6}- \{ id: front-desk)/,
        `      - { id: books, name: "Books login", kind: password, system: acme-books, username: ${login}, ${lent}, deliver: [reveal], policy: helpdesk }
      - { id: readers, name: "Book readers", kind: postgres-group, system: acme-books, group: ${group}, elevate: { as: own }, ${lent}, deliver: [elevate], policy: helpdesk }
      - { id: reader, name: "A reader’s login", kind: postgres-group, system: acme-books, group: ${group}, elevate: { as: jit }, ${lent}, deliver: [elevate], policy: helpdesk }
      - { id: shop-db, name: "Shop database", kind: postgres-role, system: acme-books, role_template: ${group}, ${lent}, deliver: [sql], policy: helpdesk }
$1`,
      )
      .replace('name: Tess Tran,   tier: L2', `name: Tess Tran,   tier: L2, logins: { acme-books: ${mate} }`);
}
