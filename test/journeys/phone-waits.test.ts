/** Slack is acknowledged in its three seconds, however long Duo takes to say nothing. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { duoNameOf } from '../support/phones.js';
import { openWorld, type World } from '../support/world.js';

const AWAY =
  'Duo can’t be reached now, and without it nothing is confirmed. Nothing was done. Try again in a minute; the leads have been told.';

describe.each(KINDS)('while Duo hangs, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    // An authenticator's code comes first, so the answer to the click looks whether she has one.
    world = await openWorld(kind, { phones: { order: ['totp', 'duo_push', 'duo_universal'] } });
  }, 60_000);
  afterAll(() => world.close());

  /** The click, and that it was acknowledged as Slack wants it: the played one refuses what comes later. */
  async function inTime(click: Promise<void>): Promise<void> {
    const before = performance.now();
    await click;
    expect(performance.now() - before).toBeLessThan(3000);
  }

  test('each click is acknowledged at once, and both are told afterwards that nothing was done', async () => {
    const [tess, lena, omar] = [world.person('Tess'), world.person('Lena'), world.person('Omar')];
    const id = await tess.asks('acme/root-safe 1h disk is full');
    world.duo.setUser({ username: duoNameOf('Omar'), hasPhone: false });
    await omar.presses('Approve', id);
    await omar.receives('Confirm on Duo’s own page', id);

    world.duo.fail('/auth/v2/preauth', 'hang');
    world.duo.fail('/oauth/v1/health_check', 'hang');
    await inTime(lena.presses('Approve', id));
    await inTime(omar.presses('Open Duo', id));
    // Neither of them, nor anybody else, waits meanwhile.
    expect(await tess.hears(`acme/scanner 30m labels are blank`)).toContain('Asked: R-');
    expect(lena.direct().some((says) => says.includes(AWAY))).toBe(false);
    await Promise.all([lena.receives(AWAY, id), omar.receives(AWAY, id)]);
    await omar.sees(AWAY);
    expect(await world.rows('select state from keyturn.requests where id = $1', [id])).toEqual([
      { state: 'pending' },
    ]);
    expect(await world.rows('select 1 from keyturn.decisions')).toEqual([]);
  });
});
