/** Passwords that are changed although nobody asks: because of their age, or because of who has seen them and leaves. */

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import { askWhatIsOld } from '../../src/jobs/upkeep.js';
import { shiftClock } from '../../src/store/deployment.js';
import { CAST } from '../fixtures/cast.js';
import { type House, KINDS, OFFERS, openHouse } from '../support/house.js';

const DAY = 86_400;

const lent = {
  ...{ client: 'acme', kind: 'password', system: 'acme-box', mayRequest: ['L2', 'L3', 'leads'] },
  ...{ policy: 'free', exclusive: false, totp: false, settings: {} },
  deliver: ['reveal'],
} as const;

/** By itself changed every 30 days, or only when somebody leaves; the last two can't be reached. */
const DIRECTORY: DeclaredDirectory = {
  ...CAST,
  systems: [{ client: 'acme', id: 'acme-box', type: 'webhook', settings: {} }],
  accounts: [
    ...CAST.accounts,
    {
      ...{ ...lent, id: 'monthly', name: 'Monthly', username: 'monthly' },
      rotate: { afterUse: true, everySeconds: 30 * DAY },
    },
    { ...lent, id: 'seen', name: 'Seen', username: 'seen' },
    { ...lent, id: 'unseen', name: 'Unseen', username: 'unseen' },
    { ...lent, id: 'nameless', name: 'Nameless' },
  ],
};

describe.each(KINDS)('custody that nobody asks for, on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind, DIRECTORY, { ...OFFERS, deliveries: ['reveal', 'elevate'] });
  }, 60_000);
  afterAll(() => house.close());

  const rows = <Row>(text: string, values: unknown[] = []) =>
    house.database.run<Row>({ name: '', text }, values);
  const rotations = (cause: string) =>
    rows<{ account: string }>(
      `select account from keyturn.rotations where cause = $1 and state = 'asked' order by account`,
      [cause],
    ).then((all) => all.map(({ account }) => account));
  const old = () =>
    askWhatIsOld({
      ...{ database: house.database, ports: house.ports, connect: async () => null },
      log: pino({ level: 'silent' }),
    });

  async function takes(name: string, account: string): Promise<string> {
    const asked = { client: 'acme', account, seconds: 3600, reason: 'routine work', ticket: null };
    const outcome = await house.act(name, { verb: 'ask', ...asked });
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return `G${outcome.done.slice(1)}`;
  }

  async function sees(grant: string): Promise<void> {
    await rows(
      `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at)
       select 'E-' || g.id, g.id, g.client, g.account, g.holder, 1, keyturn.now() from keyturn.grants g where g.id = $1`,
      [grant],
    );
  }

  test('a password is left alone until it is as old as it may become, and while somebody holds it', async () => {
    expect(await old()).toBe(0);
    await shiftClock(house.database, 29 * DAY);
    expect(await old()).toBe(0);
    const grant = await takes('Tess', 'monthly');
    await shiftClock(house.database, 2 * DAY - 3600);
    expect(await old()).toBe(0);
    expect(await house.act('Tess', { verb: 'return', id: grant })).toHaveProperty('done');
    expect(await old()).toBe(1);
    expect(await rotations('schedule')).toEqual(['monthly']);
    const jobs = await rows<{ key: string }>(`select key from keyturn.jobs where kind = 'target'`);
    expect(jobs).toEqual([{ key: 'target:acme/monthly' }]);
  });

  test('it is asked for once, however often Keyturn looks', async () => {
    expect(await old()).toBe(0);
    expect(await rotations('schedule')).toEqual(['monthly']);
  });

  test('who leaves has seen some passwords: exactly those are changed where Keyturn can, the others are named as due', async () => {
    for (const account of ['seen', 'nameless']) {
      const grant = await takes('Sana', account);
      await sees(grant);
      expect(await house.act('Sana', { verb: 'return', id: grant })).toHaveProperty('done');
    }
    await takes('Sana', 'unseen');
    const sana = (await house.as('Sana')).person;
    expect(await house.act('Lena', { verb: 'offboard', person: sana })).toHaveProperty('done');
    expect(await rotations('offboarded')).toEqual(['seen']);
    const due = await rows<{ account: string }>(
      `select data->>'account' as account from keyturn.sweep_items where kind = 'exposure' and state = 'due' order by 1`,
    );
    expect(due.map(({ account }) => account)).toEqual(['nameless', 'seen']);
  });

  test('only a lead has a password changed, and not where Keyturn can’t', async () => {
    const rotate = (name: string, account: string) =>
      house.act(name, { verb: 'rotate', client: 'acme', account, insists: false });
    expect(await rotate('Tess', 'unseen')).toEqual({ refused: { code: 'leads-only' } });
    expect(await rotate('Lena', 'nameless')).toEqual({
      refused: { code: 'cannot-rotate', account: 'acme/nameless' },
    });
    expect(await rotate('Lena', 'unseen')).toEqual({ done: 'acme/unseen' });
    expect(await rotate('Omar', 'unseen')).toEqual({
      refused: { code: 'rotating-already', account: 'acme/unseen' },
    });
    expect(await rotate('Lena', 'nowhere')).toEqual({
      refused: { code: 'unknown-account', typed: 'acme/nowhere' },
    });
  });
});
