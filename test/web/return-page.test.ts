import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { returnPage } from '../../src/web/return-page.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { fits, heading, openPage } from './stand-in.js';

const OK = {
  ok: true,
  title: 'Confirmed',
  says: 'Go back to the tab that you came from: it goes on by itself. You can close this one.',
  depth: 2,
};

test('everything in it is shown as it was written, and nothing of it runs', () => {
  const html = returnPage({
    ok: false,
    title: '<script>1</script>',
    says: `"><img src=x onerror='a&b'>`,
    depth: 2,
  });
  expect(html).toContain('<h1>&lt;script&gt;1&lt;/script&gt;</h1>');
  expect(html).toContain('<title>&lt;script&gt;1&lt;/script&gt; · Keyturn</title>');
  expect(html).toContain('<p>&quot;&gt;&lt;img src=x onerror=&#39;a&amp;b&#39;&gt;</p>');
  expect(html).not.toMatch(/<script|<img|style=/);
});

test.each([
  [0, '"assets/link.css"'],
  [2, '"../../assets/link.css"'],
])('its style is found from %i folders deep', (depth, found) => {
  expect(returnPage({ ...OK, depth })).toContain(`href=${found}`);
});

describe.runIf(HAS_BROWSER)('the page that Duo sends the browser back to', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ['phone', PHONE, OK],
    ['desk', DESK, OK],
    [
      'phone-no',
      PHONE,
      {
        ...OK,
        ok: false,
        title: 'Not confirmed',
        says: 'Duo said no. Go back to the tab that you came from and ask again.',
      },
    ],
  ])('stands by itself under the pages’ own rules (%s)', async (name, view, returned) => {
    const { page, publicUrl } = await openPage(
      browser,
      '/reveal',
      {
        look: { refused: 'link-over', says: 'Over.' },
      },
      view,
    );
    const { headers } = await fetch(`${publicUrl}/reveal`).then((got) => ({
      headers: Object.fromEntries(got.headers),
    }));
    await page.route('**/mfa/duo/callback?*', (route) =>
      route.fulfill({ headers, body: returnPage(returned) }),
    );
    await page.goto(`${publicUrl}/mfa/duo/callback?state=1&duo_code=2`);
    await heading(page, returned.title);
    expect(await page.getByText(returned.says).isVisible()).toBe(true);
    expect(await page.locator('.card').evaluate((card) => getComputedStyle(card).borderTopWidth)).toBe('6px');
    expect(await fits(page)).toBe(true);
    await shot(page, `${name}-returned`);
  });
});
