import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Confirm, LookAnswer, StatusAnswer } from '../../src/web/link-answers.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { type Answers, button, fits, heading, openPage } from './stand-in.js';

const LOOK: LookAnswer = {
  client: 'Acme Dental',
  colour: 'green',
  account: 'Front desk PC, local admin',
  person: 'Tess Tran',
  purpose: 'reveal',
  state: 'open',
  expiresInSeconds: 580,
  grantEndsInSeconds: 3_500,
};
const WRONG = 'That code isn’t right. Type the one that your authenticator shows now.';
const DENIED = 'It was denied on your phone, so nothing is shown.';

let browser: Browser;

/** The link's page after its first button, asking as told. */
async function asked(confirm: Confirm, more: Answers & { another?: boolean | object } = {}, view = PHONE) {
  const { another = false, ...others } = more;
  const answers: Answers = { look: LOOK, ask: { confirm, another }, ...others };
  answers.status = waiting(confirm, another === true);
  const opened = await openPage(browser, '/reveal', answers, view, others.clock ? installed : undefined);
  await button(opened.page, 'Show it in this browser').click();
  return { ...opened, answers };
}

/** These words on the screen, not those said aloud. */
const step = (page: Page, words: string) => page.locator('.step').getByText(words);

const installed = (page: Page) => page.clock.install();

function waiting(confirm: Confirm, another = false): StatusAnswer {
  return { state: 'waiting', expiresInSeconds: 570, confirm, another };
}

const CONFIRMED: StatusAnswer = { ...waiting({ by: 'asking' }), state: 'confirmed' };

