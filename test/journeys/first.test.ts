import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('from asking to taking back, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  test('Tess asks, Lena approves for less, and Tess hands it back unseen', async () => {
    const tess = world.person('Tess');
    const lena = world.person('Lena');
    await tess.types('acme/front-desk 1h printer is down #T-204');
    const card = reads(await lena.sees('Approve', 'printer is down'));
    expect(card).toContain('Acme Dental');
    expect(card).toContain('Still needed: a lead (Lena Falk or Omar Haddad).');
    await lena.presses('Approve', 'printer is down');
    await tess.sees('Yours until');
    await tess.presses('Return early');
    await tess.sees('The password was never shown, so there is nothing to change.');
    expect(JSON.stringify(world.slack.messages('T0NORTHWIND', 'C0ACCESS'))).not.toContain(
      passwordOf('acme', 'front-desk'),
    );
  });
});
