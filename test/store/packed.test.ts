import { describe, expect, test } from 'vitest';
import type { SweepItem } from '../../src/core/sweep.js';
import { openServer } from '../../src/store/driver.js';
import { packed } from '../../src/store/packed.js';
import { createDatabase } from '../support/postgres.js';

const AT = new Date('2026-11-23T12:00:00Z');
const item = (subject: string, state: SweepItem['state'], client: string | null): SweepItem => ({
  ...{
    sweep: 'S-8F3KQ2',
    kind: 'grant',
    subject,
    client,
    state,
    data: { account: subject },
    at: new Date(AT),
  },
  doneAt: state === 'done' ? new Date(AT) : null,
});

describe('Rows by the thousand', () => {
  const rows = [
    item('a', 'done', 'acme'),
    item('b', 'due', null),
    item('c', 'done', 'delta'),
    item('d', 'done', null),
  ];

  test('are sent whole: what all have in common once, the rest with each', () => {
    const sent = packed({ of: 'sweep-item', rows });
    const unpacked = sent.flatMap(({ same, rows: each }) => each.map((row) => ({ ...same, ...row })));
    const spelt = rows.map(({ doneAt, ...row }) => ({ ...row, done_at: doneAt }));
    expect(unpacked).toHaveLength(4);
    expect(unpacked).toEqual(expect.arrayContaining(spelt));
    const done = sent.find(({ same }) => same.state === 'done');
    expect(done?.rows.map((row) => Object.keys(row).sort())).toEqual(
      Array(3).fill(['client', 'data', 'subject']),
    );
  });

  test('are nothing where there are none', () => {
    expect(packed({ of: 'grant', rows: [] })).toEqual([]);
  });
});

test('A statement is waited for as long as it says, and no longer', async () => {
  const { url, drop } = await createDatabase({ migrated: false });
  const database = openServer(url, () => undefined);
  const sleep = { name: '', text: 'select pg_sleep(20)', within: 200 };
  await expect(database.run(sleep, [])).rejects.toThrow('timeout');
  await database.close();
  await drop();
});
