/** Somebody in Teams: messages, cards, forms and dialogs, drawn by the renderer that Teams' own cards are made for. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE } from '../contracts/every-card.js';
import { HAS_BROWSER, launch, shot } from '../support/browser.js';
import { castWithTeams } from './cast.js';
import { weakTexts } from './contrast.js';
import { StandIn } from './stand-in.js';
import { EVERYTHING, productCard, requestCard, searchForm, sentence, tooNew } from './teams-cards.js';
import { CHANNEL, CHAT, TeamsStandIn } from './teams-stand-in.js';
import { browserAt, DESKTOP, HANDHELD, type Screen, sideways, visit } from './visit.js';

const SCREENS = [DESKTOP, { ...DESKTOP, dark: true }, HANDHELD, { ...HANDHELD, dark: true }];
const named = ({ width, dark }: Screen) => `teams-${width}-${dark ? 'dark' : 'light'}`;

describe.skipIf(!HAS_BROWSER)('Teams on the page', () => {
  let browser: Browser;
  let teams: TeamsStandIn;
  let slack: StandIn;
  let page: Page;
  let address: string;
  let complaints: string[];

  const composer = () => page.getByRole('combobox', { name: /^Message to/ });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const person = (name: string) =>
    page.getByRole('navigation', { name: 'Who you are' }).getByRole('button', { name });
  const room = (name: string) =>
    page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name });
  const card = () => page.getByRole('group', { name: 'Card from Keyturn' }).last();
  const client = () => card().getByRole('combobox', { name: 'Client' });
  const reason = () => card().getByRole('textbox', { name: 'Why' });
  const executed = () => teams.acts.filter(({ kind }) => kind === 'execute');
  const say = async (line: string) => {
    await composer().fill(line);
    await composer().press('Enter');
  };

  async function open(screen: Screen, key = 'Ivy Ito'): Promise<void> {
    page = await visit(await browserAt(browser, screen), address, complaints);
    await person(key).click();
  }

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    teams = new TeamsStandIn();
    teams.post(CHAT, sentence('Hello. Type help to see what I do.'));
    slack = new StandIn(castWithTeams, teams);
    address = await slack.start();
  });
  afterEach(async () => {
    const wide = await sideways(page);
    await page.context().close();
    await slack.stop();
    expect(wide).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('stands beside Slack as another chat, with what waits there marked', async () => {
    await open(DESKTOP, 'Tess Tran');
    const groups = page.getByRole('navigation', { name: 'Who you are' }).getByRole('group');
    expect(await groups.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual([
      'Northwind IT Slack',
      'Delta Resale Slack',
      'Beacon Law Teams',
    ]);
    expect(await page.getByText('Microsoft Teams').count()).toBe(0);
    expect(await person('Ivy Ito').textContent()).toContain('1 unread');
    teams.post(CHANNEL, null, 'The printer is on fire.', { id: 'aad-ida', name: 'Ida Iwu', isBot: false });
    await expect.poll(() => person('Ivy Ito').textContent()).toContain('2 unread');
    await person('Ivy Ito').click();
    await page.getByText('Microsoft Teams').waitFor();
    await page.getByText('Hello. Type help').waitFor();
    expect(await room('IT desk').textContent()).toContain('1 unread');
    await room('IT desk').click();
    await page.getByText('The printer is on fire.').waitFor();
    await page.reload();
    await page.getByText('The printer is on fire.').waitFor();
    await expect.poll(() => room('Keyturn').textContent()).not.toContain('unread');
  });

  it('presses a button for what stands on it, and shows the answer below', async () => {
    await open(DESKTOP);
    await say('pending');
    await card().getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved.', { exact: true }).waitFor();
    await page.getByText('Edited').waitFor();
    expect(await card().getByRole('button').count()).toBe(0);
    expect(executed()).toMatchObject([
      { conversation: CHAT, verb: 'approve', data: { id: 'R-8F3KQ2' }, inputs: {}, user: 'aad-ivy' },
    ]);
  });

  it.each([DESKTOP, HANDHELD])('asks by the form in the card, at $width px', async (screen) => {
    await open(screen);
    await say('request');
    await card().getByRole('button', { name: 'Ask' }).click();
    expect(await card().getByText('Fill this in.').count()).toBe(2);
    expect(executed()).toEqual([]);
    await shot(page, `${named(screen)}-wrong`);
    await client().fill('client 1');
    await card().getByRole('option', { name: 'Client 12' }).waitFor();
    await shot(page, `${named(screen)}-search`);
    await card().getByRole('option', { name: 'Client 12' }).click();
    expect(await client().inputValue()).toBe('Client 12');
    await reason().fill('The books don’t open');
    await card().getByRole('combobox', { name: 'How long' }).selectOption('1h');
    expect(await card().getByText('Fill this in.').count()).toBe(0);
    await card().getByRole('button', { name: 'Ask' }).click();
    await expect.poll(executed).toMatchObject([{ verb: 'submit:ask', data: { id: 'R-8F3KQ2' } }]);
    expect(executed()[0]?.inputs).toEqual({
      client: 'client-12',
      duration: '1h',
      reason: 'The books don’t open',
    });
  });

  it('searches with what stands in the other inputs, shows fifteen, and is chosen from by keyboard', async () => {
    await open(DESKTOP);
    await say('request');
    await reason().fill('printer');
    await client().focus();
    await page.keyboard.press('ArrowDown');
    await card().getByRole('option', { name: 'Client 15' }).waitFor();
    expect(await card().getByRole('listbox').getByRole('option').count()).toBe(15);
    expect(teams.acts.findLast(({ kind }) => kind === 'search')).toMatchObject({
      dataset: 'client',
      query: '',
      inputs: { reason: 'printer', duration: '30m' },
    });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => client().inputValue()).toBe('Client 2');
    teams.answer = { ok: false, error: 'The bot did not answer.' };
    await client().fill('x');
    await card().getByText('The bot did not answer.').waitFor();
  });

  it('sends no inputs with a button that wants none, and does not check them', async () => {
    await open(DESKTOP);
    await say('request');
    await card().getByRole('button', { name: 'Cancel request' }).click();
    await expect.poll(executed).toMatchObject([{ verb: 'cancel request', inputs: {} }]);
  });

  it('keeps further actions behind three dots, links among them', async () => {
    await open(DESKTOP);
    await say('request');
    const dots = card().getByRole('button', { name: 'More options' });
    await dots.click();
    const menu = page.getByRole('menu', { name: 'More actions' });
    const link = menu.getByRole('menuitem', { name: 'Guide' });
    expect(await link.getAttribute('href')).toBe('https://keys.example/guide');
    expect(await link.getAttribute('rel')).toBe('noreferrer noopener');
    await shot(page, 'teams-1280-menu');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await dots.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await menu.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(executed).toMatchObject([{ verb: 'extend', inputs: {} }]);
  });

  it('opens a way as a real link in a tab of its own', async () => {
    teams.post(CHAT, productCard('a way'));
    await open(DESKTOP);
    const link = card().getByRole('link');
    expect(await link.getAttribute('href')).toBe('https://keys.example/reveal#token');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toBe('noreferrer noopener');
  });

  it('keeps what is typed in a card while its message changes around it, until the card itself does', async () => {
    const id = teams.post(CHAT, searchForm);
    await open(DESKTOP);
    await reason().fill('half a sent');
    teams.update(CHAT, id, { edited: true, note: { kind: 'error', text: 'Something went wrong.' } });
    await page.getByText('Something went wrong.').waitFor();
    expect(await reason().inputValue()).toBe('half a sent');
    expect(await reason().evaluate((one) => one === document.activeElement)).toBe(true);
    teams.update(CHAT, id, { card: requestCard('Asked.', false) });
    await page.getByText('Asked.').waitFor();
    expect(await reason().count()).toBe(0);
  });

  it('shows complaints of the played client below their inputs, until they are mended', async () => {
    await open(DESKTOP);
    await say('request');
    await client().click();
    await card().getByRole('option', { name: 'Client 3', exact: true }).click();
    await reason().fill('x');
    teams.answer = { ok: false, errors: { reason: 'Too long.' } };
    await card().getByRole('button', { name: 'Ask' }).click();
    await card().getByRole('alert').getByText('Too long.').waitFor();
    await reason().fill('y');
    expect(await card().getByText('Too long.').count()).toBe(0);
  });

  it('says once what went wrong: below the card, or in passing where nothing stands there', async () => {
    const id = teams.post(CHAT, requestCard('Waits.', true));
    await open(DESKTOP);
    teams.answer = { ok: false, error: 'Something went wrong. Please try again.' };
    await card().getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('status').getByText('Something went wrong.').waitFor();
    await button('Dismiss').click();
    teams.update(CHAT, id, { note: { kind: 'error', text: 'Unable to reach app.' } });
    teams.answer = { ok: false, error: 'Unable to reach app.' };
    await card().getByRole('button', { name: 'Deny' }).click();
    await expect.poll(() => executed().length).toBe(2);
    await expect.poll(() => card().locator('[aria-busy]').count()).toBe(0);
    expect(await page.getByText('Unable to reach app.').count()).toBe(1);
  });

  it.each(SCREENS)('shows a dialog with a card, at $width px (dark: $dark)', async (screen) => {
    teams.dialog = { title: 'Deny R-8F3KQ2', card: productCard('deny'), error: 'Say why.' };
    await open(screen);
    const dialog = page.getByRole('dialog', { name: 'Deny R-8F3KQ2' });
    await dialog.getByRole('alert').getByText('Say why.').waitFor();
    await shot(page, `${named(screen)}-dialog`);
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await dialog.getByRole('textbox').first().fill('Not needed any more');
    await dialog.locator('.ac-actionSet').getByRole('button').last().click();
    await expect.poll(executed).toMatchObject([{ dialog: true }]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows a dialog of words alone', async () => {
    teams.dialog = { title: 'Done', message: 'That is **settled**.' };
    await open(HANDHELD);
    await page.getByText('That is **settled**.').waitFor();
    await button('Close').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('offers the words that the bot knows, without a command before them', async () => {
    await open(DESKTOP);
    await button('View prompts').click();
    const prompts = page.getByRole('listbox', { name: 'What you can type' });
    await shot(page, 'teams-1280-prompts');
    expect(await prompts.textContent()).not.toContain('/access');
    await page.keyboard.press('Tab');
    await composer().fill('pe');
    await expect.poll(() => prompts.getByRole('option').count()).toBe(1);
    await composer().press('ArrowDown');
    await composer().press('Enter');
    expect(await composer().inputValue()).toBe('pending');
    await composer().press('Enter');
    await card().getByText('Waits for you.').waitFor();
    expect(teams.acts).toMatchObject([{ kind: 'message', conversation: CHAT, text: 'pending' }]);
    await room('IT desk').click();
    await composer().fill('@Key');
    await prompts.getByRole('option', { name: '@Keyturn mine' }).click();
    expect(await composer().inputValue()).toBe('@Keyturn mine');
  });

  it('keeps what did not go out, and says why; a toast is shown once', async () => {
    await open(DESKTOP);
    teams.answer = { ok: false, error: 'The message was not sent.' };
    await say('hello');
    await page.getByText('The message was not sent.').waitFor();
    expect(await composer().inputValue()).toBe('hello');
    teams.toast('You were added to IT desk.');
    await page.getByText('You were added to IT desk.').waitFor();
    teams.changed();
    await expect.poll(() => page.getByText('You were added to IT desk.').count()).toBe(1);
  });

  it('shows literally what somebody typed, and shortens and unfolds it', async () => {
    teams.post(CHAT, productCard('one lead'));
    await open(DESKTOP);
    await say(HOSTILE);
    await page.locator('.t-words').getByText('**b** _i_').waitFor();
    await card().getByRole('button', { name: 'more', exact: true }).click();
    const text = await card().textContent();
    for (const line of HOSTILE.split('\n')) expect(text).toContain(line);
    expect(await page.getByRole('article').locator('script, a, b, at').count()).toBe(0);
  });

  it('shows the fallback of a card that it can’t draw', async () => {
    teams.post(CHAT, tooNew);
    await open(DESKTOP);
    await card().getByText('Type: show R-8F3KQ2').waitFor();
  });

  it('shows what is new, above which it was left', async () => {
    await open(DESKTOP);
    await person('Tess Tran').click();
    teams.post(CHAT, requestCard('Waits for you.', true));
    await expect.poll(() => person('Ivy Ito').textContent()).toContain('1 unread');
    await person('Ivy Ito').click();
    await page.getByText('New', { exact: true }).waitFor();
  });

  it.each(SCREENS)(
    'draws every card and form of the product, readably, at $width px (dark: $dark)',
    async (screen) => {
      for (const [name, one] of EVERYTHING) {
        teams.post(CHAT, null, name, { id: 'aad-ivy', name: 'Ivy Ito', isBot: false });
        teams.post(CHAT, one);
      }
      await open(screen);
      await expect
        .poll(() => page.getByRole('group', { name: 'Card from Keyturn' }).count())
        .toBe(EVERYTHING.length + 1);
      expect(await page.locator('.t-fallback').count()).toBe(0);
      expect(await page.evaluate(weakTexts)).toEqual([]);
      expect(await page.evaluate(outgrown)).toEqual([]);
      await shot(page, named(screen));
    },
  );
});

/** What sticks out of its card. Runs in the browser. */
function outgrown(): string[] {
  return [...document.querySelectorAll('.t-card')].flatMap((card) => {
    const { right } = card.getBoundingClientRect();
    return [...card.querySelectorAll('*')]
      .filter((one) => one.getBoundingClientRect().right > right + 1)
      .map((one) => `${one.className}: ${one.textContent?.slice(0, 40)}`);
  });
}
