import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import { type Browser, openWorld, passwordOf, reads, type World } from '../support/world.js';

const LINK_OVER =
  'This link opens nothing any more. Press the button on the card in your chat for a new one.';

describe.each(KINDS)('how access ends, on the %s database', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.close());

  /** Asks, is approved, and has a page open and confirmed. */
  async function pageOpen(account: string): Promise<{ request: string; grant: string; page: Browser }> {
    const tess = world.person('Tess');
    const request = await tess.asks(`acme/${account} 1h something is wrong`);
    const grant = request.replace('R-', 'G-');
    await world.person('Omar').presses('Approve', request);
    await tess.receives('Yours until', grant);
    const page = await tess.opens('Reveal', grant);
    await tess.letsIn(page);
    expect((await page.status()).body.state).toBe('confirmed');
    return { request, grant, page };
  }

  test('a lead revokes while the page is open: nothing is shown, and Tess reads why', async () => {
    const { request, grant, page } = await pageOpen('front-desk');
    const tess = world.person('Tess');
    const lena = world.person('Lena');
    const no = 'Only leads and those who may approve such a request can revoke it.';
    const card = await world.channel('Revoke', request);
    expect(await world.person('Luis').clicksAndHears(card, 'Revoke')).toBe(no);
    expect(await world.person('Luis').hears(`revoke ${grant} I want it`)).toBe(no);

    await lena.clicks(card, 'Revoke');
    expect(reads(await lena.form())).toContain('Access ends at once.');
    expect(await lena.sends({ why: 'wrong <!here> client' })).toEqual({});

    expect(await page.status()).toMatchObject({ status: 410, body: { says: LINK_OVER } });
    expect(await page.claim()).toMatchObject({
      status: 410,
      body: { refused: 'link-over', says: LINK_OVER },
    });
    const told = await tess.receives('Revoked by Lena Falk', '“wrong <!here> client”');
    expect(reads(told)).toContain('Front desk PC');
    await tess.receives('This link opens nothing any more.', grant);
    await world.channel('The password was never shown, so there is nothing to change.', request);
    expect(await lena.hears(`revoke ${grant} once more`)).toBe(
      `${grant} is over (revoked): nothing more is served from it. Ask again if you still need it.`,
    );
    expect(await world.rows('select 1 from keyturn.exposures')).toEqual([]);
  });

  test('revoked after the password was shown: the cards name who has to change it', async () => {
    const { request, page } = await pageOpen('scanner');
    expect((await page.claim()).body.password).toBe(passwordOf('acme', 'scanner'));
    await world.person('Omar').types(`revoke ${request.replace('R-', 'G-')} maintenance is over`);
    await world.person('Tess').receives('Revoked by Omar Haddad', 'still works until Lena Falk changes it.');
    const task = await world.person('Lena').receives('Change this password', 'Label scanner');
    for (const name of ['Tess', 'Maya', 'Luis'])
      expect(await world.person(name).clicksAndHears(task, 'Enter the new password')).toBe(
        'This is Lena Falk’s task; a lead can do it too.',
      );
    const other = world.person('Omar');
    expect(await other.clicksAndHears(task, 'Enter the new password')).toContain('Open the page');
  });

  test('time is up: a click and a claim are refused at once, and then the cards say so', async () => {
    const { request, grant, page } = await pageOpen('till');
    const tess = world.person('Tess');
    const card = await tess.receives('Yours until', grant);
    await world.wait(3600);
    const [claimed, heard] = await Promise.all([page.claim(), tess.clicksAndHears(card, 'Reveal')]);
    expect(claimed).toMatchObject({ status: 410, body: { says: LINK_OVER } });
    expect(heard).toBe(
      `${grant} is over (expired): nothing more is served from it. Ask again if you still need it.`,
    );
    expect(await world.rows(`select 1 from keyturn.exposures where "grant" = $1`, [grant])).toEqual([]);
    await tess.receives('Your access has ended', 'Time was up ');
    expect(reads(await world.channel('Time was up ', request))).toContain(
      'The password was never shown, so there is nothing to change.',
    );
    expect(await tess.hears(`return ${grant}`)).toContain(`${grant} is over (expired)`);
  });

  test('the last second is the holder’s, the next one nobody’s', async () => {
    const tess = world.person('Tess');
    await tess.types('acme/camera 30m look at the door');
    const card = await tess.receives('Yours until', 'Door camera');
    await world.wait(1800 - 60);
    expect(await tess.clicksAndHears(card, 'Reveal')).toContain('Open the reveal page');
    const page = await tess.opens('Reveal', 'Door camera');
    expect((await page.look()).body.expiresInSeconds).toBeLessThanOrEqual(60);
    await world.wait(60);
    expect(await page.ask()).toMatchObject({ status: 410, body: { says: LINK_OVER } });
    expect(await tess.clicksAndHears(card, 'Reveal')).toContain('is over (expired)');
  });

  test('only the holder hands it back', async () => {
    const tess = world.person('Tess');
    const grant = (await tess.hears('acme/alarm 30m beeping')).slice(0, 8);
    const card = await tess.receives('Return early', grant);
    expect(await world.person('Lena').clicksAndHears(card, 'Return early')).toBe(
      'Only the holder of a grant can do that.',
    );
    await tess.clicks(card, 'Return early');
    await tess.receives('Your access has ended', grant);
    expect(await tess.clicksAndHears(card, 'Return early')).toBe(
      `${grant} is over (returned): nothing more is served from it. Ask again if you still need it.`,
    );
  });
});
