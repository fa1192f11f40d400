import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { codeAt, type OtpSeed, readSeed } from '../../src/vault/otp-seed.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { ADDRESS } from '../support/codes.js';
import { freePort } from '../support/postgres-server.js';
import { startSite } from './site.js';
import { button, fits, heading, pasted } from './stand-in.js';
import { World } from './world.js';

let browser: Browser;

/** The page of this world's link, in a browser that was shown the password; the page's clock stands until it is moved. */
async function shown(world: World, options: BrowserContextOptions = PHONE) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const site = await startSite(world, { publicUrl, port });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  onTestFinished(async () => {
    await context.close();
    await site.stop();
    // The browser itself reports each "no" that it hears; the page says nothing.
    expect(said.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.clock.install();
  await page.goto(`${publicUrl}/reveal#${world.token}`);
  await button(page, 'Show it in this browser').click();
  await heading(page, 'Confirm in your chat');
  await world.confirm();
  await page.clock.runFor(1_500);
  await button(page, 'Show the password').click();
  await heading(page, 'The password');
  /** Time passes on the page and at the server alike. */
  const passes = async (seconds: number) => {
    world.later(seconds);
    await page.clock.runFor(seconds * 1000 + 500);
  };
  return { page, site, passes };
}

const codeOf = (world: World) => codeAt(readSeed(ADDRESS) as OtpSeed, world.now).code;
const grouped = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;

describe.runIf(HAS_BROWSER)('the page of an account that signs in with codes', () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ])(
    'shows the code of now beside the password, then alone, and the next one by itself (%s)',
    async (name, view) => {
      const world = new World();
      world.signsInWithCodes('keyturn', ADDRESS);
      const { page, passes } = await shown(world, view);
      await page.clock.runFor(500);
      await page.getByText(grouped(codeOf(world)), { exact: true }).waitFor();
      expect(await page.locator('.secret').textContent()).toBe('Zq0O-1lI|7#mK w');
      expect(await fits(page)).toBe(true);
      await shot(page, `${name}-codes-1-both`);
      await button(page, 'Copy code').click();
      await button(page, 'Copied').waitFor();
      expect(await pasted(page)).toBe(codeOf(world));

      const first = codeOf(world);
      await passes(31);
      await page.getByText(grouped(codeOf(world)), { exact: true }).waitFor();
      expect(codeOf(world)).not.toBe(first);
      await passes(31);
      await heading(page, 'One-time code');
      await page.getByText(grouped(codeOf(world)), { exact: true }).waitFor();
      expect(await page.content()).not.toContain('Zq0O');
      expect(await fits(page)).toBe(true);
      await shot(page, `${name}-codes-2-alone`);
      await button(page, 'Hide now').click();
      await heading(page, 'Hidden again');
      expect(await page.content()).not.toContain(grouped(codeOf(world)));
    },
  );

  test('when the access ends both are gone from the page, and it says so', async () => {
    const world = new World();
    world.signsInWithCodes('keyturn', ADDRESS);
    const { page, passes } = await shown(world);
    await page.clock.runFor(500);
    await page.getByText(grouped(codeOf(world)), { exact: true }).waitFor();
    const code = grouped(codeOf(world));
    world.grant = { ...world.grant, state: 'ended', outcome: 'revoked', version: 2 };
    await passes(31);
    await heading(page, 'The access is over');
    const left = await page.content();
    expect(left).not.toContain('Zq0O');
    expect(left).not.toContain(code);
    await shot(page, 'phone-codes-3-over');
  });

  test('after five minutes there are no more', async () => {
    const world = new World();
    world.signsInWithCodes('keyturn', ADDRESS);
    const { page, passes } = await shown(world);
    await page.clock.runFor(500);
    await page.locator('.code-digits').waitFor();
    await passes(70);
    await heading(page, 'One-time code');
    await passes(240);
    await heading(page, 'Hidden again');
    expect(await page.locator('.code-digits').count()).toBe(0);
  });

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
  ])(
    'asks the client’s contact on a press, waits, shows what they typed, and can ask again (%s)',
    async (name, view) => {
      const world = new World();
      world.signsInWithCodes('contacts');
      const { page, passes } = await shown(world, view);
      await shot(page, `${name}-asked-1-offer`);
      await button(page, 'Ask Acme Dental’s contact for the code').click();
      await page.getByText('Waiting for Acme Dental …').waitFor();
      expect(await fits(page)).toBe(true);
      await shot(page, `${name}-asked-2-waiting`);
      await world.types('907152');
      await passes(2);
      await page.getByText('907 152', { exact: true }).waitFor();
      await shot(page, `${name}-asked-3-code`);
      await button(page, 'Copy code').click();
      await button(page, 'Copied').waitFor();
      expect(await pasted(page)).toBe('907152');
      expect(world.codeAsks.map(({ state, sealed }) => [state, sealed])).toEqual([['handed', null]]);

      await button(page, 'Ask again').click();
      await page.getByText('Waiting for Acme Dental …').waitFor();
      expect(await page.content()).not.toContain('907 152');
      await button(page, 'Ask again').click();
      await page.getByText('Waiting for Acme Dental …').waitFor();
      await button(page, 'Ask again').waitFor({ state: 'hidden' });
      expect(world.codeAsks.map(({ state }) => state)).toEqual(['handed', 'over', 'asked']);
    },
  );

  test('a code that was typed and not fetched in time is said to be lost', async () => {
    const world = new World();
    world.signsInWithCodes('contacts');
    const { page, passes } = await shown(world);
    await button(page, 'Ask Acme Dental’s contact for the code').click();
    await page.getByText('Waiting for Acme Dental …').waitFor();
    await world.types('907152');
    world.later(61);
    await passes(3);
    await page.getByText('Nobody typed it in time, or it got lost on its way.').waitFor();
    await shot(page, 'phone-asked-4-lost');
  });

  test('an account without codes has nothing of them on its page', async () => {
    const { page } = await shown(new World());
    expect(await page.locator('.codes').count()).toBe(0);
  });
});
