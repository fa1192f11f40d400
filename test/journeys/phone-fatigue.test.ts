import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { allIsTold, waits } from '../support/told.js';
import { NORTHWIND, openWorld, reads, type World } from '../support/world.js';

const ASKED_ALREADY =
  'You are being asked to confirm this already: look at your phone, and at your direct message with Keyturn.';
const DENIED =
  'Nothing was done, and you are not asked again by itself. Press the button again if you do want it.';
const NO_ANSWER =
  'There was no answer in time, so nothing was done. Press the button again to be asked once more.';
const LATER =
  'Your phone was asked a moment ago, so it asks about this in up to 30 seconds. There are at least 30 seconds between two questions.';

describe.each(KINDS)('a phone that rings too often, on the %s database', (kind) => {
  let world: World;
  /** What Omar denies, again and again. */
  let id = '';
  beforeAll(async () => {
    world = await openWorld(kind, { phones: {} });
  }, 60_000);
  afterAll(() => world.close());
  /** What one test asked of a phone is over for the next one. */
  beforeEach(() => waits(world, 31));

  const decided = async (request: string) =>
    (
      await world.rows<{ name: string }>(
        `select p.spec->>'name' as name from keyturn.decisions d join keyturn.people p on p.id = d.person where d.request = $1`,
        [request],
      )
    ).map((row) => row.name);

  const shared = (request: string) =>
    world.slack
      .messages(NORTHWIND, 'C0ACCESS')
      .map((m) => reads(m))
      .findLast((words) => words.includes(request)) ?? '';

  /** Nobody stands on the shared card as confirming any more. */
  const isCalm = (request: string) =>
    world.slack.until(
      () => shared(request).includes('Approve') && !shared(request).includes('is confirming'),
      15_000,
    );

  test('one question at a time: what waits is named, and another press sends nothing', async () => {
    const lena = world.person('Lena');
    const first = await world.person('Tess').asks('acme/front-desk 30m printer is down');
    const second = await world.person('Maya').asks('acme/front-desk 1h screen is dark');
    const before = lena.phone.pushes;
    await lena.presses('Approve', first);
    await lena.phone.rings(first);
    await world.channel('Lena Falk is confirming.', first);
    const busy = `You are being asked about ${first} already. Answer that first, then press again: you are asked about one thing at a time.`;
    expect(await lena.pressesAndHears('Approve', second)).toBe(busy);
    expect(await lena.hears(`approve ${second} 15m`)).toBe(busy);
    expect(await lena.pressesAndHears('Approve', first)).toBe(ASKED_ALREADY);
    expect(lena.phone.pushes).toBe(before + 1);
    expect(shared(second)).not.toContain('is confirming');

    await lena.confirmsOnPhone(first);
    await lena.receives('Your approval is recorded.', first);
    expect(reads(await world.channel('✓ Lena Falk', first))).not.toContain('is confirming');
    expect(await decided(first)).toEqual(['Lena Falk']);
    expect(await decided(second)).toEqual([]);
    expect(shared(second)).toContain('Still needed: a lead (Lena Falk or Omar Haddad).');
  });

  test('within thirty seconds she reads how long to wait, and after them her phone rings once', async () => {
    const lena = world.person('Lena');
    const first = await world.person('Tess').asks('acme/scanner 30m labels');
    const second = await world.person('Maya').asks('acme/till 1h drawer is stuck');
    await lena.approves(first);
    await lena.receives('Your approval is recorded.', first);
    const before = lena.phone.pushes;
    await lena.presses('Approve', second);
    await lena.receives(LATER, second);
    expect(await lena.pressesAndHears('Approve', second)).toBe(ASKED_ALREADY);
    expect(lena.phone.pushes).toBe(before);
    await waits(world, 30);
    await lena.confirmsOnPhone(second);
    await lena.receives('Your approval is recorded.', second);
    expect(lena.phone.pushes).toBe(before + 1);
    expect(await decided(second)).toEqual(['Lena Falk']);
  });

  test('who doesn’t answer reads that nothing was done, and may press again', async () => {
    const omar = world.person('Omar');
    const late = await world.person('Tess').asks('acme/lead-safe 1h yearly audit');
    await omar.presses('Approve', late);
    const push = await omar.phone.rings(late);
    await world.channel('Omar Haddad is confirming.', late);
    world.duo.expire(push.txid);
    expect(reads(await omar.receives(NO_ANSWER, late))).toContain('Not confirmed');
    await isCalm(late);
    expect(await decided(late)).toEqual([]);

    // A phone that is off: Duo says nothing, and the minute is Keyturn's own to count.
    await waits(world, 31);
    world.duo.setPhone(omar.phone.username, 'off');
    await omar.presses('Approve', late);
    await world.channel('Omar Haddad is confirming.', late);
    await omar.receives('in Duo Mobile', late);
    await waits(world, 66);
    await isCalm(late);
    await world.slack.until(() => !omar.direct().some((words) => words.includes('in Duo Mobile')), 15_000);
    world.duo.setPhone(omar.phone.username, 'on');
    expect(await decided(late)).toEqual([]);

    await waits(world, 31);
    await omar.approves(late);
    await omar.receives('Your approval is recorded.', late);
  });

  test('after a denial nothing is recorded, and nobody’s phone rings by itself', async () => {
    const omar = world.person('Omar');
    id = await world.person('Maya').asks('cedar/dispensary 1h shelf is locked');
    const before = omar.phone.pushes;
    await omar.presses('Approve', id);
    await world.channel('Omar Haddad is confirming.', id);
    await omar.phone.denies(id);
    expect(reads(await omar.receives('Denied on your phone', id))).toContain(DENIED);
    await isCalm(id);
    await waits(world, 120);
    await expect.poll(() => world.rows('select key from keyturn.jobs'), { timeout: 15_000 }).toEqual([]);
    expect(omar.phone.pushes).toBe(before + 1);
    expect(await decided(id)).toEqual([]);
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [id])).toEqual([]);
  });

  test('three denials in ten minutes: a pause with a time, which the leads are told once', async () => {
    const omar = world.person('Omar');
    const lena = world.person('Lena');
    // One came with the test before.
    for (let n = 0; n < 2; n++) {
      await omar.presses('Approve', id);
      await omar.phone.denies(id);
      await isDenied(n + 2);
      await waits(world, 31);
    }
    const [{ until } = { until: '' }] = await world.rows<{ until: string }>(
      `select to_char((max(settled_at) + interval '15 minutes') at time zone 'UTC', 'HH24:MI') as until
       from keyturn.proofs where state = 'denied'`,
    );
    const cooled = `Three confirmations of yours were denied within ten minutes, so nothing of yours can be confirmed until ${until}. If it wasn’t you who asked for them, tell a lead now: somebody may be using your chat account.`;
    const before = omar.phone.pushes;
    expect(await omar.pressesAndHears('Approve', id)).toBe(cooled);
    expect(await omar.hears(`approve ${id} 15m`)).toBe(cooled);

    const words = `Omar Haddad denied three confirmations within ten minutes. Nothing of theirs is confirmed until ${until}.`;
    const told = reads(await lena.receives('Three denials in ten minutes'));
    expect(told).toContain(words);
    expect(told).toContain('Ask Omar Haddad by voice whether it was they who asked.');
    await allIsTold(world);
    const alerts = world.slack.messages(NORTHWIND, 'C0ALERTS').map((m) => reads(m));
    expect(alerts.filter((text) => text.includes('Three denials'))).toEqual([told]);
    expect(lena.direct().filter((text) => text.includes('Three denials'))).toHaveLength(1);
    expect(omar.direct().filter((text) => text.includes('Three denials'))).toEqual([]);

    await waits(world, 13 * 60);
    expect(await omar.pressesAndHears('Approve', id)).toBe(cooled);
    expect(omar.phone.pushes).toBe(before);
    await waits(world, 2 * 60);
    await omar.approves(id);
    await omar.receives('Your approval is recorded.', id);
    expect(await decided(id)).toEqual(['Omar Haddad']);
  });

  async function isDenied(times: number): Promise<void> {
    const sql = `select 1 from keyturn.proofs where state = 'denied'`;
    await expect.poll(() => world.rows(sql), { timeout: 15_000 }).toHaveLength(times);
  }
});
