import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toRow } from '../../src/store/rows.js';
import { Forger } from '../support/forger.js';
import { type House, KINDS } from '../support/house.js';
import { openProtected } from '../support/proving.js';

const BACKWARDS = 'KT002';
const EDITED = 'KT003';
const ILLEGAL = 'KT004';
const TWICE = '23505';

describe.each(KINDS)('what came of a proof stays on record in the %s database', (kind) => {
  let house: House;
  let forger: Forger;
  beforeAll(async () => {
    house = await openProtected(kind);
    forger = await Forger.in(house);
  });
  afterAll(() => house.close());

  test.each([
    ['spent', 'allowed'],
    ['spent', 'waiting'],
    ['allowed', 'waiting'],
    ['allowed', 'denied'],
    ['asked', 'allowed'],
    ['asked', 'spent'],
    ['waiting', 'spent'],
  ] as const)('one that is %s is never made %s', async (from, to) => {
    const id = await forger.proof({ state: from });
    const set = `state = '${to}', method = 'totp', evidence = id`;
    expect(await forger.refused(`update keyturn.proofs set ${set} where id = $1`, [id])).toBe(BACKWARDS);
  });

  test('none is born with an answer', async () => {
    const born = `insert into keyturn.proofs select ($1::text), person, act, subject_kind, subject_id, subject_version,
      terms, client, facts, number, command, via, identity, 'allowed' from keyturn.proofs limit 1`;
    expect(await forger.refused(born, [forger.id('C')])).toBe(BACKWARDS);
  });

  test.each([
    ['person', '(select max(id) from keyturn.people p where p.id <> proofs.person)'],
    ['act', `'reveal'`],
    ['subject_kind', `'link'`],
    ['subject_id', `'R-000000'`],
    ['subject_version', '2'],
    ['terms', `'1 second'`],
    ['facts', `'[["Account", "another"]]'`],
    ['asked_at', 'keyturn.now()'],
  ])('its %s is never edited', async (column, value) => {
    for (const state of ['waiting', 'allowed'] as const) {
      const id = await forger.proof({ state });
      expect(await forger.refused(`update keyturn.proofs set ${column} = ${value} where id = $1`, [id])).toBe(
        EDITED,
      );
    }
  });

  test('nothing of it is edited once it is over, nor what the factor has said', async () => {
    const spent = await forger.proof();
    const allowed = await forger.proof({ state: 'allowed' });
    for (const change of [`evidence = 'another'`, `method = 'duo_push'`]) {
      expect(await forger.refused(`update keyturn.proofs set ${change} where id = $1`, [spent])).toBe(EDITED);
      expect(await forger.refused(`update keyturn.proofs set ${change} where id = $1`, [allowed])).toBe(
        EDITED,
      );
    }
    expect(await forger.refused(`update keyturn.proofs set said = 'never was' where id = $1`, [spent])).toBe(
      EDITED,
    );
  });

  test('no two have the same answer of a factor', async () => {
    const first = await forger.proof();
    const second = await forger.proof({ by: 'Omar', state: 'waiting' });
    const same = `update keyturn.proofs set state = 'allowed', method = 'totp', evidence = $2 where id = $1`;
    expect(await forger.refused(same, [second, first])).toBe(TWICE);
  });

  test('a person is asked about one thing at a time', async () => {
    await forger.proof({ state: 'waiting' });
    const again = `insert into keyturn.proofs select ($1::text), person, act, subject_kind, subject_id, subject_version,
      terms, client, facts, number, command, via, identity, 'asked', null, null, null, null, null, 0, 0, null, null,
      null, asked_at, null, null, expires_at, null, 1 from keyturn.proofs where state = 'waiting'`;
    expect(await forger.refused(again, [forger.id('C')])).toBe(TWICE);
  });

  test('one whose time is up is not spent, whoever has waited for a lock meanwhile', async () => {
    const id = await forger.proof({ state: 'allowed' });
    const facts = await house.ports.store.proofFacts({ id });
    const row = facts && toRow({ ...facts.proof, state: 'spent', version: facts.proof.version + 1 });
    await forger.run(`update keyturn.proofs set expires_at = keyturn.now() where id = $1`, [id]);
    const put = `select keyturn.put('proof', $1::jsonb) as done`;
    expect(await forger.run(put, [JSON.stringify(row)])).toEqual([{ done: false }]);
    await forger.run(
      `update keyturn.proofs set expires_at = keyturn.now() + interval '1 minute' where id = $1`,
      [id],
    );
    expect(await forger.run(put, [JSON.stringify(row)])).toEqual([{ done: true }]);
  });

  test.each(['proofs', 'factors', 'alerts', 'links'])('none of the %s is deleted', async (table) => {
    await forger.factor();
    await forger.incident();
    await forger.link('spent');
    expect(await forger.refused(`delete from keyturn.${table}`)).toBe(EDITED);
    expect(await forger.refused(`truncate keyturn.${table} cascade`)).toBe(EDITED);
  });
});

