/** One chat is down, and the same request goes on in the other; what was missed arrives afterwards. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, reads, type World } from '../support/world.js';

describe.each(KINDS)('one of two chats is down, on the %s database', (kind) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of ['Tess', 'Lena', 'Omar', 'Sana']) {
      await world.inTeams(name).hears('help');
      await world.person(name).hears('help');
    }
  }, 60_000);
  afterEach(() => world.close());

  test.each(['refused', 'unavailable'] as const)(
    'Slack is %s: asked, approved and revealed in Teams, and Slack catches up',
    async (outage) => {
      const [tess, lena] = [world.inTeams('Tess'), world.inTeams('Lena')];
      const before = await world.person('Tess').asks('acme/scanner 30m before it broke');
      await lena.receives('Approve', before);
      world.slack.down = outage;
      const id = await tess.asks('acme/front-desk 30m printer is down');
      await lena.presses('Approve', id);
      await tess.receives('Yours until', 'Front desk PC');
      expect(await tess.reveals('Front desk PC')).toContain('acme/front-desk');
      await lena.presses('Approve', before);
      await tess.receives('Yours until', 'Label scanner');
      await tess.presses('Return early', 'Front desk PC');
      await world.inTeams('Omar').receives('still works until', id);
      world.slack.down = false;
      await world.wait(300);
      await world.channel('Access ended', id);
      await world.person('Omar').receives('✓ Lena Falk', before);
    },
    60_000,
  );

  test('Teams hangs: the same in Slack, and nobody waits for Teams', async () => {
    const [tess, lena] = [world.person('Tess'), world.person('Lena')];
    world.teams.down('hang');
    const id = await tess.asks('acme/front-desk 30m printer is down');
    await lena.presses('Approve', id);
    await tess.receives('Yours until', 'Front desk PC');
    await tess.presses('Return early', 'Front desk PC');
    expect(reads(await world.channel('Access ended', id))).toContain('Acme Dental');
    world.teams.down(false);
    await world.wait(300);
    await world.inTeams('Lena').receives('Access ended', id);
  }, 60_000);
});
