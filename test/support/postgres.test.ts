import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from './postgres.js';

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a test database is empty, its own and durable', async () => {
  const [one, two] = await Promise.all([
    createDatabase({ migrated: false }),
    createDatabase({ migrated: false }),
  ]);
  await query(one.url, 'create table mark (id int)');
  expect(await query(two.url, `select to_regclass('mark') as mark`)).toEqual([{ mark: null }]);
  expect(await query(one.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  await Promise.all([one.drop(), two.drop()]);
  await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
});

test('twenty databases asked for at once are all made', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => createDatabase()));
  expect(new Set(made.map((database) => database.url)).size).toBe(20);
  await Promise.all(made.map((database) => database.drop()));
});
