/** Nobody decides: others are told, and may decide where the policy says so. And an approver who leaves in between. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { idIn, openWorld, reads, type World } from '../support/world.js';

const told = (text: string) =>
  text
    .replace('one-lead:      { ', 'one-lead:      { escalate: { after: 15m, to: L3 }, ')
    .replace(
      'two-leads:     { ',
      'two-leads:     { escalate: { after: 10m, to: security, may_decide: true }, ',
    )
    .replace(
      'split-custody: { ',
      'split-custody: { escalate: { after: 10m, to: security, may_decide: true }, ',
    );
/** The same without Sana, and then without Theo too: security is somebody else. */
const withoutSana = (text: string) =>
  told(text)
    .replace(/^.*email: sana@.*\n/m, '')
    .replace('[sana@northwind.example, ', '[');
const securityIs = (email: string) => (text: string) =>
  withoutSana(text)
    .replace(/^.*email: theo@.*\n/m, '')
    .replace('security: [theo@northwind.example]', `security: [${email}]`);
const minute = 60;

describe.each(KINDS)('when nobody decides, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind, { teams: true, config: told });
    for (const name of ['Tess', 'Sana', 'Maya']) await world.inTeams(name).hears('help');
  }, 60_000);
  afterAll(() => world.close());

  const NO = 'You are not one of those who decide this request. Its card names who is still needed.';

  test('after fifteen minutes Maya is told in both her chats, can look, and can’t decide', async () => {
    const [maya, inTeams] = [world.person('Maya'), world.inTeams('Maya')];
    const id = await world.person('Tess').asks('acme/front-desk 1h printer is down');
    await world.person('Lena').receives('Approve', id);
    await world.wait(14 * minute);
    expect(maya.direct().filter((says) => says.includes(id))).toEqual([]);
    await world.wait(minute + 1);
    const so = 'Nobody has decided for 15 minutes: Maya Chen, Sana Idris and Theo Marsh were told.';
    const card = reads(await maya.receives(so, id));
    expect(card).toContain('You are told so that you can reach them; you can’t decide it.');
    expect(card).toContain('Still needed: a lead (Lena Falk or Omar Haddad).');
    expect(world.teams.buttons(await inTeams.receives(so, id))).toEqual([]);
    for (const button of ['Approve', 'Deny']) expect(card).not.toContain(button);
    for (const everybody of [world.channel(so, id), world.person('Tess').receives(so, id)])
      expect(reads(await everybody)).not.toContain('you can’t decide it');

    expect(await maya.hears(`approve ${id}`)).toBe(NO);
    expect(await maya.clicksAndHears(await world.channel('Approve', id), 'Deny')).toBe(NO);
    expect(await maya.hears(`show ${id}`)).toContain('nobody had decided, so others were told');
    await world.person('Lena').presses('Approve', id);
    await maya.receives('✓ Lena Falk', id);
    await inTeams.receives('✓ Lena Falk', id);
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [id])).toHaveLength(1);
    await world.person('Tess').types(`return ${id.replace('R', 'G')}`);
  });

  test('what is decided in time is told to nobody', async () => {
    const id = await world.person('Tess').asks('acme/scanner 1h labels');
    await world.person('Lena').presses('Approve', id);
    await world.person('Tess').receives('Yours until', id.replace('R', 'G'));
    await world.wait(16 * minute);
    // A later one that is told shows that the clock has been there.
    const late = await world.person('Tess').asks('acme/till 1h drawer');
    await world.wait(15 * minute + 1);
    await world.person('Maya').receives('Nobody has decided', late);
    expect(
      world
        .person('Maya')
        .direct()
        .filter((says) => says.includes(id)),
    ).toEqual([]);
    await world.person('Tess').types(`cancel ${late}`);
    await world.person('Maya').receives('Request cancelled', late);
  });

  test('with may_decide they decide in a lead’s place, and the card says so; before that they could not', async () => {
    const sana = world.inTeams('Sana');
    const id = await world.person('Tess').asks('acme/root-safe 1h quarterly check');
    await world.person('Lena').presses('Approve', id);
    expect(await sana.hears(`approve ${id}`)).toBe(NO);
    await world.wait(10 * minute + 1);
    const so = 'Undecided after 10 minutes: Sana Idris and Theo Marsh may decide now too.';
    const card = await sana.receives(so, id);
    await world.person('Tess').receives(so, id);
    await sana.clicks(card, 'Approve');
    await world.person('Tess').receives('Yours until', id.replace('R', 'G'));
    await world.channel('✓ Lena Falk  ✓ Sana Idris', id);
    await world.person('Tess').types(`return ${id.replace('R', 'G')}`);
  });

  test('but never in the place of the client’s own people', async () => {
    const tess = world.person('Tess');
    await tess.types('request');
    const form = await tess.form();
    await tess.slack.select(tess.team, tess.user, form, 'client', 'delta');
    await tess.slack.until(() => reads(tess.slack.view(tess.team, tess.user) ?? form).includes('Account'));
    await tess.chooses('account', 'delta/registrar');
    expect(
      await tess.sends({ long: '1800', why: 'move the records', ticket: 'T-7', name: 'Delta Resale' }),
    ).toEqual({});
    const id = idIn(reads(await world.channel('Approve', 'move the records')), 'R');
    await world.wait(10 * minute + 1);
    await world.person('Sana').receives('may decide now too', id);
    for (const name of ['Sana', 'Theo']) await world.person(name).types(`approve ${id}`);
    await world.channel('✓ Sana Idris  ✓ Theo Marsh', id);
    expect(reads(await world.channel('Still needed', id))).toContain('Noor Aziz of Delta Resale');
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [id])).toEqual([]);
    await world.person('Noor').presses('Approve', id);
    await tess.receives('Yours until', id.replace('R', 'G'));
    await tess.types(`return ${id.replace('R', 'G')}`);
  });

  test('the one who asked is never among them', async () => {
    const id = await world.person('Sana').asks('acme/front-desk 1h printer');
    await world.wait(15 * minute + 1);
    await world.person('Maya').receives('Maya Chen and Theo Marsh were told', id);
    expect(await world.person('Sana').hears(`approve ${id}`)).toContain('It is your own request');
    expect(reads(await world.person('Sana').receives('Cancel request', id))).not.toContain('You are told');
    await world.person('Sana').types(`cancel ${id}`);
  });

  test('somebody who leaves has their word set aside; who is left reads it, and when nobody is, what to do', async () => {
    const tess = world.person('Tess');
    const id = await tess.asks('acme/router 30m firmware #T-9');
    await world.person('Sana').presses('Approve', id);
    await world.channel('✓ Sana Idris', id);
    await world.reconfigure(withoutSana);
    const aside = "Sana Idris (left)'s word no longer counts.";
    await world.person('Theo').receives(aside, id);
    await tess.receives(aside, id);
    await world.person('Lena').presses('Approve', id);
    await world.channel('✓ Lena Falk', 'one of security (Theo Marsh)');
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [id])).toEqual([]);

    await world.reconfigure(securityIs('omar@northwind.example'));
    await world.person('Omar').receives('one of security (Omar Haddad)', id);
    await world.reconfigure(securityIs('tess@northwind.example'));
    const stuck = 'Nobody is left who could give the approval of one of security';
    await world.person('Lena').receives(`${stuck}; a lead has to change the policy`, id);
    const mine = await tess.receives(`${stuck}; ask a lead to change the policy, or cancel it.`, id);
    await tess.clicks(mine, 'Cancel request');
    await world.channel('Request cancelled', id);
    expect(await world.rows('select 1 from keyturn.grants where request = $1', [id])).toEqual([]);
  });
});
