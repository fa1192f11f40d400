/** Whom Teams reaches: before they ever wrote, after they blocked the bot, and what is said of whom it doesn't. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onPeople } from '../../src/cli/doctor/chats.js';
import { KINDS } from '../support/house.js';
import { ACCESS_CHANNEL, BEACON_TENANT, NORTHWIND_TENANT } from '../support/teams.js';
import { openWorld, reads, type World } from '../support/world.js';

describe.each(KINDS)('reaching people in Teams, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
  }, 60_000);
  afterAll(() => world.close());

  const doctor = async () => (await onPeople(world.database)).map(({ says }) => says);

  test('whoever is in the team of the requests channel gets cards before they ever wrote', async () => {
    const id = await world.person('Tess').asks('acme/front-desk 30m printer is down');
    await world.inTeams('Lena').receives('Approve', id);
    await world.inTeams('Omar').receives('Approve', id);
    await world.inTeams('Omar').presses('Approve', id);
    await world.person('Tess').receives('Yours until', 'Front desk PC');
  });

  test('whoever adds the app is greeted, and is known from then on', async () => {
    const ivy = world.inTeams('Ivy');
    await world.teams.uninstalls(BEACON_TENANT, ivy.user);
    await world.teams.installs(BEACON_TENANT, ivy.user);
    await ivy.receives('What you can type');
    expect((await doctor()).filter((says) => says.includes('Ivy'))).toEqual([]);
    expect(await doctor()).toContain(
      'Bram Vos (bram@beacon.example) is linked to no chat yet: they link by writing to Keyturn once',
    );
  });

  test('whoever blocks the bot is named on the card and in doctor, and reached again once they let it in', async () => {
    const ivy = world.inTeams('Ivy');
    await world.teams.blocks(BEACON_TENANT, ivy.user);
    const tess = world.person('Tess');
    await tess.types('');
    await tess.chooses('client', 'beacon');
    await tess.chooses('account', 'beacon/tenant-admin');
    await tess.sends({ long: '1800', why: 'licence is stuck', ticket: 'T-7', name: 'Beacon Law' });
    const card = await world.channel(
      'No chat reaches Ivy Okafor or Bram Vos: tell them yourself.',
      'Beacon Law',
    );
    const id = /R-[0-9A-Z]{6}/.exec(reads(card))?.[0] ?? '';
    expect(await doctor()).toContain(
      `Ivy Okafor (ivy@beacon.example) can't be written to in Teams ${BEACON_TENANT} (Keyturn is blocked there): have them add or unblock Keyturn in Teams, or install it for them in the admin centre`,
    );
    await world.teams.unblocks(BEACON_TENANT, ivy.user);
    await ivy.types('pending');
    await ivy.receives('Approve', id);
    await world.channel('No chat reaches Bram Vos', id);
    expect((await doctor()).filter((says) => says.includes('Ivy'))).toEqual([]);
  });

  test('whoever is in the team but has not added the app is asked to, once, where they read it', async () => {
    const omar = world.inTeams('Omar');
    await world.teams.uninstalls(NORTHWIND_TENANT, omar.user);
    const id = await world.person('Tess').asks('acme/scanner 30m labels are blank');
    const invitations = () =>
      world.teams
        .channel(NORTHWIND_TENANT, ACCESS_CHANNEL)
        .filter((m) => m.text.includes('Add Keyturn to your own Teams'));
    const [asked] = await world.teams.until(() => (invitations().length > 0 ? invitations() : null));
    expect(asked?.text).toMatch(/^<at>Omar Haddad<\/at> Requests wait for your decision/);
    expect(asked?.text).not.toMatch(/Acme|scanner|Tess/);
    await world.inTeams('Lena').presses('Deny', id);
    await world.inTeams('Lena').clicks(await world.inTeams('Lena').sees('Deny this request'), 'Deny', {
      why: 'not today',
    });
    await world.channel('✗ Lena Falk', id);
    const other = await world.person('Tess').asks('acme/till 30m drawer is stuck');
    await world.inTeams('Lena').receives('Approve', other);
    await world.teams.installs(NORTHWIND_TENANT, omar.user);
    await omar.receives('Approve', other);
    expect(invitations()).toHaveLength(1);
  });

  test('a card whose message somebody deleted comes anew at the next word on it', async () => {
    const lena = world.inTeams('Lena');
    const id = await world.person('Tess').asks('acme/root-safe 1h quarterly check');
    const card = await lena.receives('Approve', id);
    // Every copy's message is gone, once.
    world.teams.failNext('updateActivity', {
      status: 404,
      code: 'ActivityNotFoundInConversation',
      times: 20,
    });
    await world.person('Omar').presses('Approve', id);
    await world.channel('✓ Omar Haddad', id);
    await world.teams.until(() =>
      world.teams.calls.some(({ operation, status }) => operation === 'updateActivity' && status === 404),
    );
    await world.person('Lena').presses('Approve', id);
    const anew = await lena.receives('✓ Omar Haddad  ✓ Lena Falk', id);
    expect(anew.id).not.toBe(card.id);
  });
});
