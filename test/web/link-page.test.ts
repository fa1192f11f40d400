import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { freePort } from '../support/postgres-server.js';
import { startSite } from './site.js';
import { button, fits, heading, pasted } from './stand-in.js';
import { World } from './world.js';

let browser: Browser;

/** The link of this world, opened in a browser of its own; every complaint of the browser is a failure. */
async function open(world: World, options: BrowserContextOptions = PHONE, token = world.token) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const site = await startSite(world, { publicUrl, port });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said: string[] = [];
  const fetched: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('request', (request) => fetched.push(request.url()));
  onTestFinished(async () => {
    await context.close();
    await site.stop();
  });
  const path = world.link.purpose === 'reveal' ? '/reveal' : '/me/new-secret';
  await page.goto(`${publicUrl}${path}#${token}`);
  return { page, site, context, publicUrl, said, fetched };
}

describe.runIf(HAS_BROWSER)('the page behind a link', () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ])('look, ask, confirm, claim, hide (%s)', async (name, options) => {
    const world = new World();
    const { page, publicUrl, said, fetched, context } = await open(world, options);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await heading(page, 'Acme Dental');
    expect(page.url()).toBe(`${publicUrl}/reveal`);
    expect(await page.getByText('for Tess Tran').isVisible()).toBe(true);
    expect(world.commits).toEqual([]);
    await shot(page, `${name}-1-offer`);

    await button(page, 'Show it in this browser').click();
    await heading(page, 'Confirm in your chat');
    const number = world.link.number as string;
    expect(await page.locator('.says').textContent()).toBe(`“Show it in this browser, ${number}”`);
    expect(await page.locator('.number').textContent()).toBe(number);
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-2-number`);

    await world.confirm();
    await heading(page, 'Confirmed');
    await shot(page, `${name}-3-confirmed`);
    await button(page, 'Show the password').click();
    await heading(page, 'The password');
    expect(await page.locator('.secret').textContent()).toBe('Zq0O-1lI|7#mK w');
    expect(await page.getByText('.\\acmeadmin').isVisible()).toBe(true);
    await button(page, 'Copy password').click();
    await button(page, 'Copied').waitFor();
    expect(await pasted(page)).toBe('Zq0O-1lI|7#mK w');
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-4-shown`);

    await button(page, 'Hide now').click();
    await heading(page, 'Hidden again');
    expect(await page.content()).not.toContain('Zq0O');
    await shot(page, `${name}-5-hidden`);
    expect(said).toEqual([]);
    expect(fetched.every((url) => url.startsWith(publicUrl) && !url.includes(world.token))).toBe(true);
  });

  test('the password hides itself after a minute, and is gone from the document', async () => {
    const world = new World();
    const { page } = await open(world);
    await page.clock.install();
    await page.reload();
    await page.goto(`${page.url()}#${world.token}`);
    await button(page, 'Show it in this browser').click();
    await heading(page, 'Confirm in your chat');
    await world.confirm();
    await page.clock.runFor(1_500);
    await button(page, 'Show the password').click();
    await heading(page, 'The password');
    await page.clock.runFor(57_000);
    expect(await page.locator('.secret').count()).toBe(1);
    await page.clock.runFor(4_000);
    await heading(page, 'Hidden again');
    expect(await page.evaluate(() => document.body.textContent)).not.toContain('Zq0O');
  });

  test('revoked while the page is open: it says so by itself', async () => {
    const world = new World();
    const { page } = await open(world);
    await button(page, 'Show it in this browser').click();
    await heading(page, 'Confirm in your chat');
    await world.confirm();
    await heading(page, 'Confirmed');
    world.revoke();
    await heading(page, 'This link was ended');
    await shot(page, 'phone-ended');
    expect(await button(page, 'Show the password').count()).toBe(0);
  });

  test('not confirmed in time', async () => {
    const world = new World();
    world.later(597);
    const { page } = await open(world);
    await button(page, 'Show it in this browser').click();
    await heading(page, 'Confirm in your chat');
    const passing = setInterval(() => world.later(0.5), 500);
    onTestFinished(() => clearInterval(passing));
    await heading(page, 'Not confirmed in time');
    await shot(page, 'phone-late');
  });

  test('another browser, a dead link and no link at all are told apart by what they can know', async () => {
    const world = new World();
    world.link = { ...world.link, state: 'asked', browserHash: 'another', number: '12' };
    const { page, publicUrl } = await open(world);
    await heading(page, 'Another browser has this link');
    expect(await page.getByText('Acme').count()).toBe(0);
    await shot(page, 'phone-other-browser');
    world.link = { ...world.link, state: 'dead' };
    await page.goto(`${publicUrl}/reveal#${world.token}`);
    await heading(page, 'This link opens nothing any more');
    await page.goto(`${publicUrl}/reveal#short`);
    await page.locator('.step').getByText('The address has no whole link in it.').waitFor();
    await shot(page, 'phone-dead');
  });

  test('a keyboard is enough, and each step is announced', async () => {
    const world = new World();
    const { page } = await open(world, DESK);
    await button(page, 'Show it in this browser').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading(page, 'Confirm in your chat');
    expect(await page.locator('#heard').textContent()).toContain(`Your number is ${world.link.number}`);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Confirm in your chat');
    await world.confirm();
    await heading(page, 'Confirmed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading(page, 'The password');
    expect(await page.locator('#heard').textContent()).not.toContain('Zq0O');
  });

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
  ])('a new password typed twice (%s)', async (name, options) => {
    const world = new World('new-secret');
    const { page, said } = await open(world, options);
    await button(page, 'Enter it in this browser').click();
    await heading(page, 'Confirm in your chat');
    await world.confirm();
    await heading(page, 'Confirmed: the new password');
    await shot(page, `${name}-new-1-form`);
    await page.getByLabel('New password').fill('Zq0O-1lI|7#mK w');
    await page.getByLabel('The same again').fill('something else');
    await button(page, 'Store the new password').click();
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('The same again').fill('Zq0O-1lI|7#mK w');
    await button(page, 'Store the new password').click();
    await page.getByText('That is the password that was shown.').waitFor();
    await shot(page, `${name}-new-2-same`);
    await page.getByLabel('New password').fill('brand new');
    await page.getByLabel('The same again').fill('brand new');
    await button(page, 'Store the new password').click();
    await heading(page, 'In custody');
    await shot(page, `${name}-new-3-stored`);
    expect(world.passwords.get(2)).toBe('brand new');
    // The browser itself reports an answer of 422; the page says nothing more.
    expect(said.filter((line) => !line.includes('422'))).toEqual([]);
  });

  test('a new password made by the page', async () => {
    const world = new World('new-secret');
    const { page } = await open(world);
    await button(page, 'Enter it in this browser').click();
    await heading(page, 'Confirm in your chat');
    await world.confirm();
    await button(page, 'Make one for me').click();
    const made = await page.locator('.secret').textContent();
    expect(made).toHaveLength(24);
    await page.waitForTimeout(3_500);
    expect(await page.locator('.secret').textContent()).toBe(made);
    await shot(page, 'phone-new-made');
    await button(page, 'It is set: store it').click();
    await heading(page, 'In custody');
    expect(world.passwords.get(2)).toBe(made);
    expect(await page.content()).not.toContain(made as string);
  });
});
