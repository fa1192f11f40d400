/** The phone on the page, with the played Duo behind it and Keyturn's own client pushing. */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { asked, pushFor, sent, startDuo } from '../mfa/support.js';
import { HAS_BROWSER, launch, shot } from '../support/browser.js';
import { castWithPhones } from './cast.js';
import { weakTexts } from './contrast.js';
import { StandIn } from './stand-in.js';
import { browserAt, DESKTOP, HANDHELD, type Screen, sideways, visit } from './visit.js';

const SCREENS = [DESKTOP, HANDHELD];

describe.skipIf(!HAS_BROWSER)('the phone on the page', () => {
  let browser: Browser;
  let duo: FakeDuo;
  let slack: StandIn;
  let address: string;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  const phone = () => page.getByRole('region', { name: '’s phone' });
  const press = (name: string) => phone().getByRole('button', { name, exact: true }).click();
  const grip = () => phone().getByRole('button', { name: '’s phone' });
  const number = () => phone().getByRole('textbox', { name: 'Type the number that you were shown' });
  const person = (name: string) =>
    page.getByRole('navigation', { name: 'Who you are' }).getByRole('button', { name });
  const set = (mode: string) => phone().getByRole('radio', { name: mode, exact: true }).check();
  const recent = () => phone().getByRole('list', { name: 'Recent pushes' });
  const push = async (username: string) => sent(await pushFor(duo).start(asked(username)));
  const became = (txid: string) => duo.pushes('lena').find((one) => one.txid === txid)?.state;

  async function open(screen: Screen, key = 'lena'): Promise<void> {
    context = await browserAt(browser, screen);
    page = await visit(context, address, complaints);
    await person(castWithPhones.people.find((one) => one.key === key)?.name ?? '').click();
  }

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    const users = castWithPhones.people.map(({ key }) => ({ username: key }));
    // A slow phone gets its push when the test says so.
    duo = await startDuo({ users, slowMs: 60_000 });
    slack = new StandIn(castWithPhones, duo);
    address = await slack.start();
  });
  afterEach(async () => {
    const wide = await sideways(page);
    await context.close();
    await slack.stop();
    expect(wide).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(SCREENS)('shows what is asked, and approves with the number, at $width px', async (screen) => {
    await open(screen);
    expect(await grip().textContent()).toContain('quiet');
    await shot(page, `phone-${screen.width}-quiet`);
    const { txid, code } = await push('lena');
    slack.post('D-U0LENA', `Lena, type *${code}* on your phone to approve R-8F3KQ2.`);
    await phone().getByRole('heading', { name: 'Approval' }).waitFor();
    const facts = await phone().getByRole('definition').allTextContents();
    expect(facts).toEqual(['Delta Resale', 'dc-admin', '1 hour', 'Tess Larkin', 'R-8F3KQ2']);
    expect(await phone().getByRole('term').first().textContent()).toBe('Client');
    expect(await phone().getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await page.getByText(`Lena, type ${code}`).waitFor();
    await shot(page, `phone-${screen.width}-rings`);
    await number().fill(`x${code}`);
    expect(await number().inputValue()).toBe(code);
    await press('Approve');
    await expect.poll(() => grip().textContent()).toContain('Approved');
    expect(became(txid)).toBe('allowed');
    expect(await phone().getByRole('heading').count()).toBe(0);
  });

  it.each(SCREENS)(
    'says that a number is wrong, and lets it be typed again, at $width px',
    async (screen) => {
      await open(screen);
      const { txid, code } = await push('lena');
      await number().fill(code === '999' ? '998' : '999');
      await number().press('Enter');
      await phone().getByText('That is not the code. Type the one that was shown to you.').waitFor();
      await shot(page, `phone-${screen.width}-wrong`);
      expect(became(txid)).toBe('waiting');
      await number().fill(code ?? '');
      await number().press('Enter');
      await expect.poll(() => became(txid)).toBe('allowed');
    },
  );

  it.each(SCREENS)('asks after Deny whether it was suspicious, at $width px', async (screen) => {
    await open(screen);
    const theirs = await push('lena');
    await press('Deny');
    await phone().getByRole('heading', { name: 'Was this a suspicious login?' }).waitFor();
    await shot(page, `phone-${screen.width}-denied`);
    expect(became(theirs.txid)).toBe('waiting');
    await press('Yes, I didn’t ask for this');
    await expect.poll(() => became(theirs.txid)).toBe('fraud');
    const own = await push('lena');
    await press('Deny');
    await press('Back');
    await press('Deny');
    await press('No, I changed my mind');
    await expect.poll(() => became(own.txid)).toBe('denied');
    await grip().click();
    await expect.poll(() => recent().textContent()).toMatch(/^Denied.*Reported as fraud/);
  });

  it.each(SCREENS)('can be slow or off, at $width px', async (screen) => {
    await open(screen);
    await grip().click();
    await set('Off');
    await phone().getByText('No push arrives').waitFor();
    await shot(page, `phone-${screen.width}-off`);
    const unseen = await push('lena');
    await set('Slow');
    await expect.poll(() => duo.phone('lena')?.phone).toBe('slow');
    const late = await push('lena');
    expect(await phone().getByRole('heading', { name: 'Approval' }).count()).toBe(0);
    duo.arrive(late.txid);
    await phone().getByRole('heading', { name: 'Approval' }).waitFor();
    duo.expire(late.txid);
    await expect.poll(() => grip().textContent()).toContain('slow');
    await grip().click();
    await set('On');
    await expect.poll(() => recent().textContent()).toContain('Timed out');
    await expect.poll(() => duo.phone('lena')?.phone).toBe('on');
    await shot(page, `phone-${screen.width}-recent`);
    duo.expire(unseen.txid);
    expect(became(unseen.txid)).toBe('timeout');
  });

  it.each(SCREENS)('rings on the tab of whose it is, at $width px', async (screen) => {
    await open(screen, 'tess');
    const { code } = await push('noor');
    await expect.poll(() => person('Noor Aziz').textContent()).toContain('phone rings');
    expect(await person('Lena Falk').textContent()).not.toContain('phone rings');
    expect(await page.title()).toMatch(/^Noor’s phone rings · /);
    expect(await number().count()).toBe(0);
    await shot(page, `phone-${screen.width}-elsewhere`);
    await person('Noor Aziz').click();
    await number().fill(code ?? '');
    await press('Approve');
    await expect.poll(() => page.title()).toBe('Keyturn · Local playground');
    await person('Tess Tran').click();
    expect(await person('Noor Aziz').textContent()).not.toContain('phone rings');
  });

  it('needs no number for a push that wasn’t sent with one', async () => {
    await open(HANDHELD);
    const { txid } = sent(await pushFor(duo, 'never').start(asked('lena')));
    await phone().getByRole('heading', { name: 'Approval' }).waitFor();
    expect(await number().count()).toBe(0);
    await press('Approve');
    await expect.poll(() => became(txid)).toBe('allowed');
  });

  it('asks one thing after the other, what came first at first', async () => {
    await open(DESKTOP);
    const first = await push('lena');
    const second = await push('lena');
    await phone().getByText('1 more after this one').waitFor();
    await number().fill(first.code ?? '');
    await press('Approve');
    await expect.poll(() => became(first.txid)).toBe('allowed');
    await expect.poll(() => number().inputValue()).toBe('');
    await number().fill(second.code ?? '');
    await press('Approve');
    await expect.poll(() => became(second.txid)).toBe('allowed');
  });

  it('can be laid down to read what is behind it, and comes up for the next push', async () => {
    await open(HANDHELD);
    await push('lena');
    await number().waitFor();
    await grip().click();
    expect(await number().count()).toBe(0);
    expect(await grip().textContent()).toContain('rings');
    await push('lena');
    await number().waitFor();
  });

  it('shakes, and not for who asks for less motion', async () => {
    for (const [still, motion] of [
      [false, 'buzz'],
      [true, 'none'],
    ] as const) {
      await open({ ...HANDHELD, still });
      await push('lena');
      await number().waitFor();
      const seen = await phone().evaluate((element) => getComputedStyle(element).animationName);
      expect(seen).toBe(motion);
      if (!still) await context.close();
    }
  });

  it('rings in every tab, whichever of them listens', async () => {
    await open(DESKTOP);
    const first = page;
    page = await visit(context, address, complaints);
    await person('Tess Tran').click();
    await push('sana');
    await expect.poll(() => person('Sana Idris').textContent()).toContain('phone rings');
    await first.close();
    await push('noor');
    await expect.poll(() => person('Noor Aziz').textContent()).toContain('phone rings');
  });

  it('is not there where no Duo is played', async () => {
    await slack.stop();
    slack = new StandIn(castWithPhones);
    address = await slack.start();
    await open(DESKTOP);
    await page.getByRole('log').waitFor();
    expect(await phone().count()).toBe(0);
    // The browser itself says so of each of the four that it asked for.
    const own = complaints.splice(0);
    expect(own).toHaveLength(4);
    for (const said of own) expect(said).toContain('404');
  });

  it.each([false, true])('is readable (dark: %s)', async (dark) => {
    await open({ ...DESKTOP, dark });
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await push('lena');
    await push('tess');
    await number().fill('1');
    await press('Approve');
    await phone().getByText('That is not the code').waitFor();
    await shot(page, `phone-dark-${dark}`);
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await press('Deny');
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await press('Yes, I didn’t ask for this');
    await grip().click();
    await set('Off');
    await phone().getByText('No push arrives').waitFor();
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await grip().click();
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await shot(page, `phone-dark-${dark}-off`);
  });
});
