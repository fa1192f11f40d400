/** Split custody over two companies and two chats: the operator in Slack, the client's own people in their own Teams. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { BEACON_TENANT } from '../support/teams.js';
import { leaks, openWorld, passwordOf, reads, type World } from '../support/world.js';

describe.each(KINDS)('Beacon’s global admin, guarded by both sides, on the %s database', (kind) => {
  let world: World;
  let request: string;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    await world.inTeams('Ivy').hears('help');
    // Something of other clients' goes on at the same time.
    await world.person('Tess').asks('acme/till 1h drawer is stuck');
  }, 60_000);
  afterAll(() => world.close());

  test('Tess asks in Slack, and the card reaches Ivy in Beacon’s own Teams', async () => {
    const tess = world.person('Tess');
    await tess.types('');
    await tess.chooses('client', 'beacon');
    await tess.chooses('account', 'beacon/tenant-admin');
    expect(
      await tess.sends({ long: '1800', why: 'licence is stuck', ticket: 'T-7', name: 'Beacon Law' }),
    ).toEqual({});
    const card = await world.inTeams('Ivy').receives('Approve', 'licence is stuck');
    request = /R-[0-9A-Z]{6}/.exec(world.inTeams('Ivy').reads(card))?.[0] ?? '';
    expect(world.inTeams('Ivy').reads(card)).toContain('🟪 Beacon Law · Access request');
  });

  test('whom no chat reaches stands on every copy: Bram has never added the app', async () => {
    expect(reads(await world.channel('No chat reaches Bram Vos: tell them yourself.', request))).toContain(
      'Beacon Law',
    );
    await world.inTeams('Ivy').receives('No chat reaches Bram Vos', request);
    await world.person('Tess').receives('No chat reaches Bram Vos', request);
  });

  test('when Bram adds the app, the card comes to him, and nobody is named any more', async () => {
    const bram = world.inTeams('Bram');
    await world.teams.installs(BEACON_TENANT, bram.user);
    await bram.receives('Approve', request);
    await world.slack.until(() =>
      world.slack
        .messages('T0NORTHWIND', 'C0ACCESS')
        .some((m) => reads(m).includes(request) && !reads(m).includes('No chat reaches')),
    );
  });

  test('both sides approve, each in their own chat, and Tess reads it', async () => {
    await world.person('Lena').presses('Approve', request);
    await world.inTeams('Ivy').receives('✓ Lena Falk', request);
    await world.inTeams('Ivy').presses('Approve', request);
    await world.person('Tess').receives('Yours until', 'Global admin');
    expect(await world.person('Tess').reveals('Global admin')).toBe(passwordOf('beacon', 'tenant-admin'));
  });

  test('Ivy asks for what is Beacon’s own, and sees nothing of any other client', async () => {
    const ivy = world.inTeams('Ivy');
    expect(await ivy.hears('acme/till 30m let me in')).toBe(
      'There is no account "acme/till" that you may ask for. Type request to see what there is.',
    );
    expect(await ivy.hears('pending')).toContain('Nothing waits for you.');
    const own = await ivy.asks('beacon/dms 30m look at the index');
    await world.person('Omar').presses('Approve', own);
    await ivy.receives('Yours until', 'Document system');
    const everything = JSON.stringify([
      ivy.messages(),
      world.teams.calls.filter((call) => call.tenant === BEACON_TENANT),
    ]);
    expect(leaks(everything, 'Acme', 'acme/', 'Till', 'drawer', 'Delta', 'Cedar', 'secret of')).toEqual(
      // What she typed herself is hers to see, and so is the refusal that repeats it.
      leaks(everything, 'acme/'),
    );
    expect(leaks(everything, 'acme/').every((words) => words.endsWith('acme/'))).toBe(true);
  });

  test('Ivy revokes with a reason typed into the card, and her card comes back when she has changed her mind', async () => {
    const ivy = world.inTeams('Ivy');
    const grant = request.replace('R-', 'G-');
    const form = (await ivy.presses('Revoke', request)).card;
    expect(JSON.stringify(form)).toContain('Revoke this access');
    const shown = await ivy.sees('Revoke this access');
    const back = await ivy.clicks(shown, 'Back');
    expect(JSON.stringify(back.card)).toContain('Global admin');
    const again = await ivy.clicks(await ivy.sees('Global admin', request), 'Revoke');
    expect(again.card).toBeDefined();
    const refused = await ivy.clicks(await ivy.sees('Revoke this access'), 'Revoke', { why: '  ' });
    expect(JSON.stringify(refused.card ?? refused.errors)).toMatch(/Say why|Fill this in/);
    await ivy.clicks(await ivy.sees('Revoke this access'), 'Revoke', { why: 'we do it ourselves' });
    await world.person('Tess').receives('Revoked by Ivy Okafor', '“we do it ourselves”');
    expect(await world.rows('select outcome from keyturn.grants where id = $1', [grant])).toEqual([
      { outcome: 'revoked' },
    ]);
  });
});
