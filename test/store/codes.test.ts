/** What the database itself refuses of one-time codes, whoever asks it. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../src/store/driver.js';
import { openCodes } from '../support/codes.js';
import { KINDS } from '../support/house.js';
import type { World } from '../support/world.js';

describe.each(KINDS)('codes that are asked for, on the %s database', (kind) => {
  let world: World;
  let ask: string;
  let link: string;
  beforeAll(async () => {
    world = await openCodes(kind);
    const tess = world.person('Tess');
    await tess.types('beacon/vpn 1h a tunnel is down');
    const page = await tess.opens('Reveal', 'VPN gateway');
    await tess.letsIn(page);
    await page.claim();
    await page.posts('ask-contacts');
    const [row] = await world.rows<{ id: string; link: string }>('select id, link from keyturn.code_asks');
    ask = row?.id ?? '';
    link = row?.link ?? '';
  }, 120_000);
  afterAll(() => world.close());

  /** What comes of a statement that nothing of Keyturn's own would send; undone again. */
  const tried = (...texts: string[]) =>
    world.database.db
      .transaction(async (one) => {
        for (const text of texts) await one.execute(text);
        throw new Error('went through');
      })
      .catch((error: Error) => codeOf(error) || error.message);

  const typedBy = (name: string) =>
    `update keyturn.code_asks set state = 'typed', sealed = 's', typed_at = keyturn.now(), until_at = keyturn.now() + interval '30 seconds',
      typed_by = (select id from keyturn.people where spec->>'name' like '${name} %') where id = '${ask}'`;

  test('come from the client’s own who approve: not from staff, not from the holder, not from another client’s', async () => {
    for (const name of ['Lena', 'Tess', 'Noor']) expect(await tried(typedBy(name))).toBe('KT004');
    expect(await tried(typedBy('Bram'))).toBe('went through');
  });

  test('lie sealed for a minute at most, and only while they are typed', async () => {
    const longer = typedBy('Bram').replace("interval '30 seconds'", "interval '2 minutes'");
    expect(await tried(longer)).toBe('KT004');
    expect(await tried(`update keyturn.code_asks set sealed = 's' where id = '${ask}'`)).toBe('23514');
    const handed = `update keyturn.code_asks set state = 'handed', handed_at = keyturn.now() where id = '${ask}'`;
    expect(await tried(handed)).toBe('KT002');
  });

  test('are asked for three times at most, of a link that has shown its password, for five minutes', async () => {
    const over = `update keyturn.code_asks set state = 'over' where id = '${ask}'`;
    const another = (n: number) =>
      `insert into keyturn.code_asks (id, link, n, state, asked_at, until_at, version)
       select 'K-${n}', link, ${n}, 'asked', asked_at, until_at, 1 from keyturn.code_asks where id = '${ask}'`;
    expect(await tried(another(2))).toBe('23505');
    expect(await tried(over, another(2))).toBe('went through');
    expect(await tried(over, another(4))).toBe('23514');
    const unshown = `insert into keyturn.links (id, token_hash, purpose, "grant", person, state, fails, created_at, expires_at, version)
       select 'L-OTHER', 'other', purpose, "grant", person, 'open', 0, created_at, expires_at, 1 from keyturn.links where id = '${link}'`;
    const open = (of: string, minutes: number) =>
      `insert into keyturn.code_windows (link, held_by, shown, opened_at, until_at, version)
       values ('${of}', 'keyturn', 0, keyturn.now(), keyturn.now() + interval '${minutes} minutes', 1)`;
    expect(await tried(unshown, open('L-OTHER', 5))).toBe('KT004');
    expect(await tried(open(link, 6))).toBe('KT004');
  });

  test('are never edited and never deleted', async () => {
    expect(await tried(`update keyturn.code_asks set n = 2 where id = '${ask}'`)).toBe('KT003');
    expect(await tried(`update keyturn.code_windows set until_at = until_at + interval '1 hour'`)).toBe(
      'KT003',
    );
    expect(await tried(`delete from keyturn.code_asks`)).toBe('KT003');
    expect(await tried(`delete from keyturn.code_windows`)).toBe('KT003');
  });

  test('are over and blank once their time is up, and stay so', async () => {
    await world.rows(typedBy('Bram'));
    await world.wait(31);
    await expect
      .poll(() => world.rows('select state, sealed from keyturn.code_asks'), { timeout: 15_000 })
      .toEqual([{ state: 'over', sealed: null }]);
    expect(await tried(`update keyturn.code_asks set state = 'asked' where id = '${ask}'`)).toBe('KT002');
  });
});
