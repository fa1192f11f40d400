/** One request, two chats: asked in one and approved in the other, by the same rules for both. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { ACCESS_CHANNEL, NORTHWIND_TENANT } from '../support/teams.js';
import { openWorld, passwordOf, reads, type World } from '../support/world.js';

const OWN = 'It is your own request: somebody else has to decide it. You can cancel it.';

describe.each(KINDS)('Slack and Teams side by side, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    // Whoever has the app has typed to it once.
    for (const name of ['Tess', 'Lena', 'Omar', 'Sana', 'Ivy']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  const decided = (id: string) =>
    world.rows('select person, verdict from keyturn.decisions where request = $1 order by person', [id]);

  test('asked in Slack, approved in Teams: every copy says so, and the password is read in Slack', async () => {
    const tess = world.person('Tess');
    const lena = world.inTeams('Lena');
    const id = await tess.asks('acme/front-desk 30m printer is down');
    expect((await lena.presses('Approve', id)).message).toBe('Done. The cards say the rest.');
    await tess.receives('Yours until', 'Front desk PC');
    await world.channel('Access granted', id);
    for (const name of ['Lena', 'Omar']) {
      await world.inTeams(name).receives('✓ Lena Falk', id);
      await world.person(name).receives('✓ Lena Falk', id);
    }
    expect(await tess.reveals('Front desk PC')).toBe(passwordOf('acme', 'front-desk'));
  });

  test('asked in Teams, approved in Slack, revealed in Teams and handed back there', async () => {
    const tess = world.inTeams('Tess');
    const lena = world.person('Lena');
    const id = await tess.asks('acme/scanner 30m labels are blank');
    expect(reads(await lena.receives('Approve', id))).toContain('Acme Dental');
    await lena.presses('Approve', id);
    await tess.receives('Yours until', 'Label scanner');
    expect(await tess.reveals('Label scanner')).toBe(passwordOf('acme', 'scanner'));
    await tess.presses('Return early', 'Label scanner');
    await world.channel('Access ended', id);
    await world.inTeams('Lena').receives('still works until Lena Falk changes it', id);
  });

  test('the requests channel of each has the same card, with the client first', async () => {
    const id = await world.person('Tess').asks('acme/till 30m drawer is stuck');
    const inSlack = reads(await world.channel('Approve', id));
    const lena = world.inTeams('Lena');
    const shown = await lena.teams.until(() =>
      lena.teams.channel(NORTHWIND_TENANT, ACCESS_CHANNEL).findLast((m) => lena.reads(m).includes(id)),
    );
    for (const words of [
      '🟩 Acme Dental · Access request',
      'Till',
      'drawer is stuck',
      'Tess Tran',
      'Approve',
      'Deny',
    ]) {
      expect(inSlack).toContain(words);
      expect(lena.reads(shown)).toContain(words);
    }
    await lena.clicks(shown, 'Approve');
    await world.channel('Access granted', id);
  });

  test('whoever asks in one chat can’t approve in the other', async () => {
    const id = await world.person('Lena').asks('acme/lead-safe 30m counting');
    const lena = world.inTeams('Lena');
    expect((await lena.presses('Approve', id)).message).toBe(OWN);
    expect(await lena.hears(`approve ${id}`)).toBe(OWN);
    const back = await world.inTeams('Lena').asks('acme/router 30m counting #T-12');
    expect(await world.person('Lena').pressesAndHears('Approve', back)).toBe(OWN);
    expect([...(await decided(id)), ...(await decided(back))]).toEqual([]);
  });

  test('two words of one person, one in each chat, are one approval', async () => {
    const id = await world.person('Tess').asks('acme/root-safe 1h quarterly check');
    await world.person('Lena').presses('Approve', id);
    await world.inTeams('Lena').receives('✓ Lena Falk', id);
    expect((await world.inTeams('Lena').presses('Approve', id)).message).toBe(
      'You have approved this already. An approval can’t be withdrawn; revoke the grant instead.',
    );
    expect(await decided(id)).toHaveLength(1);
    await world.inTeams('Omar').presses('Approve', id);
    await world.person('Tess').receives('Yours until', 'Root safe');
  });

  test('both press at once, in different chats: each counts once, and one grant comes of it', async () => {
    const id = await world.person('Sana').asks('acme/scanner 30m second look');
    const cards = [
      await world.person('Lena').sees('Approve', id),
      await world.inTeams('Omar').sees('Approve', id),
    ];
    await Promise.all([
      world.person('Lena').clicks(cards[0] as never, 'Approve'),
      world.inTeams('Omar').clicks(cards[1] as never, 'Approve'),
    ]);
    await world.person('Sana').receives('Yours until', 'Label scanner');
    expect(await world.rows('select id from keyturn.grants where request = $1', [id])).toHaveLength(1);
    expect(await decided(id)).toHaveLength(1);
  });
});
