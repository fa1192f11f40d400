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

describe.skipIf(!HAS_BROWSER)('a newcomer at the page of local mode', () => {
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

  test.each([
    ['1280', 'acme/front-desk', DESK],
    ['390', 'beacon/second-admin', PHONE],
  ])(
    'asks, approves, reveals, hands back and reads the trail, at %s px, with %s',
    async (size, account, options) => {
      const context = await browser.newContext(options);
      const someone = new Newcomer(context, await context.newPage(), size);
      await someone.page.goto(local.url);
      await someone.is('Tess Tran');
      await someone.types(`/access ${account} 30m printer at ${size} #T-${size}`);
      await someone.reads(`printer at ${size}`);
      await shot(someone.page, `${size}-asked`);

      await someone.is('Lena Falk');
      await someone.reads(`printer at ${size}`);
      await shot(someone.page, `${size}-lena`);
      await someone.page.getByRole('button', { name: 'Approve', exact: true }).last().click();
      const told = await someone.numberInChat();
      await shot(someone.page, `${size}-lena-confirms`);
      await someone.approvesOnPhone(told);
      await someone.reads('Your approval is recorded.');
      await someone.reads('Access granted');
      await shot(someone.page, `${size}-lena-approved`);

      await someone.is('Tess Tran');
      const reveal = await someone.pressesForPage('Reveal', 'Open the reveal page');
      await reveal.getByRole('button').first().click();
      const number = await reveal
        .getByText(/^\d{3,6}$/)
        .first()
        .innerText();
      expect(reveal.url()).not.toContain('#');
      await shot(reveal, `${size}-number`);
      await someone.page.bringToFront();
      await shot(someone.page, `${size}-tess-rings`);
      await someone.approvesOnPhone(number);
      await reveal.bringToFront();
      await reveal.getByRole('button', { name: /Show the password/ }).click();
      await reveal.getByText('Hides itself').waitFor();
      await shot(reveal, `${size}-shown`);
      await reveal.close();

      await someone.page.bringToFront();
      await someone.button('Return early').last().click();
      await someone.reads('The password was shown and still works until Lena Falk changes it.');
      await someone.is('Lena Falk');
      const entry = await someone.pressesForPage('Enter the new password', 'Open the page');
      await entry.getByRole('button').first().click();
      // Lena's phone was asked a moment ago: she confirms on Duo's own page instead of waiting for her turn.
      await entry.getByRole('button', { name: 'Another way' }).click();
      const opened = context.waitForEvent('page');
      await entry.getByRole('link', { name: 'Confirm with Duo' }).click();
      const duo = await opened;
      await shot(duo, `${size}-duo`);
      await duo.getByRole('button', { name: 'Allow' }).click();
      await duo.getByText('Confirmed').first().waitFor();
      await shot(duo, `${size}-duo-confirmed`);
      await duo.close();
      await entry.bringToFront();
      await entry.getByLabel('New password').fill(`New at ${size}: 7 horses`);
      await entry.getByLabel('The same again').fill(`New at ${size}: 7 horses`);
      await shot(entry, `${size}-new-password`);
      await entry.getByRole('button', { name: 'Store the new password' }).click();
      await someone.page.bringToFront();
      await someone.reads(/Taken back: Lena Falk changed the password/);
      expect(await someone.seesSideways()).toBe(0);

      await someone.button('Audit trail').click();
      await someone.reads('secret.shown');
      await shot(someone.page, `${size}-trail`);
      expect(someone.faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  test.each([
    ['1280', DESK],
    ['390', PHONE],
  ])(
    'is Ivy in Beacon’s Teams at %s px: asks by the form, is approved in Slack, reveals, and answers for Beacon',
    async (size, options) => {
      const context = await browser.newContext(options);
      const someone = new Newcomer(context, await context.newPage(), `${size}-teams`);
      await someone.page.goto(local.url);
      await someone.is('Ivy Ito');
      await someone.types('request');
      await someone.page.getByLabel('Why').last().waitFor();
      await shot(someone.page, `${size}-ivy-form`);
      await someone.page.getByLabel('Why').last().fill(`look at the tenant, ${size}`);
      await someone.button('Ask').last().click();
      await someone.reads('Done. The cards say the rest.');
      await someone.reads(`look at the tenant, ${size}`);
      await shot(someone.page, `${size}-ivy-asked`);

      await someone.is('Omar Haddad');
      await someone.page.getByRole('button', { name: 'Approve', exact: true }).last().click();
      await someone.approvesOnPhone(await someone.numberInChat());
      await someone.reads('Your approval is recorded.');

      await someone.is('Ivy Ito');
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
      await reveal.getByText('Hides itself').waitFor();
      await reveal.close();
      await someone.page.bringToFront();
      await shot(someone.page, `${size}-ivy-revealed`);
      await someone.button('Return early').last().click();
      await someone.reads(/still works until .* changes it/);
      await shot(someone.page, `${size}-ivy-returned`);
      expect(await someone.seesSideways()).toBe(0);
      expect(someone.faults).toEqual([]);
      await context.close();
    },
    120_000,
  );

  test.each([
    ['1280', DESK],
    ['390', PHONE],
  ])(
    'winds the clock at %s px: a day later everything is as on any day, and an hour later access has ended by itself',
    async (size, options) => {
      const context = await browser.newContext(options);
      const someone = new Newcomer(context, await context.newPage(), size);
      await someone.page.goto(local.url);
      await someone.is('Tess Tran');
      await someone.winds('1 day');
      await someone.types(`/access acme/front-desk 30m a day later at ${size} #T-${size}`);
      await someone.is('Omar Haddad');
      await someone.reads(`a day later at ${size}`);
      await someone.page.getByRole('button', { name: 'Approve', exact: true }).last().click();
      await someone.approvesOnPhone(await someone.numberInChat());
      await someone.reads('Your approval is recorded.');

      // The push to Tess lies unanswered: she confirms on Duo's own page.
      await someone.is('Tess Tran');
      const reveal = await someone.pressesForPage('Reveal', 'Open the reveal page');
      await reveal.getByRole('button').first().click();
      await reveal.getByRole('button', { name: 'Another way' }).click();
      const opened = context.waitForEvent('page');
      await reveal.getByRole('link', { name: 'Confirm with Duo' }).click();
      const duo = await opened;
      await duo.getByRole('button', { name: 'Allow' }).click();
      await duo.getByText('Confirmed').first().waitFor();
      await duo.close();
      await reveal.bringToFront();
      await reveal.getByRole('button', { name: /Show the password/ }).click();
      await reveal.getByText('Hides itself').waitFor();
      await reveal.close();

      await someone.page.bringToFront();
      const ends = someone.page.getByText(/^Time was up/);
      const before = await ends.count();
      await someone.winds('1 hour');
      await someone.phone.getByText('Timed out').first().waitFor();
      await expect.poll(() => ends.count(), { timeout: 10_000 }).toBeGreaterThan(before);
      await shot(someone.page, `${size}-wound`);
      expect(await someone.seesSideways()).toBe(0);
      expect(someone.faults).toEqual([]);
      await context.close();
    },
    120_000,
  );
});
