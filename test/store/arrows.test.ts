import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../src/store/driver.js';
import { type House, KINDS, openHouse } from '../support/house.js';

describe.each(KINDS)('what may follow what, on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());

  const run = (text: string) => house.database.run<Record<string, unknown>>({ name: '', text }, []);

  test('is checked by just the arrows that are stored', async () => {
    const stored = await run(
      `select noun || ': ' || "from" || ' to ' || "to" as arrow from keyturn.transitions order by 1`,
    );
    const [known] = await run('select array(select unnest(keyturn.arrows()) order by 1) as arrows');
    expect(known?.arrows).toEqual(stored.map(({ arrow }) => arrow));
  });

  test('an arrow that a later version brings is known at once, also where others were checked before', async () => {
    const outcome = await house.act('Tess', {
      ...{ verb: 'ask', client: 'acme', account: 'router', seconds: 600, reason: 'why', ticket: null },
    });
    const id = 'done' in outcome ? outcome.done : '';
    // On one connection, which keeps what it has planned.
    const tries = await house.database.db.transaction(async (one) => {
      const park = `update keyturn.requests set state = 'parked' where id = '${id}'`;
      const tried = () =>
        one
          .transaction((inner) => inner.execute(park))
          .then(
            () => 'went through',
            (error: unknown) => codeOf(error),
          );
      const before = [await tried(), await tried()];
      await one.execute(`insert into keyturn.transitions values ('request', 'pending', 'parked')`);
      return [...before, await tried()];
    });
    expect(tries).toEqual(['KT002', 'KT002', 'went through']);
  });
});

describe('a grant', () => {
  test('keeps what it was born with, in every column that isn’t named as changing', async () => {
    const house = await openHouse('embedded');
    try {
      const outcome = await house.act('Tess', {
        ...{ verb: 'ask', client: 'acme', account: 'free', seconds: 1800, reason: 'why', ticket: null },
      });
      expect(outcome).toHaveProperty('done');
      const columns = await house.database.run<{ name: string; type: string }>(
        {
          name: 'columns_of_grants',
          text: `select column_name as name, data_type as type from information_schema.columns
            where table_schema = 'keyturn' and table_name = 'grants' order by ordinal_position`,
        },
        [],
      );
      const other: Readonly<Record<string, string>> = { text: `'other'`, integer: '7', boolean: 'false' };
      const kept: string[] = [];
      for (const { name, type } of columns) {
        const text = `update keyturn.grants set "${name}" = ${other[type] ?? 'keyturn.now()'}`;
        const said = await house.database.run({ name: '', text }, []).then(
          () => 'went through',
          (error) => codeOf(error),
        );
        if (said === 'KT003') kept.push(name);
      }
      expect(kept).toEqual([
        'id',
        'request',
        'client',
        'account',
        'holder',
        'delivery',
        'seconds',
        'exclusive',
      ]);
    } finally {
      await house.close();
    }
  });
});
