/** A chat says that somebody has left: what they had ends at once, and a lead has the last word. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { NORTHWIND_TENANT } from '../support/teams.js';
import { NORTHWIND, openWorld, type Player, reads, type World } from '../support/world.js';

const STAFF = ['Lena', 'Omar', 'Tess', 'Luis', 'Sana', 'Maya', 'Theo'];

describe.each(KINDS)('leavers, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true });
    for (const name of STAFF) await world.person(name).hears('help');
    for (const name of ['Lena', 'Luis', 'Maya']) await world.inTeams(name).hears('help');
  }, 120_000);
  afterAll(() => world.close());

  const sweeps = (name: string) =>
    world.rows<{ id: string; state: string; ended: boolean }>(
      `select s.id, s.state, s.access_ended_at is not null as ended from keyturn.sweeps s
       join keyturn.people p on p.id = s.person where p.spec->>'name' like $1 || ' %' order by s.at`,
      [name],
    );
  const deactivates = async ({ team, user }: Player) =>
    expect((await world.slack.deactivate(team, user)).ok).toBe(true);
  const idOf = async (email: string) =>
    (await world.rows<{ id: string }>('select id from keyturn.people where email = $1', [email]))[0]?.id ??
    '';
  const untilSwept = async (name: string) => {
    await expect.poll(async () => (await sweeps(name)).length, { timeout: 60_000 }).toBe(1);
    return (await sweeps(name))[0];
  };

  test('deactivated in Slack: access ends with the event, and a lead confirms the rest', async () => {
    const [sana, lena] = [world.person('Sana'), world.person('Lena')];
    await sana.hears('acme/printer 4h toner');
    await sana.reveals('Printer panel');
    const request = await sana.asks('acme/front-desk 1h slow');
    await deactivates(sana);
    expect(await sweeps('Sana')).toMatchObject([{ state: 'waiting', ended: true }]);
    const card = reads(await lena.receives('Somebody has left', 'Sana Idris'));
    expect(card).toContain(
      'Their account was deactivated in Slack, so their access ended at once: 1 grant and 1 request.',
    );
    expect(card).toContain('0 of 1 password changed');
    await world.channel('Withdrawn by the offboarding of Sana Idris', request);
    expect(world.slack.messages(NORTHWIND, 'C0ALERTS').some((m) => reads(m).includes('Sana Idris'))).toBe(
      true,
    );
    // The same once more makes nothing new.
    await deactivates(sana);
    expect(await sweeps('Sana')).toHaveLength(1);

    await lena.presses('Confirm offboarding', 'Sana Idris');
    const isIt = () => {
      const view = world.slack.view(lena.team, lena.user);
      return view && reads(view).includes('Offboard Sana Idris') ? view : undefined;
    };
    await world.slack.until(isIt, 10_000);
    await lena.sends({ heir: await idOf('luis@northwind.example') });
    await lena.receives('Offboarded: passwords to change', 'Confirmed by Lena Falk.');
    expect(await sweeps('Sana')).toMatchObject([{ state: 'running', ended: true }]);
  });

  test('gone from Teams, which tells nobody: the next look finds it, and a lead may say that they are still here', async () => {
    const [luis, omar] = [world.inTeams('Luis'), world.person('Omar')];
    await luis.hears('acme/camera 1h look', (says) => says.includes('is yours'));
    await world.teams.leaves(NORTHWIND_TENANT, luis.user);
    await world.wait(15 * 60);
    const sweep = await untilSwept('Luis');
    expect(sweep).toMatchObject({ state: 'waiting', ended: true });
    const card = await omar.receives('Somebody has left', 'Luis Ortega');
    expect(reads(card)).toContain('deactivated in Teams');
    // In his Slack he is paused until then.
    const slack = world.person('Luis');
    expect(await slack.hears('acme/camera 1h look')).toContain('You are paused');
    await omar.clicks(card, 'They are still here');
    await omar.receives('Omar Haddad says that Luis Ortega is still here.');
    expect(await slack.hears('acme/camera 1h look')).toContain('is yours');
  }, 90_000);

  test('an event that was lost is caught by the next look, within a quarter of an hour', async () => {
    const theo = world.person('Theo');
    await theo.hears('acme/alarm 1h test');
    // The workspace knows, and nobody has told us.
    world.slack.workspace(NORTHWIND).setUser(theo.user, { deleted: true });
    expect(await sweeps('Theo')).toEqual([]);
    await world.wait(15 * 60);
    expect(await untilSwept('Theo')).toMatchObject({ state: 'waiting', ended: true });
    expect(
      await world.rows(`select g.state, g.outcome from keyturn.grants g join keyturn.people p on p.id = g.holder
        where p.email = 'theo@northwind.example'`),
    ).toEqual([{ state: 'ended', outcome: 'revoked' }]);
  }, 90_000);

  test('a guest is unlinked and no more: that isn’t leaving', async () => {
    const maya = world.inTeams('Maya');
    await world.teams.changes(NORTHWIND_TENANT, maya.user, { guest: true });
    await world.wait(15 * 60);
    await expect
      .poll(
        () =>
          world.rows(`select 1 from keyturn.identities where user_id = $1 and ended_at is null`, [maya.user]),
        { timeout: 60_000 },
      )
      .toEqual([]);
    expect(await sweeps('Maya')).toEqual([]);
  }, 90_000);

  test('the fourth within the hour ends no access by itself, and the leads are told why and who', async () => {
    const tess = world.person('Tess');
    await tess.hears('acme/phones 1h look');
    await deactivates(tess);
    expect(await sweeps('Tess')).toMatchObject([{ state: 'waiting', ended: false }]);
    const card = reads(await world.person('Lena').receives('Has somebody left?', 'Tess Tran'));
    expect(card).toContain('More than 3 left within the hour: Sana Idris');
    expect(card).toContain('Theo Marsh and Tess Tran.');
    expect(card).toContain('They hold: 1 grant');
    expect(
      await world.rows(`select g.state from keyturn.grants g join keyturn.people p on p.id = g.holder
        where p.email = 'tess@northwind.example'`),
    ).toEqual([{ state: 'active' }]);
    expect(
      await world.rows(`select 1 from keyturn.identities where user_id = 'U0TESS' and ended_at is null`),
    ).toEqual([]);
    const alerts = world.slack.messages(NORTHWIND, 'C0ALERTS').map((m) => reads(m));
    expect(alerts.some((words) => words.includes('Has somebody left?'))).toBe(true);
  });
});
