import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReportAnswer } from '../../src/web/link-answers.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { button, fits, heading, openPage } from './stand-in.js';

let browser: Browser;

const LOOK = {
  ...{ client: 'Acme Dental', colour: 'green', account: 'Client: Acme Dental', person: 'Lena Falk' },
  ...{ purpose: 'report', state: 'open', expiresInSeconds: 600, grantEndsInSeconds: null },
};
const HEAD = ['When', 'Who', 'What', 'Why', 'Decided', 'Access', 'Shown', 'Taken back'];
const HOSTILE =
  '<img src=x onerror=alert(1)> “the printer” \u202eexe.gnp https://evil.example/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';

function story(n: number): string[][] {
  return [
    [`2026-11-${String(23 - (n % 20)).padStart(2, '0')} 14:03`, `R-8F3KQ${n}`],
    ['Tess Tran'],
    [...(n % 4 === 0 ? ['Break-glass'] : []), 'Front desk PC', 'acme/front-desk', '30 minutes'],
    [n === 1 ? HOSTILE : 'the scanner has lost its driver again', '#T-204'],
    ['Approved by Lena Falk', '2026-11-23 14:05', 'Duo push, C-7Q2M4K9ZT1XA', 'Policy one-lead, version 3'],
    n % 3 === 0 ? [] : ['2026-11-23 14:05 to 14:35', 'Time was up'],
    n % 3 === 0 ? [] : ['Version 1, 2026-11-23 14:06'],
    n % 3 === 0 ? [] : ['Changed by Lena Falk', 'Read back: entered by hand', '2026-11-23 15:10'],
  ];
}

const report = (more: Partial<ReportAnswer> = {}): ReportAnswer => ({
  ...{ title: 'Client: Acme Dental', client: { name: 'Acme Dental', colour: 'green' } },
  ...{ from: '2026-10-25', to: '2026-11-23', hasDays: true, expiresInSeconds: 1800 },
  counts: [
    '1234 requests: 1190 granted, 31 denied, 13 break-glass.',
    'Now: 1 review owed, 2 passwords still to be changed.',
  ],
  sections: [
    {
      ...{ id: 'months', title: 'By month and account', says: '2 in all.' },
      head: ['Month', 'Account', 'Requests', 'Granted', 'Denied', 'Break-glass'],
      rows: [
        [['2026-11'], ['front-desk'], ['800'], ['780'], ['15'], ['5']],
        [['2026-10'], ['front-desk'], ['434'], ['410'], ['16'], ['8']],
      ],
    },
    {
      ...{ id: 'requests', title: 'Requests', says: 'The newest 12 of 1234. The CSV has all.', head: HEAD },
      rows: Array.from({ length: 12 }, (_, n) => story(n)),
    },
    { id: 'decisions', title: 'What they decided', says: 'None.', head: [], rows: [] },
  ],
  ...more,
});

const confirmed = {
  ...{ state: 'confirmed', expiresInSeconds: 1800, confirm: { by: 'chat', number: '47' }, another: false },
};
const answers = (more: object = {}) => ({
  look: LOOK,
  ask: { confirm: { by: 'chat', number: '47' }, another: false },
  status: confirmed,
  report: report(),
  ...more,
});

describe.runIf(HAS_BROWSER)('the page of a report', () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ])('is asked for, confirmed in chat, and read without one press more (%s)', async (name, options) => {
    const waits = { ...confirmed, state: 'waiting' };
    const said: Record<string, object> = answers({ status: waits });
    const { page, posted } = await openPage(browser, '/me/reports', said, options);
    await heading(page, 'Open the report');
    await shot(page, `report-${name}-1-offer`);
    await button(page, 'Open it in this browser').click();
    await heading(page, 'Confirm in your chat');
    expect(await page.locator('.says').textContent()).toBe('“Open it in this browser, 47”');
    said.status = confirmed;
    await heading(page, 'The report');
    expect(await page.locator('.counts').innerText()).toContain('1234 requests: 1190 granted');
    expect(await page.getByText('The newest 12 of 1234.').isVisible()).toBe(true);
    expect(await page.locator('.of-requests tbody tr').count()).toBe(12);
    expect(await page.locator('td img').count()).toBe(0);
    expect(await fits(page)).toBe(true);
    expect(await page.locator('#lives').textContent()).toContain('This report stands open 29:5');
    expect(posted.filter(({ act }) => act === 'report')).toMatchObject([{ from: null, to: null }]);
    await shot(page, `report-${name}-2-read`);
    await page.locator('.of-requests').scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 500));
    await shot(page, `report-${name}-3-rows`);
  });

  test('other days are read in place, and what is wrong with them is said', async () => {
    const said: Record<string, object> = answers();
    const { page, posted } = await openPage(browser, '/me/reports', said, DESK);
    await button(page, 'Open it in this browser').click();
    await heading(page, 'The report');
    expect(await page.getByLabel('From').inputValue()).toBe('2026-10-25');
    await page.getByLabel('From').fill('2026-12-01');
    said.report = { refused: 'bad-span', says: '2026-12-01 is after 2026-11-23.' };
    await button(page, 'Show days').click();
    await page.getByText('2026-12-01 is after 2026-11-23.').waitFor();
    expect(await page.getByLabel('From').inputValue()).toBe('2026-12-01');
    said.report = report({ from: '2026-11-01', counts: ['3 requests: 3 granted, 0 denied, 0 break-glass.'] });
    await page.getByLabel('From').fill('2026-11-01');
    await button(page, 'Show days').click();
    await page.locator('.counts').getByText('3 requests: 3 granted').waitFor();
    expect(await page.getByText('2026-12-01 is after').count()).toBe(0);
    expect(posted.filter(({ act }) => act === 'report').at(-1)).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-23',
    });
  });

  test('its time is up: nothing of it stays in the document', async () => {
    const said: Record<string, object> = answers({ report: report({ expiresInSeconds: 3 }) });
    const { page } = await openPage(browser, '/me/reports', said);
    await button(page, 'Open it in this browser').click();
    await heading(page, 'The time for reading is up');
    expect(await page.content()).not.toContain('1234 requests');
    expect(await page.content()).not.toContain('Tess Tran');
  });

  test('whoever may read no more is told why, and the page forgets what it showed', async () => {
    const said: Record<string, object> = answers();
    const { page } = await openPage(browser, '/me/reports', said);
    await button(page, 'Open it in this browser').click();
    await heading(page, 'The report');
    said.report = { refused: 'paused', says: 'You are paused.' };
    await button(page, 'Show days').click();
    await heading(page, 'You are paused');
    expect(await page.content()).not.toContain('1234 requests');
  });

  test('a lost answer leaves a button to read it once more', async () => {
    let lost = true;
    const said = answers({
      report: () => (lost ? { refused: 'fault', says: 'Something went wrong here.' } : report()),
    });
    const { page } = await openPage(browser, '/me/reports', said);
    await button(page, 'Open it in this browser').click();
    await page.getByText('Something went wrong here.').waitFor();
    lost = false;
    await button(page, 'Read it').click();
    await heading(page, 'The report');
  });
});