describe.runIf(HAS_BROWSER)('the page behind a link, where a second factor is due', () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const views: [string, BrowserContextOptions][] = [
    ['phone', PHONE],
    ['desk', DESK],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
  ];

  test.each(views)(
    'while the phone is being asked it says so, then shows what comes (%s)',
    async (name, view) => {
      const { page, answers } = await asked({ by: 'asking' }, {}, view);
      await heading(page, 'One moment');
      await shot(page, `${name}-mfa-asking`);
      answers.status = waiting({ by: 'push', number: '47', code: null });
      await heading(page, 'Confirm on your phone');
      const says = 'Your phone asks. Approve there only if it shows the number 47.';
      expect(await page.getByText(says, { exact: true }).isVisible()).toBe(true);
      expect(await page.locator('.number').textContent()).toBe('47');
      expect(await page.locator('#heard').textContent()).toContain(says);
      expect(await fits(page)).toBe(true);
      await shot(page, `${name}-mfa-push`);
      answers.status = CONFIRMED;
      await heading(page, 'Confirmed');
      expect(await button(page, 'Show the password').isVisible()).toBe(true);
    },
  );

  test.each(views)('the code of a verified push stands there large (%s)', async (name, view) => {
    const { page, answers } = await asked({ by: 'push', number: '47', code: '479' }, {}, view);
    await page.getByText('Type 479 into Duo Mobile on your phone.', { exact: true }).waitFor();
    const number = page.locator('.number');
    expect(await number.textContent()).toBe('479');
    expect(
      await number.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ).toBeGreaterThan(100);
    expect(await page.getByText('47', { exact: true }).count()).toBe(0);
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-mfa-verified`);
    answers.status = waiting({ by: 'push', number: '47', code: '479812' });
    await step(page, 'Type 479812 into Duo Mobile').waitFor();
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-mfa-verified-long`);
  });

  test.each(views)(
    'Duo’s page is behind a real link, and this page goes on by itself (%s)',
    async (name, view) => {
      const url = 'https://duo.example/frame?state=1';
      const prompt = { url };
      const { page, context, answers, posted } = await asked({ by: 'prompt' }, { prompt }, view);
      await context.route('https://duo.example/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>Duo</title>' }),
      );
      const link = page.getByRole('link', { name: 'Confirm with Duo', exact: true });
      await link.waitFor();
      expect(await link.evaluate((a) => [a.tagName, a.getAttribute('href')])).toEqual(['A', url]);
      expect(await link.evaluate((a) => [a.getAttribute('target'), a.getAttribute('rel')])).toEqual([
        '_blank',
        'noopener',
      ]);
      expect(await fits(page)).toBe(true);
      await shot(page, `${name}-mfa-prompt`);
      const opening = context.waitForEvent('page');
      await link.click();
      const duo = await opening;
      await duo.waitForLoadState();
      expect(await duo.evaluate(() => [document.title, opener, document.referrer])).toEqual([
        'Duo',
        null,
        '',
      ]);
      answers.status = CONFIRMED;
      await heading(page, 'Confirmed');
      expect(posted.filter(({ act }) => act === 'prompt')).toHaveLength(1);
    },
  );

  test('the address at Duo is fetched anew before it is too old, and never stands there too old', async () => {
    let fetched = 0;
    const prompt = () => ({ url: `https://duo.example/${++fetched}` });
    const { page, answers } = await asked({ by: 'prompt' }, { prompt, clock: {} });
    const link = page.getByRole('link', { name: 'Confirm with Duo', exact: true });
    const leads = (url: string) => page.locator(`a[href="${url}"]`).waitFor();
    await leads('https://duo.example/1');
    await page.clock.fastForward(200_000);
    expect(fetched).toBe(1);
    await page.clock.fastForward(41_000);
    await leads('https://duo.example/2');
    let answer: ((url: object) => void) | undefined;
    answers.prompt = () => new Promise<object>((resolve) => (answer = resolve));
    await page.clock.fastForward(295_000);
    await page.getByText('Getting Duo’s page ready …').waitFor();
    expect(await link.count()).toBe(0);
    await shot(page, 'phone-mfa-prompt-soon');
    await expect.poll(() => answer).toBeDefined();
    answer?.({ url: 'https://duo.example/3' });
    await leads('https://duo.example/3');
  });

  test('an address that is none of the web is not followed', async () => {
    const { page } = await asked({ by: 'prompt' }, { prompt: { url: 'javascript:alert(1)' } });
    await page.getByText('Waiting for Duo …').waitFor();
    expect(await page.locator('a[href]').count()).toBe(0);
  });

  test.each(views)('a wrong code is said at the field, which keeps the focus (%s)', async (name, view) => {
    const code = (body: { code?: string }) =>
      body.code === '123456' ? { state: 'confirmed' } : { refused: 'wrong-code', says: WRONG };
    const { page, posted } = await asked({ by: 'code', digits: 6 }, { code }, view);
    const field = page.getByLabel('The six digits that your authenticator app shows for Keyturn');
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    await shot(page, `${name}-mfa-code`);

    await page.keyboard.type('12345');
    await page.keyboard.press('Enter');
    await page.getByText('It has six digits').waitFor();
    expect(posted.filter(({ act }) => act === 'code')).toEqual([]);

    for (const typed of ['654 321', '654322']) {
      await page.keyboard.type(typed);
      await button(page, 'Confirm').click();
      await page.getByText(WRONG).waitFor();
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
    }
    const [under, below] = [await field.boundingBox(), await page.getByText(WRONG).boundingBox()];
    expect((below?.y ?? 0) - (under?.y ?? 0) - (under?.height ?? 0)).toBeLessThan(20);
    await shot(page, `${name}-mfa-code-wrong`);
    // Through the next looks at the state the sentence stays, and so do the digits of who is typing.
    await page.keyboard.type('1234');
    await page.waitForResponse((response) => response.request().postData()?.includes('status') ?? false);
    await page.waitForResponse((response) => response.request().postData()?.includes('status') ?? false);
    expect(await page.getByText(WRONG).isVisible()).toBe(true);
    expect(await field.inputValue()).toBe('1234');
    await page.keyboard.type('56');
    await page.keyboard.press('Enter');
    await heading(page, 'Confirmed');
    const codes = posted.flatMap(({ code }) => (code === undefined ? [] : [code]));
    expect(codes).toEqual(['654321', '654322', '123456']);
    expect(await page.content()).not.toContain('123456');
  });

  test.each(views)(
    'what came to nothing can be asked again where that makes sense (%s)',
    async (name, view) => {
      const { page, answers, posted } = await asked({ by: 'push', number: '47', code: null }, {}, view);
      await heading(page, 'Confirm on your phone');
      answers.status = waiting({ by: 'over', says: DENIED, again: true }, true);
      await heading(page, 'Not confirmed');
      expect(await page.getByText(DENIED, { exact: true }).isVisible()).toBe(true);
      await shot(page, `${name}-mfa-over`);
      answers.ask = { confirm: { by: 'push', number: '82', code: null }, another: false };
      await button(page, 'Ask again').click();
      // Not sooner: the page keeps looking, and the button would be gone before it is pressed.
      answers.status = waiting({ by: 'push', number: '82', code: null });
      await step(page, 'only if it shows the number 82.').waitFor();
      expect(new Set(posted.map((post) => post.browser)).size).toBe(1);
      answers.status = waiting({
        by: 'over',
        says: 'Three pushes came to nothing. Wait ten minutes.',
        again: false,
      });
      await heading(page, 'Not confirmed');
      expect(await button(page, 'Ask again').count()).toBe(0);
      expect(await button(page, 'Another way').count()).toBe(0);
      await shot(page, `${name}-mfa-over-for-good`);
    },
  );

  test('another way is offered where there is one', async () => {
    const push: Confirm = { by: 'push', number: '47', code: null };
    const { page, answers } = await asked(push, { another: true as never });
    await button(page, 'Another way').waitFor();
    await shot(page, 'phone-mfa-another');
    answers.another = { confirm: { by: 'code', digits: 6 }, another: true };
    answers.status = waiting({ by: 'code', digits: 6 }, true);
    await button(page, 'Another way').click();
    await heading(page, 'Type your code');
    await shot(page, 'phone-mfa-code-another');
    answers.status = waiting({ by: 'code', digits: 6 }, false);
    await button(page, 'Another way').waitFor({ state: 'hidden' });
  });

  test('a “no” to asking again or to another way is said, and the page stays where it is', async () => {
    const over: Confirm = { by: 'over', says: 'Nobody answered on your phone.', again: true };
    const { page, answers } = await asked(over, {});
    answers.ask = { refused: 'too-soon', says: 'One push in 30 seconds. Wait a little.' };
    await button(page, 'Ask again').click();
    await page.locator('#trouble').getByText('Wait a little.').waitFor();
    await page.waitForResponse((response) => response.request().postData()?.includes('status') ?? false);
    expect(await page.getByText('Wait a little.').isVisible()).toBe(true);
    expect(await button(page, 'Ask again').isVisible()).toBe(true);
  });

  test('an answer from before “Ask again” doesn’t bring back what came to nothing', async () => {
    const over: Confirm = { by: 'over', says: DENIED, again: true };
    const { page, answers } = await asked(over);
    await heading(page, 'Not confirmed');
    let release: (() => void) | undefined;
    answers.status = () => new Promise<object>((resolve) => (release = () => resolve(waiting(over))));
    await expect.poll(() => release).toBeDefined();
    answers.ask = { confirm: { by: 'push', number: '82', code: null }, another: false };
    await button(page, 'Ask again').click();
    await heading(page, 'Confirm on your phone');
    const stale = page.waitForResponse(
      (response) => response.request().postData()?.includes('status') ?? false,
    );
    answers.status = waiting({ by: 'push', number: '82', code: null });
    release?.();
    await stale;
    expect(await step(page, 'shows the number 82.').isVisible()).toBe(true);
  });
});
