import type { Browser as Chromium, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { beginSession, openSessions, recordSession } from '../support/recorded.js';
import { openWorld, type World } from '../support/world.js';
import { button, fits, heading, openPage } from './stand-in.js';

const ESC = '\u001b';
const SHOWN = [
  `${ESC}]0;admin@web${'\u0007'}${ESC}[01;32madmin@web${ESC}[00m:${ESC}[01;34m~${ESC}[00m$ `,
  'systemctl status nginx\r\n',
  `${ESC}[0;1;32m●${ESC}[0m nginx.service - A high performance web server\r\n`,
  '     Active: active (running)\r\n<img src=x onerror=alert(1)>\r\n',
  `${ESC}[01;32madmin@web${ESC}[00m:~$ `,
].join('');

/** The whole text of the terminal, as it is drawn. */
const screenOf = async (page: Page) => (await page.locator('.ap-term').innerText()).replace(/\s+/g, ' ');

describe.runIf(HAS_BROWSER)('recorded sessions in a real browser', () => {
  let world: World;
  let chromium: Chromium;
  beforeAll(async () => {
    world = await openWorld('embedded');
    await recordSession(world, 'Maya', 'cedar/dispensary', '$ ls /patients\r\nadams  baker\r\n');
    await recordSession(world, 'Tess', 'acme/router', SHOWN);
    chromium = await launch();
  }, 120_000);
  afterAll(async () => {
    await chromium?.close();
    await world.close();
  });

  /** Lena, let in; whatever the browser complains of is collected. */
  async function open(options: Parameters<Chromium['newContext']>[0]) {
    const lena = world.person('Lena');
    const { address } = await openSessions(lena);
    const context = await chromium.newContext(options);
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(address).origin) elsewhere.push(request.url());
    });
    await page.goto(address);
    expect(page.url()).not.toContain('#');
    await page.getByRole('button', { name: 'Open it in this browser' }).click();
    const number = await page.locator('.number').textContent();
    await lena.presses(`Open it in this browser, ${number}`);
    await heading(page, 'Recorded sessions');
    return { page, said, elsewhere, context };
  }

  test.each([
    ['phone', PHONE],
    ['desk', DESK],
  ])('Lena finds one, watches it, and reads that it matches the audit trail (%s)', async (name, options) => {
    const { page, said, elsewhere, context } = await open(options);
    await page.getByText('2 sessions on these days.', { exact: true }).waitFor();
    expect(await fits(page)).toBe(true);
    await shot(page, `sessions-${name}-1-list`);
    await page.locator('tr', { hasText: 'Tess Tran' }).getByRole('button').click();
    await page.getByText('This recording matches the audit trail.').waitFor();
    await expect.poll(() => screenOf(page), { timeout: 10_000 }).toContain('nginx.service');
    expect(await screenOf(page)).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('.ap-term img').count()).toBe(0);
    expect(await fits(page)).toBe(true);
    await shot(page, `sessions-${name}-2-played`);
    await button(page, '5×').click();
    expect(await button(page, '5×').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => screenOf(page), { timeout: 10_000 }).toContain('nginx.service');
    await button(page, '← All sessions').click();
    expect(await page.content()).not.toContain('nginx.service');
    await page.getByLabel('Words on the screen').fill('ACTIVE (running)');
    await button(page, 'Search').click();
    await page.getByText('Found 1 time in 2 sessions.').waitFor();
    expect(await page.locator('mark').textContent()).toBe('active (running)');
    expect(await fits(page)).toBe(true);
    await shot(page, `sessions-${name}-3-found`);
    await button(page, 'Play from here').click();
    await page.getByText('This recording matches the audit trail.').waitFor();
    expect(said).toEqual([]);
    expect(elsewhere).toEqual([]);
    await context.close();
  });

  test('Lena watches one live, a moment behind, until it is over', async () => {
    const live = await beginSession(world, 'Tess', 'acme/router');
    live.shows('$ ');
    const { page, said, context } = await open(DESK);
    await page.getByRole('button', { name: `Watch live ${live.session}` }).click();
    await page.getByText('This goes on now.').waitFor();
    live.shows(`uptime\r\n 14:03 up ${ESC}[1m12${ESC}[0m days\r\n`);
    await expect.poll(() => screenOf(page), { timeout: 5_000 }).toContain('up 12 days');
    expect(await button(page, 'End session').isVisible()).toBe(true);
    await shot(page, 'sessions-desk-4-live');
    await live.ends();
    await page.getByText('This recording matches the audit trail.').waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  test('one that was altered is called so, plainly', async () => {
    const forged = await recordSession(world, 'Maya', 'acme/router', '$ rm evidence\r\n');
    await world.rows('alter table keyturn.recording_ends disable trigger append_only');
    await world.rows(`update keyturn.recording_ends set hash = repeat('a', 64) where session = $1`, [
      forged.session,
    ]);
    await world.rows('alter table keyturn.recording_ends enable always trigger append_only');
    const { page, context } = await open(PHONE);
    await page.getByRole('button', { name: `Open ${forged.session}` }).click();
    await page.getByText('This recording does not match the audit trail').waitFor();
    await shot(page, 'sessions-phone-5-differs');
    await context.close();
  });
});

