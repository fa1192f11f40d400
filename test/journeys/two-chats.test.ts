/** One request, two chats: asked in one and approved in the other, by the same rules for both. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('Slack and Teams side by side, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    // Whoever has the app is known: they typed to it once.
    for (const name of ['Tess', 'Lena', 'Omar', 'Sana', 'Ivy']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  test('asked in Slack, approved in Teams: every copy says so, and the password is read', async () => {
    const tess = world.person('Tess');
    const lena = world.inTeams('Lena');
    const id = await tess.asks('acme/front-desk 30m printer is down');
    await lena.presses('Approve', id);
    await tess.receives('Yours until', 'Front desk PC');
    await world.channel('Access granted', id);
    await lena.receives('✓ Lena Falk', id);
    expect(await tess.reveals('Front desk PC')).toBe(passwordOf('acme', 'front-desk'));
  });

  test('asked in Teams, approved in Slack, revealed in Teams', async () => {
    const tess = world.inTeams('Tess');
    const lena = world.person('Lena');
    const id = await tess.asks('acme/scanner 30m labels are blank');
    expect(reads(await lena.receives('Approve', id))).toContain('Acme Dental');
    await lena.presses('Approve', id);
    await tess.receives('Yours until', 'Label scanner');
    expect(await tess.reveals('Label scanner')).toBe(passwordOf('acme', 'scanner'));
    await tess.presses('Return early', 'Label scanner');
    await world.channel('Access ended', id);
  });
});
