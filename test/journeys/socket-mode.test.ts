import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('a workspace in Socket Mode, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { socketMode: true });
  });
  afterAll(() => world.close());

  test('Tess asks, Lena approves, Tess reads the password: the same as over HTTP', async () => {
    expect(world.slack.socketsOf(NORTHWIND)).toBe(1);
    const tess = world.person('Tess');
    const request = await tess.asks('acme/front-desk 1h printer is down');
    await world.person('Lena').presses('Approve', request);
    await tess.receives('Yours until');
    expect(await tess.reveals()).toBe(passwordOf('acme', 'front-desk'));
  });

  test('it has no address to which anybody could post', async () => {
    const posted = await fetch(`${world.publicUrl}/slack/events/${NORTHWIND}`, {
      method: 'POST',
      body: '{}',
    });
    expect(posted.status).toBe(404);
  });

  test('after Slack has asked for a new connection, and after a cut, work goes on', async () => {
    world.slack.disconnectSockets(NORTHWIND);
    await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 0);
    await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 1, 10_000);
    await world.person('Tess').presses('Return early');
    await world.channel('still works until Lena Falk changes it');
    world.slack.down = 'refused';
    await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 0);
    world.slack.down = false;
    await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 1, 20_000);
    const lena = world.person('Lena');
    const page = await lena.opens('Enter the new password');
    await lena.letsIn(page);
    expect((await page.enter('another-Kx-55')).status).toBe(200);
    expect(reads(await world.channel('Taken back'))).toContain('Lena Falk changed the password');
  });

  test('Delta’s workspace speaks HTTP beside it', async () => {
    const noor = world.person('Noor');
    const own = await noor.asks('delta/shop-admin 30m look at the orders');
    await world.person('Omar').presses('Approve', own);
    await noor.receives('Yours until');
  });
});