describe.runIf(HAS_BROWSER)('the page of recorded sessions', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await launch();
  });
  afterAll(() => chromium?.close());

  const LINE = {
    ...{
      session: 'X-8F3KQ2',
      grant: 'G-8F3KQ2',
      client: 'Acme Dental',
      colour: 'green',
      account: 'Office router',
    },
    ...{
      who: 'Tess Tran',
      when: '2026-11-23 14:03',
      from: '203.0.113.7',
      lasted: null,
      ended: 'Goes on now',
    },
    ...{ size: null, hash: null, isLive: true },
  };
  const list = (more: object = {}) => ({
    ...{ from: '2026-10-25', to: '2026-11-23', clients: [{ id: 'acme', name: 'Acme Dental' }], people: [] },
    ...{ says: '1 session on these days.', lines: [LINE], hits: null, expiresInSeconds: 1800, ...more },
  });
  const CHANNEL = {
    channel: 1,
    kind: 'shell',
    command: null,
    when: '2026-11-23 14:03',
    lasted: null,
    exitCode: null,
  };
  const opened = (more: object = {}) => ({
    line: LINE,
    channels: [CHANNEL],
    files: [],
    more: false,
    isLead: true,
    ...more,
  });
  const confirm = { confirm: { by: 'chat', number: '47' }, another: false };
  const never = () => new Promise<object>(() => undefined);
  const answers = (more: object = {}) => ({
    look: {
      ...{ client: 'Northwind IT', colour: 'own', account: 'Recorded sessions', person: 'Lena Falk' },
      ...{ purpose: 'sessions', state: 'open', expiresInSeconds: 600, grantEndsInSeconds: null },
    },
    ask: confirm,
    status: { state: 'confirmed', expiresInSeconds: 1800, ...confirm },
    ...{ sessions: list(), open: opened(), play: never, end: { ending: true }, ...more },
  });

  async function enter(said: object, options = DESK) {
    const opening = await openPage(chromium, '/me/sessions', said as never, options);
    await button(opening.page, 'Open it in this browser').click();
    return opening;
  }

  test('ends a session that goes on when a lead has pressed twice, and not by one press', async () => {
    const { page, posted } = await enter(answers());
    await page.getByRole('button', { name: 'Watch live X-8F3KQ2' }).click();
    await button(page, 'End session').click();
    expect(posted.some(({ act }) => act === 'end')).toBe(false);
    await button(page, 'Yes, end Tess Tran’s session now').click();
    await button(page, 'Ending …').waitFor();
    expect(posted.filter(({ act }) => act === 'end')).toMatchObject([{ session: 'X-8F3KQ2' }]);
  });

  test('says why it can’t be ended, and lets the lead try again', async () => {
    const end = { refused: 'session-over', says: 'That session is over already.' };
    const { page } = await enter(answers({ end }));
    await page.getByRole('button', { name: 'Watch live X-8F3KQ2' }).click();
    await button(page, 'End session').click();
    await button(page, 'Yes, end Tess Tran’s session now').click();
    await page.getByText('That session is over already.').waitFor();
    await button(page, 'End session').waitFor();
  });

  test('shows what was run and which files were moved, literally', async () => {
    const files = [{ when: '2026-11-23 14:05', says: 'read /etc/<b>hosts</b> 220 bytes' }];
    const over = {
      ...LINE,
      isLive: false,
      lasted: '2 minutes',
      ended: 'They left',
      size: '1.4 MB',
      hash: 'ab'.repeat(32),
    };
    const channels = [
      { ...CHANNEL, kind: 'exec', command: 'cat <img src=x onerror=alert(1)>', exitCode: 3 },
      { ...CHANNEL, channel: 2, kind: 'sftp' },
    ];
    const said = answers({
      sessions: list({ lines: [over] }),
      open: opened({ line: over, channels, files }),
    });
    const { page } = await enter(said, PHONE);
    await page.getByRole('button', { name: 'Open X-8F3KQ2' }).click();
    await page.getByText('cat <img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('.files-table').innerText()).toContain('read /etc/<b>hosts</b> 220 bytes');
    expect(await page.getByText('End session').count()).toBe(0);
    expect(await fits(page)).toBe(true);
    await shot(page, 'sessions-phone-6-rows');
  });

  test('its time is up: nothing of it stays in the document', async () => {
    const { page } = await enter(answers({ sessions: list({ expiresInSeconds: 3 }) }));
    await heading(page, 'The time for watching is up');
    expect(await page.content()).not.toContain('Tess Tran');
  });

  test('whoever may read no more is told why, and the page forgets what it showed', async () => {
    const said: Record<string, object> = answers();
    const { page } = await enter(said);
    await page.getByRole('button', { name: 'Watch live X-8F3KQ2' }).waitFor();
    said.sessions = { refused: 'paused', says: 'You are paused.' };
    await button(page, 'Show').click();
    await page.getByText('You are paused.', { exact: true }).waitFor();
    expect(await page.content()).not.toContain('Tess Tran');
  });

  test('a first list that got lost leaves a button to read it once more', async () => {
    let lost = true;
    const sessions = () => (lost ? { refused: 'fault', says: 'Something went wrong here.' } : list());
    const { page } = await enter(answers({ sessions }));
    await page.getByText('Something went wrong here.').waitFor();
    lost = false;
    await button(page, 'Read it').click();
    await heading(page, 'Recorded sessions');
  });

  test('compiles WebAssembly and loosens nothing else; every other page stays as strict as it was', async () => {
    const { publicUrl } = await enter(answers());
    const policyOf = async (path: string) =>
      (await fetch(`${publicUrl}${path}`)).headers.get('content-security-policy') ?? '';
    const sessions = await policyOf('/me/sessions');
    expect(sessions).toContain("script-src 'self' 'wasm-unsafe-eval';");
    const others = await Promise.all(
      ['/me/reports', '/reveal', '/me/enrol', '/assets/link.js'].map(policyOf),
    );
    expect(new Set(others)).toEqual(new Set([sessions.replace(" 'wasm-unsafe-eval'", '')]));
    expect(sessions).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|data:|blob:/);
  });
});
