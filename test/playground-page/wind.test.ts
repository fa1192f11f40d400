/** Winding Keyturn's clock on, from the page's top bar. */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HAS_BROWSER, launch, shot } from '../support/browser.js';
import { castWithTeams } from './cast.js';
import { weakTexts } from './contrast.js';
import { StandIn } from './stand-in.js';
import { CHAT, TeamsStandIn } from './teams-stand-in.js';
import { browserAt, DESKTOP, HANDHELD, type Screen, sideways, visit } from './visit.js';

const inChicago = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/Chicago',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

describe.skipIf(!HAS_BROWSER)('winding the clock', () => {
  let browser: Browser;
  let slack: StandIn;
  let teams: TeamsStandIn;
  let address: string;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  const toggle = (on = page) => on.getByRole('button', { name: 'Wind the clock', exact: true });
  const panel = (on = page) => on.getByRole('group', { name: 'Wind the clock on by' });
  const by = (words: string, on = page) => panel(on).getByRole('button', { name: `+${words}`, exact: true });
  const clockIn = (on: Page) => on.getByRole('banner').getByRole('time').getAttribute('datetime');
  /** Minutes by which the page's clock is ahead of this test's. */
  const ahead = async (on = page) =>
    // It ticks, so it may be a moment behind, and is never ahead.
    Math.ceil((Date.parse((await clockIn(on)) ?? '') - Date.now()) / 60_000) + 0;
  const toast = () => page.getByRole('status').getByText(/^It is now/);

  async function open(screen: Screen): Promise<void> {
    context = await browserAt(browser, screen);
    page = await visit(context, address, complaints);
  }

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    teams = new TeamsStandIn();
    slack = new StandIn(castWithTeams, teams);
    address = await slack.start();
  });
  afterEach(async () => {
    const wide = await sideways(page);
    await context.close();
    await slack.stop();
    expect(wide).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each([DESKTOP, HANDHELD])('goes on by what is pressed, and says so, at $width px', async (screen) => {
    await open(screen);
    expect(await ahead()).toBe(0);
    await toggle().click();
    await shot(page, `wind-${screen.width}`);
    const tall = screen.phone ? 44 : 34;
    for (const words of ['5 minutes', '10 minutes', '1 hour', '1 day'])
      expect((await by(words).boundingBox())?.height).toBeGreaterThanOrEqual(tall);
    await by('1 hour').click();
    await toast().waitFor();
    expect(await toast().textContent()).toMatch(/^It is now (\w+day )?\d\d:\d\d, 1 hour later\.$/);
    expect(await toast().textContent()).toContain(inChicago.format(new Date((await clockIn(page)) ?? '')));
    await shot(page, `wound-${screen.width}`);
    expect(await ahead()).toBe(60);
    await by('10 minutes').click();
    await expect.poll(() => ahead()).toBe(70);
    await by('5 minutes').click();
    await expect.poll(() => ahead()).toBe(75);
    await by('1 day').click();
    await expect.poll(() => ahead()).toBe(75 + 24 * 60);
  });

  it('goes on by itself, each second', async () => {
    await open(DESKTOP);
    const shown = () => page.getByRole('banner').getByRole('time').textContent();
    const before = await shown();
    expect(before).toMatch(/^\w{3} \d{1,2} \w+ \d\d:\d\d:\d\d$/);
    await expect.poll(shown).not.toBe(before);
  });

  it('is wound with the keyboard alone', async () => {
    await open(DESKTOP);
    await toggle().focus();
    await page.keyboard.press('Enter');
    for (const words of ['5 minutes', '10 minutes', '1 hour']) {
      await page.keyboard.press('Tab');
      expect(await by(words).evaluate((it) => it === document.activeElement)).toBe(true);
    }
    await page.keyboard.press('Space');
    await expect.poll(() => ahead()).toBe(60);
    expect(await by('1 hour').evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await panel().count()).toBe(0);
    expect(await toggle().getAttribute('aria-expanded')).toBe('false');
    expect(await toggle().evaluate((it) => it === document.activeElement)).toBe(true);
  });

  it('is put away by pressing elsewhere, and by going on with the keyboard', async () => {
    await open(DESKTOP);
    await toggle().click();
    await page.getByRole('log').click();
    expect(await panel().count()).toBe(0);
    await toggle().click();
    await by('1 day').focus();
    await page.keyboard.press('Tab');
    expect(await panel().count()).toBe(0);
  });

  it('goes on in every open page, and one that comes later has the same', async () => {
    await open(DESKTOP);
    const other = await visit(context, address, complaints);
    await toggle().click();
    await by('1 day').click();
    await expect.poll(() => ahead(other)).toBe(24 * 60);
    const later = await visit(context, address, complaints);
    expect(await ahead(later)).toBe(24 * 60);
  });

  it('makes what was said today be of yesterday, in Slack and in Teams', async () => {
    await open(DESKTOP);
    const log = () => page.getByRole('log');
    const person = (name: string) =>
      page.getByRole('navigation', { name: 'Who you are' }).getByRole('button', { name });
    const day = (name: string) => log().getByText(name, { exact: true });
    teams.post(CHAT, null, 'Good evening');
    slack.post('D-U0TESS', 'Good evening');
    await log().getByText('Good evening').waitFor();
    expect(await day('Yesterday').count()).toBe(0);
    slack.wind(86_400);
    await day('Yesterday').waitFor();
    await person('Ivy Ito').click();
    await log().getByText('Good evening').waitFor();
    await day('Yesterday').waitFor();
    expect(await day('Today').count()).toBe(0);
  });

  it('says what went wrong, and stays where it was', async () => {
    await open(DESKTOP);
    await toggle().click();
    await page.route('**/play/clock', (route) => route.abort());
    await by('1 hour').click();
    await page.getByText('Keyturn did not answer. Is it still running?').waitFor();
    expect(await ahead()).toBe(0);
    // The browser itself has complained of the request that never went out.
    complaints.length = 0;
  });

  it.each([false, true])('is readable (dark: %s)', async (dark) => {
    await open({ ...DESKTOP, dark });
    await toggle().click();
    await by('1 hour').click();
    await toast().waitFor();
    expect(await page.evaluate(weakTexts)).toEqual([]);
  });
});
