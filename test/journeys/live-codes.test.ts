/** An account whose seed Keyturn keeps: codes on the page of whoever was shown the password, while the access lives. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDRESS, codeNow, openCodes, SEED } from '../support/codes.js';
import { KINDS } from '../support/house.js';
import {
  type Browser,
  everythingSaid,
  everythingStored,
  leaks,
  passwordOf,
  type World,
} from '../support/world.js';

const OVER = 'This link opens nothing any more. Press the button on the card in your chat for a new one.';

describe.each(KINDS)('a mailbox admin with one-time codes, on the %s database', (kind) => {
  let world: World;
  const codes = new Set<string>();
  beforeAll(async () => {
    world = await openCodes(kind);
  }, 120_000);
  afterAll(() => world.close());

  const tess = () => world.person('Tess');

  /** A page that was shown the password just now. */
  async function shown(): Promise<Browser> {
    const page = await tess().opens('Reveal', 'Mailbox admin');
    await tess().letsIn(page);
    const { body } = await page.claim();
    expect(body).toMatchObject({
      password: passwordOf('beacon', 'mailbox'),
      codes: { heldBy: 'keyturn', asks: 0 },
    });
    return page;
  }
  const code = async (page: Browser) => {
    const answered = await page.posts('live-code');
    if (answered.status === 200) codes.add(answered.body.code);
    return answered;
  };
  const onRecord = () =>
    world.rows(`select data from keyturn.audit_events where action = 'code.shown' order by at`);

  test('shows after the password just what an authenticator shows now, by the database’s clock', async () => {
    await tess().types('beacon/mailbox 1h the mailbox is full');
    const page = await shown();
    // The period may turn between the two looks.
    const before = await codeNow(world);
    const { status, body } = await code(page);
    expect(status).toBe(200);
    expect([before, await codeNow(world)]).toContain(body.code);
    expect(body.secondsLeft).toBeGreaterThan(0);
    expect(body.secondsLeft).toBeLessThanOrEqual(30);
    expect(body.endsInSeconds).toBeGreaterThan(290);
    await world.wait(30);
    const next = await code(page);
    expect(next.body.code).not.toBe(body.code);
    expect((await onRecord()).length).toBe(1);
  });

  test('gives none before the showing, and none to another browser: to that the link is dead', async () => {
    const page = await tess().opens('Reveal', 'Mailbox admin');
    expect(await code(page)).toMatchObject({ status: 410, body: { says: OVER } });
    await tess().letsIn(page);
    expect(await code(page)).toMatchObject({ status: 410, body: { says: OVER } });
    await page.claim();
    expect((await code(page)).status).toBe(200);
    expect(await code(page.another())).toMatchObject({ status: 410, body: { says: OVER } });
    // Nor are there a contact's codes for an account of Keyturn's own.
    for (const act of ['ask-contacts', 'contact-code'])
      expect(await page.posts(act)).toMatchObject({ status: 410, body: { says: OVER } });
  });

  test('five minutes after the showing there are no more', async () => {
    const page = await shown();
    await world.wait(295);
    expect((await code(page)).status).toBe(200);
    await world.wait(6);
    expect(await code(page)).toMatchObject({ status: 410, body: { refused: 'codes-over' } });
  });

  test('and none from the moment at which the access ends, though their five minutes run', async () => {
    const page = await shown();
    expect((await code(page)).status).toBe(200);
    await tess().presses('Return early', 'Mailbox admin');
    await tess().receives('Access ended', 'Mailbox admin');
    expect(await code(page)).toMatchObject({ status: 409, body: { refused: 'grant-over' } });
    await tess().types('beacon/mailbox 5m the mailbox is full again');
    await tess().receives('Yours until', 'Mailbox admin');
    const again = await shown();
    await world.wait(270);
    expect((await code(again)).status).toBe(200);
    await world.wait(31);
    expect(await code(again)).toMatchObject({ status: 409, body: { refused: 'grant-over' } });
  });

  test('each showing with codes is on record once, and neither seed nor code is anywhere in the clear', async () => {
    const shownTimes = await world.rows(`select 1 from keyturn.code_windows where shown > 0`);
    expect(await onRecord()).toHaveLength(shownTimes.length);
    const stored = await everythingStored(world.database);
    const windows = await world.rows<{ last_step: string }>(
      'select last_step::text from keyturn.code_windows',
    );
    expect(windows.length).toBeGreaterThan(2);
    expect(leaks(stored, SEED, ADDRESS, 'otpauth')).toEqual([]);
    const trail = JSON.stringify(await world.rows('select * from keyturn.audit_events'));
    const jobs = JSON.stringify(await world.rows('select * from keyturn.jobs'));
    const said = [everythingSaid(world.slack), JSON.stringify(world.teams.calls)].join('\n');
    expect(leaks(said, SEED, 'otpauth')).toEqual([]);
    expect(codes.size).toBeGreaterThan(2);
    for (const one of codes) expect(leaks(`${trail}${jobs}`, `"${one}"`)).toEqual([]);
  });
});

describe('an account whose seed is not in custody yet', () => {
  test('can’t be lent, and says what a lead has to type', async () => {
    const world = await openCodes('embedded', false);
    try {
      expect(await world.person('Tess').hears('beacon/mailbox 30m the mailbox is full')).toBe(
        "beacon/mailbox can't be lent now: the seed of its one-time codes isn't in custody yet (a lead puts it there with: keyturn secret set beacon/mailbox --totp).",
      );
      expect(await world.rows('select 1 from keyturn.requests')).toEqual([]);
    } finally {
      await world.close();
    }
  }, 120_000);
});
