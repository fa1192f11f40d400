import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/config/logging.js';
import { type Local, startLocal } from '../../src/playground/local.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { Newcomer } from '../support/newcomer.js';
import { freePort } from '../support/postgres-server.js';
import { signsIn } from '../support/ssh-client.js';

describe.skipIf(!HAS_BROWSER)('the rest of a grant’s life, at the page of local mode', () => {
  let browser: Browser;
  let local: Local;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyturn-local-'));
    browser = await launch();
    local = await startLocal({
      folder,
      port: await freePort(),
      pagePort: 0,
      log: createLog('silent'),
      start: startApp,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await local?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function newcomer(size: '1280' | '390'): Promise<Newcomer> {
    const context = await browser.newContext(size === '390' ? PHONE : DESK);
    const someone = new Newcomer(context, await context.newPage(), size);
    await someone.page.goto(local.url);
    return someone;
  }

  test('Tess breaks the glass at two in the morning; Lena and Beacon’s Ivy know at once, and Lena reviews it', async () => {
    const someone = await newcomer('390');
    await someone.is('Tess Tran');
    await someone.types(
      '/access break-glass beacon/second-admin 30m mail is down at Beacon and nobody answers',
    );
    await someone.approvesOnPhone(await someone.numberInChat());
    await someone.reads(/Yours until/);
    await shot(someone.page, 'glass-tess');

    await someone.is('Lena Falk');
    await someone.reads('To be reviewed by');
    await shot(someone.page, 'glass-lena');
    await someone.is('Ivy Ito');
    await someone.reads('Emergency access');
    await shot(someone.page, 'glass-ivy');

    await someone.is('Lena Falk');
    await someone.button('Review').last().click();
    await someone.reads('Misuse ends everything that they hold');
    await shot(someone.page, 'glass-review');
    await someone.page.getByLabel('Your word').selectOption({ label: 'Justified' });
    await someone.page.getByLabel('Why').fill('Beacon called me too, it was down');
    await someone.button('Review').last().click();
    await someone.reads(/Confirm it with your second factor/);
    await someone.button('Close').last().click();
    await someone.approvesOnPhone(await someone.numberInChat());
    await someone.reads('Reviewed by Lena Falk: justified.');
    await shot(someone.page, 'glass-reviewed');
    expect(await someone.seesSideways()).toBe(0);
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);

  test('Tess signs in to a server with what she was shown; when she hands it back, that password opens nothing any more', async () => {
    const someone = await newcomer('390');
    await someone.is('Tess Tran');
    await someone.types('/access acme/web1-deploy 30m restart the shop');
    await someone.reads(/Yours until/);
    await shot(someone.page, 'web1-tess');
    const where = /127\.0\.0\.1:(\d+)/.exec(await someone.page.locator('body').innerText());
    const port = Number(where?.[1]);
    const reveal = await someone.pressesForPage('Reveal', 'Open the reveal page');
    await reveal.getByRole('button').first().click();
    const number = await reveal
      .getByText(/^\d{3,6}$/)
      .first()
      .innerText();
    await someone.page.bringToFront();
    await someone.approvesOnPhone(number);
    await reveal.bringToFront();
    await reveal.getByRole('button', { name: /Show the password/ }).click();
    const password = (await reveal.locator('p.secret').textContent()) ?? '';
    const server = { host: '127.0.0.1', port };
    expect(await signsIn(server, 'deploy', { password })).toBe(true);
    await someone.page.bringToFront();
    await someone.button('Return early').last().click();
    await someone.reads(/Taken back, checked at the target/);
    await shot(someone.page, 'web1-returned');
    expect(await signsIn(server, 'deploy', { password })).toBe(false);
    expect(await someone.seesSideways()).toBe(0);
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);

  test('ten minutes before the end Tess is warned; a day later the digest comes to Lena by itself, with its picture', async () => {
    const someone = await newcomer('1280');
    await someone.is('Tess Tran');
    await someone.types('/access acme/wifi 30m guests can’t get online');
    await someone.reads(/Yours until/);
    await someone.winds('10 minutes');
    await someone.winds('10 minutes');
    await someone.reads(/in 10 minutes|Ends/);
    await someone.button('Extend').last().waitFor();
    await shot(someone.page, 'ending-tess');
    await someone.winds('1 day');
    await someone.is('Lena Falk');
    await someone.reads(/digest/i);
    await someone.page.locator('img[alt]').last().waitFor();
    await shot(someone.page, 'digest-lena');
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);

  test('Lena offboards Luis: a preview with counts, her phone, and a card that says what ended', async () => {
    const someone = await newcomer('1280');
    await someone.is('Lena Falk');
    await someone.types('/access offboard luis@northwind.example');
    await someone.reads(/Offboard Luis Ortega/);
    await shot(someone.page, 'offboard-preview');
    await someone.button('Confirm offboarding').last().click();
    await someone.reads(/Confirm it with your second factor/);
    await someone.button('Close').last().click();
    await someone.approvesOnPhone(await someone.numberInChat());
    await someone.reads('Offboarded');
    await shot(someone.page, 'offboard-done');
    expect(someone.faults).toEqual([]);
    await someone.context.close();
  }, 120_000);
});