describe.each(KINDS)('authenticators and incidents in the %s database', (kind) => {
  let house: House;
  let forger: Forger;
  let factor: string;
  let incident: string;
  beforeAll(async () => {
    house = await openProtected(kind);
    forger = await Forger.in(house);
    factor = await forger.factor();
    incident = await forger.incident();
    await forger.run(`update keyturn.factors set state = 'active', last_step = 100 where id = $1`, [factor]);
  });
  afterAll(() => house.close());

  test.each(['last_step = 99', 'last_step = null', `sealed = 'another'`])(
    '“%s” is refused of one in use',
    async (change) => {
      expect(await forger.refused(`update keyturn.factors set ${change} where id = $1`, [factor])).toBe(
        ILLEGAL,
      );
    },
  );

  test('one in use isn’t given to somebody else, nor tried again', async () => {
    const set = (change: string) =>
      forger.refused(`update keyturn.factors set ${change} where id = '${factor}'`);
    expect(await set(`person = '${forger.people.Omar}'`)).toBe(EDITED);
    expect(await set(`state = 'trying'`)).toBe(BACKWARDS);
  });

  test('nobody has two in use', async () => {
    const second = await forger.factor();
    const activate = `update keyturn.factors set state = 'active', last_step = 1 where id = $1`;
    expect(await forger.refused(activate, [second])).toBe(TWICE);
  });

  const settle = (by: string | null) =>
    forger.refused(`update keyturn.alerts set state = 'settled', settled_by = $2 where id = $1`, [
      incident,
      by,
    ]);

  test('an incident is settled by somebody, and never by the one whom it is about', async () => {
    expect(await settle(forger.people.Omar as string)).toBe(ILLEGAL);
    expect(await settle(null)).toBe(ILLEGAL);
    expect(
      await forger.refused(`update keyturn.alerts set kind = 'cool-down' where id = $1`, [incident]),
    ).toBe(EDITED);
  });

  test('it is settled once, and never opened again or made a mere notice', async () => {
    expect(await forger.refused(`update keyturn.alerts set state = 'told' where id = $1`, [incident])).toBe(
      BACKWARDS,
    );
    expect(await settle(forger.people.Lena as string)).toBe('went through');
    for (const state of ['open', 'told'])
      expect(
        await forger.refused(`update keyturn.alerts set state = '${state}' where id = $1`, [incident]),
      ).toBe(BACKWARDS);
  });

  test('none is born settled', async () => {
    const born = `insert into keyturn.alerts (id, kind, person, key, data, state, at, version)
      values ($1, 'fraud', $2, $1, '{}', 'settled', keyturn.now(), 1)`;
    expect(await forger.refused(born, [forger.id('A'), forger.people.Omar])).toBe(BACKWARDS);
  });
});
