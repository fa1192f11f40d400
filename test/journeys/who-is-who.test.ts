import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { NORTHWIND, openWorld, passwordOf, reads, type World } from '../support/world.js';

const OWN = 'It is your own request: somebody else has to decide it. You can cancel it.';
const NOBODY =
  'I don’t know you as one of the people of this Keyturn. If you should be, ask a lead to add you to its configuration.';
const GUEST = 'Guests of this workspace can’t use Keyturn. Ask from a full account.';

describe.each(KINDS)('who is who, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  const identities = async () =>
    (await world.rows<{ user: string }>('select user_id as user from keyturn.identities order by 1')).map(
      (row) => row.user,
    );

  test('a lead who asks doesn’t decide it herself, by whatever way she tries', async () => {
    const lena = world.person('Lena');
    const request = await lena.asks('acme/lead-safe 1h yearly audit');
    const card = await world.channel('Approve', request);
    expect(reads(card)).toContain('Still needed: a lead (Omar Haddad).');
    expect(await lena.clicksAndHears(card, 'Approve')).toBe(OWN);
    expect(await lena.clicksAndHears(card, 'Deny')).toBe(OWN);
    expect(await lena.hears(`approve ${request}`)).toBe(OWN);
    expect(await lena.hears(`approve ${request} 30m`)).toBe(OWN);
    const own = world.slack.dm(lena.team, lena.user).filter((m) => reads(m).includes(request));
    expect(own.map((m) => reads(m).includes('Approve'))).toEqual([false]);
    expect(await lena.hears('pending')).toContain('Nothing waits for you.');

    await world.person('Omar').clicks(card, 'Approve');
    await lena.receives('Yours until', request.replace('R', 'G'));
    expect(await lena.reveals(request.replace('R', 'G'))).toBe(passwordOf('acme', 'lead-safe'));
    await lena.presses('Return early', request.replace('R', 'G'));
    // She knew the old one: somebody else changes it.
    await world.person('Omar').receives('Change this password', 'Safe for leads');
  });

  test('being in the channel is no authority: somebody who is nobody is refused, and stays unlinked', async () => {
    const request = await world.person('Tess').asks('acme/front-desk 1h printer is down');
    const card = await world.channel('Approve', request);
    const nobody = world.person('Nobody');
    expect(await nobody.clicksAndHears(card, 'Approve')).toBe(NOBODY);
    expect(await nobody.clicksAndHears(card, 'Deny')).toBe(NOBODY);
    for (const words of [
      '',
      'mine',
      'pending',
      `show ${request}`,
      `approve ${request}`,
      'acme/front-desk 1h x',
    ])
      expect(await nobody.hears(words)).toBe(NOBODY);
    const gus = world.person('Gus');
    expect(await gus.clicksAndHears(card, 'Approve')).toBe(GUEST);
    expect(await gus.hears('mine')).toBe(GUEST);
    expect(reads(await world.channel('Still needed', request))).not.toContain('✓');
    const linked = await identities();
    for (const user of ['U0NOBODY', 'U0GUS']) expect(linked).not.toContain(user);
    const told = world.slack.dm(NORTHWIND, nobody.user);
    expect(told).toEqual([]);
    await world.person('Tess').types(`cancel ${request}`);
  });

  test('a member of Delta’s workspace with Lena’s address is nobody, there and everywhere', async () => {
    const imposter = world.person('Imposter');
    const request = await world.person('Tess').asks('acme/scanner 1h labels');
    expect(await imposter.hears('mine')).toBe(NOBODY);
    expect(await imposter.hears(`approve ${request}`)).toBe(NOBODY);
    await world.person('Lena').receives('Approve', request);
    expect(world.slack.dm(imposter.team, imposter.user)).toEqual([]);
    expect(await identities()).not.toContain('U0IMPOSTER');
    expect(await world.rows('select 1 from keyturn.decisions where request = $1', [request])).toEqual([]);
    await world.person('Tess').types(`cancel ${request}`);
  });

  test('a second account with Tess’s address doesn’t become Tess', async () => {
    expect(await world.person('Twin').hears('mine')).toBe(
      'Another account of this workspace is linked to this person already. End that link first: type /access link there.',
    );
    expect(await identities()).not.toContain('U0TWIN');
  });

  test('a later change of e-mail moves nothing: Tess stays Tess', async () => {
    const tess = world.person('Tess');
    const before = await identities();
    const request = await tess.asks('acme/till 1h drawer is stuck');
    const changed = await world.slack.changeEmail(tess.team, tess.user, 'lena@northwind.example');
    expect(changed.ok).toBe(true);
    expect(await tess.hears(`approve ${request}`)).toBe(OWN);
    expect(await tess.hears('acme/lead-safe 30m curious')).not.toContain('Lena');
    expect(await tess.hears('mine')).toContain(request);
    await world.person('Lena').presses('Approve', request);
    await tess.receives('✓ Lena Falk', request);
    expect(await identities()).toEqual(before);
  });

  test('whoever is deactivated in Slack is unlinked, and no card goes there any more', async () => {
    const omar = world.person('Omar');
    await omar.hears('mine');
    expect((await world.slack.deactivate(omar.team, omar.user)).ok).toBe(true);
    const ended = await world.rows(
      `select ended_at is not null as ended from keyturn.identities where user_id = 'U0OMAR'`,
    );
    expect(ended).toEqual([{ ended: true }]);
    const request = await world.person('Maya').asks('acme/scanner 1h labels');
    await world.person('Lena').receives('Approve', request);
    expect(omar.direct().some((words) => words.includes(request))).toBe(false);
  });
});
