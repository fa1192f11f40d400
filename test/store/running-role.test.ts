import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

const FORBIDDEN = '42501';

/** Never changed and never deleted; the others change by their own rules, and are never deleted. */
const APPEND_ONLY = [
  ...['audit_events', 'decisions', 'exposures', 'secrets', 'transitions'],
  ...['recordings', 'recording_channels', 'recording_pieces', 'recording_ends'],
];
const KEPT = [
  'requests',
  'grants',
  'revocations',
  'links',
  'proofs',
  'factors',
  'alerts',
  'proposals',
  'clock',
];

describe('where MIGRATION_DATABASE_URL names another owner, the role that Keyturn runs as', () => {
  const role = `runs_${randomBytes(4).toString('hex')}`;
  let test_: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    test_ = await createDatabase();
    client = new pg.Client({ connectionString: test_.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`create role ${role}`);
    await migrate(test_.url, role);
    await client.query(`set role ${role}`);
  });
  afterAll(async () => {
    await client.query(`reset role`);
    await client.query(`drop owned by ${role}`);
    await client.query(`drop role ${role}`);
    await client.end();
    await test_.drop();
  });

  const refused = (text: string) =>
    client.query(text).then(
      () => 'went through',
      (error: { code?: string }) => error.code,
    );

  test.each([...APPEND_ONLY, ...KEPT])('deletes nothing of keyturn.%s', async (table) => {
    expect(await refused(`delete from keyturn.${table}`)).toBe(FORBIDDEN);
    expect(await refused(`truncate keyturn.${table} cascade`)).toBe(FORBIDDEN);
  });

  test.each(APPEND_ONLY)('changes nothing of keyturn.%s', async (table) => {
    const { rows } = await client.query(
      `select attname as name from pg_attribute where attrelid = 'keyturn.${table}'::regclass and attnum = 1`,
    );
    expect(await refused(`update keyturn.${table} set "${rows[0].name}" = "${rows[0].name}"`)).toBe(
      FORBIDDEN,
    );
  });

  test.each(['proofs', 'factors', 'alerts', 'links', 'decisions'])(
    'can’t put the rules of keyturn.%s to sleep',
    async (table) => {
      expect(await refused(`alter table keyturn.${table} disable trigger all`)).toBe(FORBIDDEN);
      expect(await refused(`drop table keyturn.${table} cascade`)).toBe(FORBIDDEN);
      expect(await refused('set session_replication_role = replica')).toBe(FORBIDDEN);
    },
  );

  test('can do its work all the same', async () => {
    expect(
      await refused(
        'select keyturn.commit($${"directory": 0, "guards": [], "writes": [], "audit": [], "notices": []}$$::jsonb)',
      ),
    ).toBe('went through');
    expect(await refused('select count(*) from keyturn.proofs')).toBe('went through');
  });
});
