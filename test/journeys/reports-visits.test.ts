import type { Browser as Chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { readCsv } from '../support/csv.js';
import {
  Browser,
  everythingStored,
  leaks,
  NORTHWIND,
  openWorld,
  reads,
  type World,
} from '../support/world.js';

const DAYS = { from: null, to: null };
const OVER = 'This link opens nothing any more. Press the button on the card in your chat for a new one.';

/** A link to Acme's report, in Lena's own browser. */
async function visit(world: World): Promise<Browser> {
  const lena = world.person('Lena');
  await lena.hears('report client acme');
  return lena.opens('Whole report', 'Client: Acme Dental');
}

describe('the page of a report, where chat lets the browser in', () => {
  let world: World;
  const seen: Browser[] = [];
  beforeAll(async () => {
    world = await openWorld('embedded');
    await world.person('Tess').asks('acme/front-desk 30m the scanner');
  });
  afterAll(() => world.close());

  async function open(): Promise<Browser> {
    const page = await visit(world);
    seen.push(page);
    return page;
  }
  const over = { status: 410, body: { refused: 'link-over', says: OVER } };

  test('looks the same for every token, keeps nothing, and a GET spends nothing', async () => {
    const page = await open();
    const [address = ''] = page.address.split('#');
    const pages = [];
    for (const url of [page.address, address, `${address}#${'x'.repeat(43)}`]) {
      const got = await fetch(url, { redirect: 'error' });
      expect(got.headers.get('cache-control')).toContain('no-store');
      expect(got.headers.get('referrer-policy')).toBe('no-referrer');
      expect(got.headers.get('x-frame-options')).toBe('DENY');
      expect(got.headers.get('content-security-policy')).toMatch(
        /script-src 'self';(?!.*unsafe).*frame-ancestors 'none'/,
      );
      expect(got.headers.get('set-cookie')).toBeNull();
      pages.push(await got.text());
    }
    expect(new Set(pages).size).toBe(1);
    expect((await page.look()).body.state).toBe('open');
    const never = new Browser(`${address}#${'A'.repeat(43)}`);
    for (const act of ['look', 'ask', 'status'] as const) expect(await never[act]()).toMatchObject(over);
    expect(await never.posts('report', DAYS)).toMatchObject(over);
    expect(await never.posts('csv', DAYS)).toMatchObject(over);
  });

  test('takes no more and no less than its own page sends', async () => {
    const page = await open();
    for (const more of [
      {},
      { from: null },
      { ...DAYS, subject: 'delta' },
      { from: 7, to: null },
      { from: '', to: null },
    ])
      expect(await page.posts('report', more)).toMatchObject({ status: 400, body: { refused: 'malformed' } });
    expect((await page.posts('claim')).status).toBe(400);
    expect((await page.posts('enter', { password: 'x' })).status).toBe(400);
    await world.person('Lena').letsIn(page);
    for (const from of ['2026-02-30', "2026-01-01'", '0000-01-01', '20260101'])
      expect(await page.posts('report', { from, to: null })).toMatchObject({
        status: 422,
        body: { refused: 'bad-day' },
      });
  });

  test('belongs to the first browser: five tries of others kill it, and the alerts channel is told', async () => {
    const page = await open();
    await world.person('Lena').letsIn(page);
    expect((await page.posts('report', DAYS)).status).toBe(200);
    const thief = page.another();
    expect((await thief.look()).status).toBe(403);
    for (let n = 1; n <= 5; n++)
      expect((await thief.posts(n % 2 ? 'report' : 'csv', DAYS)).body.refused).toBe('other-browser');
    expect(await page.posts('report', DAYS)).toMatchObject(over);
    await world.person('Lena').receives('Somebody else had this link, so it is dead.');
    const alerts = () => world.slack.messages(NORTHWIND, 'C0ALERTS').map((m) => reads(m));
    await world.slack.until(() => alerts().some((says) => says.includes('tried to use a link to a report')));
  });

  test('“It isn’t me” kills it, and nobody but its owner can say either', async () => {
    const lena = world.person('Lena');
    const page = await open();
    const { number } = (await page.ask()).body.confirm;
    const question = await lena.receives(`Open it in this browser, ${number}`);
    expect(await world.person('Omar').clicksAndHears(question, `Open it in this browser, ${number}`)).toBe(
      'This link is somebody else’s, and only they can confirm it.',
    );
    await lena.clicks(question, 'It isn’t me');
    expect(await page.posts('report', DAYS)).toMatchObject(over);
  });

  test('dies with the next one, unless it was let in already', async () => {
    const former = await open();
    const page = await open();
    expect(await former.look()).toMatchObject(over);
    await world.person('Lena').letsIn(page);
    await open();
    expect((await page.posts('report', DAYS)).status).toBe(200);
  });

  test('has to be opened within ten minutes, and is read for thirty from then on', async () => {
    const late = await open();
    await world.wait(601);
    expect(await late.ask()).toMatchObject(over);
    const page = await open();
    await world.person('Lena').letsIn(page);
    await world.wait(29 * 60);
    expect((await page.posts('report', DAYS)).status).toBe(200);
    await world.wait(61);
    expect(await page.posts('report', DAYS)).toMatchObject(over);
    expect(await page.posts('csv', DAYS)).toMatchObject(over);
  });

  test('a card’s button makes a link for whoever was answered by it, and for nobody else', async () => {
    const lena = world.person('Lena');
    await lena.hears('report client acme');
    const card = await lena.sees('Whole report', 'Client: Acme Dental');
    for (const name of ['Tess', 'Omar'])
      expect(await world.person(name).clicksAndHears(card, 'Whole report')).toContain("I don't know");
  });

  test('whoever may read no more reads no more, in the middle of it', async () => {
    const page = await open();
    await world.person('Lena').letsIn(page);
    expect((await page.posts('report', DAYS)).status).toBe(200);
    const tier = (to: string) =>
      world.rows(
        `with p as (update keyturn.people set spec = jsonb_set(spec, '{tier}', to_jsonb($1::text)) where email = 'lena@northwind.example')
         update keyturn.deployment set directory_version = directory_version + 1`,
        [to],
      );
    await tier('L3');
    expect(await page.posts('report', DAYS)).toMatchObject({
      status: 409,
      body: { refused: 'may-not-report' },
    });
    expect(await page.posts('csv', DAYS)).toMatchObject({ status: 409, body: { refused: 'may-not-report' } });
    await tier('lead');
    expect((await page.posts('report', DAYS)).status).toBe(200);
  });

  test('no token was ever stored or posted', async () => {
    const tokens = seen.map((page) => page.address.split('#')[1] as string);
    expect(leaks(await everythingStored(world.database), ...tokens)).toEqual([]);
    expect(leaks(JSON.stringify(world.slack.calls), ...tokens)).toEqual([]);
  });
});

describe.runIf(HAS_BROWSER)('the page of a report in a real browser', () => {
  let world: World;
  let chromium: Chromium;
  beforeAll(async () => {
    world = await openWorld('embedded');
    await world.person('Tess').asks('acme/front-desk 30m the scanner');
    chromium = await launch();
  });
  afterAll(async () => {
    await chromium?.close();
    await world.close();
  });

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
  ])('Lena reads it and takes it as CSV (%s)', async (name, options) => {
    const lena = world.person('Lena');
    const { address } = await visit(world);
    const context = await chromium.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(address);
    expect(page.url()).not.toContain('#');
    await page.getByRole('button', { name: 'Open it in this browser' }).click();
    const number = await page.locator('.number').textContent();
    await lena.presses(`Open it in this browser, ${number}`);
    await page.getByRole('heading', { name: 'The report' }).waitFor();
    expect(await page.locator('.of-requests tbody').innerText()).toContain('the scanner');
    await shot(page, `report-real-${name}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^client-Acme-Dental-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const rows = readCsv(Buffer.concat(parts).toString('utf8'));
    expect(rows.some((row) => row.includes('the scanner'))).toBe(true);
    expect(said).toEqual([]);
    await context.close();
  });
});

describe('the page of a report, where factors are configured', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld('server', { phones: {} });
    await world.person('Tess').asks('acme/front-desk 30m the scanner');
  });
  afterAll(() => world.close());

  test('asks Lena’s own phone, with the browser’s number, and opens by that proof alone', async () => {
    const lena = world.person('Lena');
    const page = await visit(world);
    await page.ask();
    const { number, code } = await page.isAsked('push');
    const push = await lena.phone.rings('client Acme Dental');
    expect(push.type).toBe('Open a report');
    expect(push.facts).toContainEqual({ label: 'Number on your screen', value: number });
    expect((await page.posts('report', DAYS)).body.refused).toBe('not-confirmed');
    lena.phone.allows(push, code ?? undefined);
    await page.isLetIn();
    expect((await page.posts('report', DAYS)).status).toBe(200);
    const kept = await world.rows(
      `select p.act, p.state, p.subject_kind as kind, v.state as visit from keyturn.visits v join keyturn.proofs p on p.id = v.proof`,
    );
    expect(kept).toEqual([{ act: 'visit', state: 'spent', kind: 'visit', visit: 'confirmed' }]);
  });

  test('a denied push opens nothing', async () => {
    await world.wait(31);
    const page = await visit(world);
    await page.ask();
    await page.isAsked('push');
    await world.person('Lena').phone.denies('Acme Dental');
    const { says } = await page.isAsked('over');
    expect(says).toContain('denied on your phone');
    expect((await page.posts('report', DAYS)).body.refused).toBe('not-confirmed');
  });
});
