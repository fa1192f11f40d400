import type { Browser, BrowserContextOptions } from 'playwright-core';
import qrcode from 'qrcode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnrolBeginAnswer, EnrolLookAnswer } from '../../src/web/enrol-answers.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { type Answers, button, fits, heading, openPage, pasted, TOKEN } from './stand-in.js';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const LOOK: EnrolLookAnswer = { person: 'Tess Tran', operator: 'Northwind IT', expiresInSeconds: 580 };
const WRONG = 'That code isn’t right. Type the one that your authenticator shows now.';
const URI = `otpauth://totp/Northwind%20IT:tess@northwind.example?secret=${SECRET}&issuer=Northwind%20IT`;

let browser: Browser;
let begin: EnrolBeginAnswer;

function answers(more: Answers = {}): Answers {
  return { look: LOOK, begin, try: { enrolled: true }, ...more };
}

const open = (answered: Answers, view?: BrowserContextOptions) =>
  openPage(browser, '/me/enrol', answered, view);

describe.runIf(HAS_BROWSER)('the page that sets up an authenticator', () => {
  beforeAll(async () => {
    const qrSvg = await qrcode.toString(URI, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
    begin = { qrSvg, secret: SECRET, account: 'tess@northwind.example', issuer: 'Northwind IT' };
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each<[string, BrowserContextOptions]>([
    ['phone', PHONE],
    ['desk', DESK],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
  ])('look, show, scan, type the code, done (%s)', async (name, view) => {
    const { page, publicUrl, posted } = await open(answers(), view);
    await heading(page, 'Northwind IT');
    expect(page.url()).toBe(`${publicUrl}/me/enrol`);
    expect(await page.getByText('for Tess Tran', { exact: true }).isVisible()).toBe(true);
    const says = 'Keyturn will ask for a code of it before it gives you anything';
    expect(await page.getByText(says).isVisible()).toBe(true);
    expect(posted.map(({ act }) => act)).toEqual(['look']);
    await shot(page, `${name}-enrol-1-offer`);

    await button(page, 'Show the QR code').click();
    const qr = page.getByRole('img', { name: 'QR code for your authenticator app' });
    await qr.waitFor();
    expect((await qr.boundingBox())?.width).toBeGreaterThan(200);
    expect(await qr.getAttribute('viewBox')).toMatch(/^0 0 \d+ \d+$/);
    expect(await page.getByText('JBSW Y3DP').isVisible()).toBe(false);
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-enrol-2-scan`);

    await page.getByLabel('The six digits that it shows now').fill('123456');
    await button(page, 'Confirm').click();
    await heading(page, 'Done');
    const done = 'Your authenticator counts from now on. You can close this page.';
    expect(await page.locator('.step').getByText(done).isVisible()).toBe(true);
    expect(await page.content()).not.toContain('JBSW');
    expect(await page.locator('.qr').count()).toBe(0);
    await shot(page, `${name}-enrol-3-done`);
    expect(posted.map(({ act }) => act)).toEqual(['look', 'begin', 'try']);
    expect(posted[2]).toEqual({ act: 'try', token: TOKEN, browser: posted[0]?.browser, code: '123456' });
  });

  test('who can’t scan types the key by hand, or copies it', async () => {
    const { page, context } = await open(answers());
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, 'Show the QR code').click();
    await button(page, 'Copy the key').click();
    await button(page, 'Copied').waitFor();
    expect(await pasted(page)).toBe(SECRET);
    expect(await page.locator('#by-hand').isVisible()).toBe(false);
    await button(page, 'Can’t scan it?').click();
    expect(await page.getByLabel('Key', { exact: true }).textContent()).toBe(
      'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
    );
    expect(await page.locator('#by-hand').textContent()).toContain('tess@northwind.example');
    expect(await fits(page)).toBe(true);
    await shot(page, 'phone-enrol-by-hand');
  });

  test('where nothing may be copied, the key is shown and selected', async () => {
    const { page } = await open(answers());
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('no')) },
      }),
    );
    await button(page, 'Show the QR code').click();
    await button(page, 'Copy the key').click();
    await button(page, 'Selected: copy it now').waitFor();
    expect(await page.evaluate(() => getSelection()?.toString().replaceAll(' ', ''))).toBe(SECRET);
  });

  test.each(['phone', 'desk'])(
    'a wrong code is said at the field, and the next one is right (%s)',
    async (name) => {
      const refused = { refused: 'wrong-code', says: WRONG };
      const answered = answers({ try: refused });
      const { page } = await open(answered, name === 'desk' ? DESK : PHONE);
      await button(page, 'Show the QR code').click();
      const field = page.getByLabel('The six digits that it shows now');
      await field.fill('654321');
      await page.keyboard.press('Enter');
      await page.getByText(WRONG).waitFor();
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await page.locator('.qr').isVisible()).toBe(true);
      await page.getByText(WRONG).scrollIntoViewIfNeeded();
      await shot(page, `${name}-enrol-wrong`);
      answered.try = { enrolled: true };
      await page.keyboard.type('123456');
      await page.keyboard.press('Enter');
      await heading(page, 'Done');
    },
  );

  test('a link that is over says so, before and after the key was shown', async () => {
    const over = { refused: 'link-over', says: 'This link opens nothing any more.' };
    const dead = await open(answers({ look: over }));
    await heading(dead.page, 'This link opens nothing any more');
    await shot(dead.page, 'phone-enrol-dead');
    const { page } = await open(answers({ try: over }));
    await button(page, 'Show the QR code').click();
    await page.getByLabel('The six digits that it shows now').fill('123456');
    await button(page, 'Confirm').click();
    await heading(page, 'This link was ended');
    expect(await page.content()).not.toContain('JBSW');
  });

  test('the key goes with the link’s time', async () => {
    const answered = answers({ look: { ...LOOK, expiresInSeconds: 3 } });
    const { page } = await open(answered);
    await button(page, 'Show the QR code').click();
    answered.look = { refused: 'link-over', says: 'This link opens nothing any more.' };
    await heading(page, 'The link has run out');
    expect(await page.content()).not.toContain('JBSW');
  });

  test('a page that is put away comes back without the key', async () => {
    const { page } = await open(answers());
    await button(page, 'Show the QR code').click();
    await page.locator('.qr').waitFor();
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await button(page, 'Show the QR code').waitFor();
    expect(await page.content()).not.toContain('JBSW');
  });

  test('of the picture only squares are taken over, and without one the key stands there to be typed', async () => {
    const evil = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="document.title='bad'">
      <script>document.title = 'bad'</script><style>body { display: none }</style>
      <a href="https://evil.example"><path d="M0 0h9"/></a><image href="https://evil.example/x.png"/>
      <rect width="9" height="9" fill="#fff" onclick="1" style="fill: red"/><path d="M1 1h7" stroke="#000"/></svg>`;
    const drawn = await open(answers({ begin: { ...begin, qrSvg: evil } }));
    await button(drawn.page, 'Show the QR code').click();
    const qr = drawn.page.locator('.qr');
    await qr.waitFor();
    expect(await qr.innerHTML()).toBe(
      '<rect width="9" height="9" fill="#fff"></rect><path d="M1 1h7" stroke="#000"></path>',
    );
    expect(await qr.getAttribute('onload')).toBeNull();
    expect(await drawn.page.title()).toBe('Keyturn');
    // The page's rules are a second wall, and the browser says so.
    for (const line of drawn.said.splice(0)) expect(line).toContain('Content Security Policy');
    const { page } = await open(answers({ begin: { ...begin, qrSvg: '<p>no picture</p>' } }));
    await button(page, 'Show the QR code').click();
    await page.getByLabel('Key', { exact: true }).waitFor();
    expect(await page.locator('.qr').count()).toBe(0);
  });
});
