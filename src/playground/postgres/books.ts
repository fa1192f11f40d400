/** What is in the played client's database: the books of a small law firm, a role that owns them and one that is lent. */

import pg from 'pg';
import type { Secret } from '../../config/secret.js';
import { scramVerifier } from '../../connectors/postgres/verifier.js';

export const BOOKS = 'books';

const ROLES = (verifier: string) => `
  create role keyturn login createrole password ${pg.escapeLiteral(verifier)};
  grant pg_signal_backend to keyturn;
  create role books_owner;
  create role readwrite;
  grant readwrite to keyturn with admin option`;

const TABLES = `
  revoke all on database ${BOOKS} from public;
  grant connect on database ${BOOKS} to keyturn, readwrite;
  create table customers (id int primary key, name text not null, city text not null, since date not null);
  create table invoices (
    id int primary key,
    customer int not null references customers,
    amount numeric(10, 2) not null,
    due date not null,
    paid boolean not null default false
  );
  comment on table customers is 'Made up: no such people are known here';
  insert into customers (id, name, city, since)
    select n, (array['Harbour Foods', 'Oakline Homes', 'Petrov & Daughters', 'Silva Cycles', 'Marsh Bakery',
        'Lindgren Design', 'Okafor Freight', 'Ruiz Gardens', 'Tanaka Prints', 'Weber Optics'])[n],
      (array['Lisbon', 'Austin', 'Leeds', 'Porto', 'Ghent'])[1 + n % 5], date '2019-03-01' + n * 97
    from generate_series(1, 10) n;
  insert into invoices (id, customer, amount, due, paid)
    select 1000 + n, 1 + n % 10, 120 + (n * 7919 % 90000) / 10.0, date '2026-01-05' + n * 6, n % 4 <> 0
    from generate_series(1, 40) n;
  alter table customers owner to books_owner;
  alter table invoices owner to books_owner;
  grant select, insert, update, delete on customers, invoices to readwrite`;

/** @param keyturn what Keyturn itself signs in with. */
export async function fillBooks(url: string, keyturn: Secret): Promise<void> {
  await run(url, ROLES(await scramVerifier(keyturn)));
  await run(url, `create database ${BOOKS}`);
  await run(url.replace(/\/[^/]*$/, `/${BOOKS}`), TABLES);
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
