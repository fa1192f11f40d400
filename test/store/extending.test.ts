import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.js';
import { endWhatIsDue } from '../../src/jobs/clock.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { warnOfEnds } from '../../src/store/requests.js';
import { type House, KINDS, openHouse } from '../support/house.js';

const minute = 60;

describe.each(KINDS)('more time at the same instant as something else, on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());

  const run = (text: string, values: unknown[] = []) =>
    house.database.run<Record<string, unknown>>({ name: '', text }, values);
  async function done(name: string, command: Command): Promise<string> {
    const outcome = await house.act(name, command);
    if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.done;
  }
  /** Tess holds it for an hour. */
  async function holds(account: string, by: readonly string[] = ['Lena']): Promise<string> {
    const asked = { seconds: 3600, reason: 'printer is down', ticket: null };
    const id = await done('Tess', { verb: 'ask', client: 'acme', account, ...asked });
    for (const name of by) await done(name, { verb: 'approve', id });
    return id.replace('R-', 'G-');
  }
  const wants = (grant: string, seconds = 1800) =>
    done('Tess', { verb: 'extend', id: grant, seconds, reason: 'still at it' });
  const lasts = async (grant: string) =>
    (
      await run(
        'select extract(epoch from ends_at - active_at)::int as s from keyturn.grants where id = $1',
        [grant],
      )
    )[0]?.s;
  const stateOf = async (id: string) =>
    (await run('select state from keyturn.requests where id = $1', [id]))[0]?.state;

  test('two leads approve at once: it is longer once, and both words are on record or one comes too late', async () => {
    const grant = await holds('front-desk');
    const more = await wants(grant);
    const outcomes = await Promise.all(
      ['Lena', 'Omar'].map((name) => house.act(name, { verb: 'approve', id: more })),
    );
    expect(outcomes.filter((o) => 'done' in o)).toHaveLength(1);
    expect(await lasts(grant)).toBe(5400);
    await done('Tess', { verb: 'return', id: grant });
  });

  test('approved while it is handed back: either it was longer and has ended, or it lapsed', async () => {
    for (let round = 0; round < 8; round++) {
      const grant = await holds('front-desk');
      const more = await wants(grant);
      const [approved] = await Promise.all([
        house.act('Lena', { verb: 'approve', id: more }),
        house.act('Tess', { verb: 'return', id: grant }),
      ]);
      const [row] = await run('select state, outcome from keyturn.grants where id = $1', [grant]);
      expect(row).toEqual({ state: 'ended', outcome: 'returned' });
      expect(await stateOf(more)).toBe('done' in approved ? 'approved' : 'lapsed');
      expect(await lasts(grant)).toBe('done' in approved ? 5400 : 3600);
    }
  });

  test('asked for while it is handed back: nothing is left waiting', async () => {
    for (let round = 0; round < 8; round++) {
      const grant = await holds('front-desk');
      const [wish] = await Promise.all([
        house.act('Tess', { verb: 'extend', id: grant, seconds: 1800, reason: 'still at it' }),
        house.act('Tess', { verb: 'return', id: grant }),
      ]);
      await endWhatIsDue(house.database, house.ports);
      if ('done' in wish) expect(await stateOf(wish.done)).toBe('lapsed');
      expect(await run(`select 1 from keyturn.requests where state = 'pending'`)).toEqual([]);
    }
  });

  test('the database itself makes nothing longer without an approval, nor what has ended', async () => {
    const grant = await holds('front-desk');
    const longer = `update keyturn.grants set ends_at = ends_at + interval '30 minutes' where id = $1`;
    await expect(run(longer, [grant])).rejects.toThrow('more time needs its approved extension');
    const more = await wants(grant);
    await expect(run(longer, [grant])).rejects.toThrow('more time needs its approved extension');
    await done('Lena', { verb: 'approve', id: more });
    await expect(run(longer, [grant])).rejects.toThrow('more time needs its approved extension');
    // Approved for less than was asked: what is left of that is no reason once the access has ended.
    await done('Omar', { verb: 'approve', id: await wants(grant, 3600), seconds: 1800 });
    expect(await lasts(grant)).toBe(7200);
    await shiftClock(house.database, 7200);
    await expect(run(longer, [grant])).rejects.toThrow('moved');
    await endWhatIsDue(house.database, house.ports);
  });

  test('nobody extends what another holds', async () => {
    const grant = await holds('shared');
    const request = (await run('select request from keyturn.grants where id = $1', [grant]))[0]?.request;
    const stolen = `insert into keyturn.requests select (jsonb_populate_record(r, jsonb_build_object('id', 'R-ST0LEN',
      'kind', 'extend', 'extends', $2::text, 'requester', (select id from keyturn.people where email like 'maya%'),
      'state', 'pending', 'ended_at', null, 'ended_by', null))).* from keyturn.requests r where id = $1`;
    await expect(run(stolen, [request, grant])).rejects.toThrow('an extension is of one');
    await done('Tess', { verb: 'return', id: grant });
  });

  test('its holder is warned once an end, whichever replica looks, and again of a later one', async () => {
    const grant = await holds('front-desk');
    expect(await warnOfEnds(house.database, 10)).toBe(0);
    await shiftClock(house.database, 50 * minute + 1);
    const looks = await Promise.all([1, 2, 3].map(() => warnOfEnds(house.database, 10)));
    expect(looks.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await warnOfEnds(house.database, 10)).toBe(0);
    await done('Lena', { verb: 'approve', id: await wants(grant) });
    expect(await warnOfEnds(house.database, 10)).toBe(0);
    await shiftClock(house.database, 30 * minute);
    expect(await warnOfEnds(house.database, 10)).toBe(1);
    await done('Tess', { verb: 'return', id: grant });
  });

  test('a grant of ten minutes is warned of nothing', async () => {
    const asked = { seconds: 600, reason: 'printer is down', ticket: null };
    await done('Tess', { verb: 'ask', client: 'acme', account: 'free', ...asked });
    await shiftClock(house.database, 5 * minute);
    expect(await warnOfEnds(house.database, 10)).toBe(0);
  });

  test('every chain is whole', async () => {
    expect((await verifyChains(house.database)).filter((c) => c.brokenAt !== null)).toEqual([]);
  });
});
