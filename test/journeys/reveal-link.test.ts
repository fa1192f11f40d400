import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KINDS } from '../support/house.js';
import {
  Browser,
  everythingSaid,
  everythingStored,
  leaks,
  NORTHWIND,
  openWorld,
  passwordOf,
  reads,
  type World,
} from '../support/world.js';

const OVER = 'This link opens nothing any more. Press the button on the card in your chat for a new one.';
const OTHER =
  'Another browser has opened this link already. If that wasn’t you, press “It isn’t me” in your chat and make a new link.';
const UNCONFIRMED = 'This browser isn’t confirmed yet. Press the button with its number in your own chat.';

describe.each(KINDS)('the link to a password, on the %s database', (kind) => {
  let world: World;
  const seen: Browser[] = [];
  beforeAll(async () => {
    world = await openWorld(kind);
    await world.person('Tess').types('acme/printer 4h toner');
  });
  afterAll(() => world.close());

  async function press(): Promise<Browser> {
    const page = await world.person('Tess').opens('Reveal', 'Printer panel');
    seen.push(page);
    return page;
  }
  const over = { status: 410, body: { refused: 'link-over', says: OVER } };

  test('is opened by any number of GETs and HEADs, which look the same for every token and spend nothing', async () => {
    const page = await press();
    const [address = '', token = ''] = page.address.split('#');
    const pages = [];
    for (const url of [page.address, address, `${address}#${'x'.repeat(43)}`, `${address}?${token}`]) {
      const got = await fetch(url, { redirect: 'error' });
      expect(got.headers.get('cache-control')).toContain('no-store');
      expect(got.headers.get('referrer-policy')).toBe('no-referrer');
      expect(got.headers.get('content-security-policy')).not.toContain('unsafe-inline');
      pages.push(await got.text());
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    }
    expect(new Set(pages).size).toBe(1);
    expect((await page.look()).body.state).toBe('open');
    for (let n = 0; n < 3; n++) expect((await page.another().look()).status).toBe(200);
    expect((await page.look()).body.state).toBe('open');
    await world.person('Tess').letsIn(page);
    expect((await page.claim()).body.password).toBe(passwordOf('acme', 'printer'));
    expect(await page.claim()).toMatchObject(over);
    expect(await page.look()).toMatchObject(over);
  });

  test('shows nothing before its owner has said yes, and nobody else can say it', async () => {
    const tess = world.person('Tess');
    const page = await press();
    expect(await page.claim()).toMatchObject({ status: 409, body: { says: UNCONFIRMED } });
    const { number } = (await page.ask()).body.confirm;
    expect((await page.ask()).body.confirm.number).toBe(number);
    expect(await page.claim()).toMatchObject({ status: 409, body: { says: UNCONFIRMED } });
    const question = await tess.receives(`in this browser, ${number}`);
    expect(reads(question)).toContain('Press only if that number is on your own screen now.');
    expect(await world.person('Lena').clicksAndHears(question, `Show it in this browser, ${number}`)).toBe(
      'This link is somebody else’s, and only they can confirm it.',
    );
    expect((await page.status()).body.state).toBe('waiting');
    const card = await tess.receives('Reveal', 'Printer panel');
    for (const name of ['Lena', 'Luis'])
      expect(await world.person(name).clicksAndHears(card, 'Reveal')).toBe(
        'Only the holder of a grant can do that.',
      );
  });

  test('dies when Reveal is pressed again', async () => {
    const tess = world.person('Tess');
    const former = await press();
    await tess.letsIn(former);
    const page = await press();
    expect(await former.claim()).toMatchObject(over);
    expect(await former.status()).toMatchObject(over);
    expect((await page.look()).body.state).toBe('open');
  });

  test('refuses a second browser; the fifth such try kills it, and Tess is told', async () => {
    const tess = world.person('Tess');
    const page = await press();
    await tess.letsIn(page);
    const thief = page.another();
    expect(await thief.look()).toMatchObject({
      status: 403,
      body: { refused: 'other-browser', says: OTHER },
    });
    for (let n = 1; n <= 4; n++)
      expect(await (n % 2 ? thief.ask() : thief.claim())).toMatchObject({
        status: 403,
        body: { says: OTHER },
      });
    expect((await page.status()).body.state).toBe('confirmed');
    expect((await thief.ask()).status).toBe(403);
    expect(await page.claim()).toMatchObject(over);
    await tess.receives('Somebody else had this link, so it is dead and has shown nothing.');
    const alert = () => world.slack.messages(NORTHWIND, 'C0ALERTS').map((m) => reads(m));
    await world.slack.until(() => alert().some((says) => says.includes('Another browser than Tess Tran’s')));
    const dead = await world.rows(
      `select data->>'fails' as fails from keyturn.audit_events where action = 'link.dead' and data->>'why' = 'another browser'`,
    );
    expect(dead).toEqual([{ fails: '5' }]);
  });

  test('“It isn’t me” kills it', async () => {
    const tess = world.person('Tess');
    const page = await press();
    const { number } = (await page.ask()).body.confirm;
    const question = await tess.receives(`in this browser, ${number}`);
    await tess.clicks(question, 'It isn’t me');
    expect(await page.status()).toMatchObject(over);
    expect(await page.claim()).toMatchObject(over);
    expect(await tess.clicksAndHears(question, `Show it in this browser, ${number}`)).toBe(OVER);
  });

  test('lives ten minutes', async () => {
    const page = await press();
    expect((await page.look()).body.expiresInSeconds).toBeGreaterThan(590);
    await world.person('Tess').letsIn(page);
    await world.wait(600);
    expect(await page.claim()).toMatchObject(over);
  });

  test('a token that never was sounds like one that is over', async () => {
    const never = new Browser(`${world.publicUrl}/reveal#${'A'.repeat(43)}`);
    for (const act of [never.look, never.ask, never.status, never.claim])
      expect(await act()).toMatchObject(over);
  });

  test('200 claims at once show one password', async () => {
    const page = await press();
    await world.person('Tess').letsIn(page);
    const before = await world.rows('select 1 from keyturn.exposures');
    const answers = await Promise.all(Array.from({ length: 200 }, () => page.claim()));
    const shown = answers.filter((answer) => answer.status === 200);
    expect(shown.map((answer) => answer.body.password)).toEqual([passwordOf('acme', 'printer')]);
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(new Set(refused.map((answer) => answer.body.says))).toEqual(new Set([OVER]));
    expect(await world.rows('select 1 from keyturn.exposures')).toHaveLength(before.length + 1);
    expect(await world.rows(`select 1 from keyturn.audit_events where action = 'secret.shown'`)).toHaveLength(
      before.length + 1,
    );
  });

  test('neither a password nor a token was ever stored or posted', async () => {
    const tokens = seen.map((page) => page.address.split('#')[1] as string);
    const stored = await everythingStored(world.database);
    expect(leaks(stored, passwordOf('acme', 'printer'), ...tokens)).toEqual([]);
    expect(leaks(everythingSaid(world.slack), passwordOf('acme', 'printer'))).toEqual([]);
    expect(leaks(JSON.stringify(world.slack.calls), ...tokens)).toEqual([]);
  });
});
