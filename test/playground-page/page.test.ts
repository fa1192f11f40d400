import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HAS_BROWSER, launch } from '../support/browser.js';
import { HOSTILE } from './cards.js';
import { weakTexts } from './contrast.js';
import { StandIn } from './stand-in.js';
import { browserAt, DESKTOP, HANDHELD, type Screen, sideways, visit } from './visit.js';

const LINE = '/access acme/front-desk 30m The label printer needs a driver';

describe.skipIf(!HAS_BROWSER)('the page in a browser', () => {
  let browser: Browser;
  let slack: StandIn;
  let page: Page;
  let address: string;
  let complaints: string[];

  const composer = () => page.getByRole('combobox', { name: /^Message to/ });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const person = (name: string) =>
    page.getByRole('navigation', { name: 'Who you are' }).getByRole('button', { name });
  const say = async (line: string) => {
    await composer().fill(line);
    await composer().press('Enter');
  };

  async function open(screen: Screen): Promise<void> {
    page = await visit(await browserAt(browser, screen), address, complaints);
  }

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    slack = new StandIn();
    address = await slack.start();
  });
  afterEach(async () => {
    await page.context().close();
    await slack.stop();
    expect(complaints).toEqual([]);
  });

  it.each([DESKTOP, HANDHELD])(
    'leads a newcomer from asking to the audit trail at $width px',
    async (size) => {
      await open(size);
      const guide = page.getByRole('region', { name: 'What to try next' });
      await button('Type it for me').click();
      await composer().press('Enter');
      await expect.poll(() => guide.textContent()).toContain('Next, as Lena');
      expect(await person('Lena Falk').textContent()).toContain('3 unread');
      await button('Switch to Lena').click();
      await button('Approve').click();
      await button('Switch to Tess').click();
      await button('Reveal').click();
      const link = page.getByRole('link', { name: 'Open the link' });
      expect(await link.getAttribute('rel')).toBe('noreferrer noopener');
      expect(await link.getAttribute('target')).toBe('_blank');
      await button('Return early').click();
      await page
        .getByRole('dialog', { name: 'Hand it back?' })
        .getByRole('button', { name: 'Return early' })
        .click();
      await expect.poll(() => guide.textContent()).toContain('Audit trail');
      await button('Audit trail').click();
      const trail = page.getByRole('region', { name: 'Audit trail' });
      await expect.poll(() => trail.getByRole('listitem').count()).toBe(4);
      expect(await trail.textContent()).toContain('chain whole ✓');
      expect(await guide.textContent()).toContain('whole turn of the key');
      expect(await sideways(page)).toBe(0);
    },
  );

  it('asks by the form: searched client, Slack’s own complaints, the bot’s complaint', async () => {
    await open(HANDHELD);
    await button('Request access').click();
    const form = page.getByRole('dialog', { name: 'Request access' });
    await form.getByRole('combobox', { name: 'Client' }).click();
    await form.getByRole('combobox', { name: 'Client' }).fill('acm');
    await form.getByRole('option', { name: 'Acme Dental' }).click();
    await form.getByRole('combobox', { name: 'Account' }).selectOption('Front desk PC, local admin');
    await form.getByRole('radio', { name: '1h' }).check();
    await form.getByRole('button', { name: 'Ask' }).click();
    expect(await form.getByText('Please complete this required field.').count()).toBe(1);
    await form.getByRole('textbox', { name: 'Why' }).fill('abc');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('Say a little more.').waitFor();
    await form.getByRole('textbox', { name: 'Why' }).fill('The printer, again');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.waitFor({ state: 'detached' });
    const sent = slack.acts.findLast(({ kind }) => kind === 'submit');
    expect(sent?.values).toMatchObject({
      client: { client: { selected_option: { value: 'acme' } } },
      duration: { duration: { type: 'radio_buttons', selected_option: { value: '1h' } } },
      why: { why: { type: 'plain_text_input', value: 'The printer, again' } },
      ticket: { ticket: { value: null } },
    });
  });

  it('is played with the keyboard alone', async () => {
    await open(DESKTOP);
    await composer().focus();
    await page.keyboard.type('/acc');
    await page.keyboard.press('Enter');
    expect(await composer().inputValue()).toBe('/access ');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer().inputValue()).toBe('/access request');
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Request access' });
    await form.getByRole('combobox', { name: 'Client' }).focus();
    await page.keyboard.press('ArrowDown');
    await form.getByRole('option', { name: 'Beacon Law' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => form.getByRole('combobox', { name: 'Client' }).inputValue()).toBe('Beacon Law');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
  });

  it('shows what somebody typed literally, wherever it stands', async () => {
    await open(DESKTOP);
    await say(HOSTILE);
    await page.getByText(HOSTILE, { exact: true }).waitFor();
    await say(`/access acme/front-desk 30m ${HOSTILE}`);
    await person('Lena Falk').click();
    await page.getByText(HOSTILE, { exact: true }).waitFor();
    expect(await page.getByRole('article').locator('script, a').count()).toBe(0);
  });

  it('draws every block it knows and says which it does not', async () => {
    await open(DESKTOP);
    slack.showGallery();
    await person('Sana Idris').click();
    const message = page.getByRole('article').last();
    await message.getByText('Unsupported block: video').waitFor();
    expect(await message.getByText('a picture of elsewhere').count()).toBe(1);
    await message.getByRole('combobox').selectOption('1h');
    await message.getByRole('checkbox', { name: /Tell the client/ }).check();
    await expect
      .poll(() =>
        slack.acts.filter(({ kind }) => kind === 'select').map(({ selectedOption }) => selectedOption),
      )
      .toMatchObject([{ value: '1h' }, [{ value: 'Tell the client' }]]);
  });

  it('tells of what arrives elsewhere, and of what only one may see', async () => {
    await open(DESKTOP);
    await say(LINE);
    await expect.poll(() => person('Sana Idris').textContent()).toContain('2 unread');
    await page.getByRole('button', { name: /access-requests/ }).click();
    await button('Approve').click();
    await page.getByText('Only visible to you').waitFor();
    await person('Lena Falk').click();
    await page.getByRole('button', { name: /access-requests/ }).click();
    expect(await page.getByText('Only visible to you').count()).toBe(0);
  });

  it('keeps what did not go out, and says why', async () => {
    await open(DESKTOP);
    await say('/access slow');
    await page.getByText('operation_timeout').waitFor();
    expect(await composer().inputValue()).toBe('/access slow');
    await say('/other thing');
    await page.getByText('/other is no command here. Try /access help.').waitFor();
  });

  it('shouts when a chain is broken', async () => {
    slack.whole = false;
    await open(DESKTOP);
    await button('Audit trail').click();
    await page.getByText('chain whole ✗').waitFor();
  });

  it.each([false, true])('is readable (dark: %s)', async (dark) => {
    await open({ ...DESKTOP, dark });
    slack.showGallery();
    await say(LINE);
    await say('/access help');
    await button('Audit trail').click();
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await person('Sana Idris').click();
    await page.getByText('Unsupported block').waitFor();
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await person('Noor Aziz').click();
    await button('Request access').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ask' }).click();
    await page.getByText('Please complete').first().waitFor();
    expect(await page.evaluate(weakTexts)).toEqual([]);
  });
});
