import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/config/logging.js';
import { type Local, startLocal } from '../../src/playground/local.js';
import { DESK, HAS_BROWSER, launch, PHONE, shot } from '../support/browser.js';
import { freePort } from '../support/postgres-server.js';

/** A newcomer at local mode's page: switches people, presses, reads. */
class Newcomer {
  readonly faults: string[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly size: string,
  ) {
    context.setDefaultTimeout(10_000);
    page.on('console', (message) => message.type() === 'error' && this.faults.push(message.text()));
    page.on('pageerror', (error) => this.faults.push(error.message));
  }

  async is(name: string): Promise<void> {
    await this.page
      .getByRole('button', { name: new RegExp(name.split(' ')[0] as string) })
      .first()
      .click();
    // A phone's Teams has no room to say it.
    await this.page.getByText(`You are ${name}`).waitFor({ state: 'attached' });
    await this.page.getByRole('button', { name: 'Keyturn', exact: false }).last().click();
  }

  button(label: string | RegExp) {
    return this.page.getByRole('button', { name: label });
  }

  async types(words: string): Promise<void> {
    const composer = this.page.locator('textarea').first();
    await composer.fill(words);
    await composer.press('Enter');
  }

  async reads(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).last().waitFor({ timeout: 10_000 });
  }

  /** Presses a button that answers with a link of this name, and follows it into a tab of its own. */
  async pressesForPage(label: string, name: string): Promise<Page> {
    const links = this.page.getByRole('link', { name });
    const before = await links.count();
    await this.button(label).last().click();
    await links.nth(before).waitFor();
    const opened = this.context.waitForEvent('page');
    await links.last().click();
    return opened;
  }

  get phone() {
    return this.page.getByRole('region', { name: '’s phone' });
  }

  /** Approves on the phone of whom they are now, with this number. */
  async approvesOnPhone(code: string): Promise<void> {
    await this.phone.getByRole('textbox', { name: 'Type the number that you were shown' }).fill(code);
    await this.phone.getByRole('button', { name: 'Approve', exact: true }).click();
  }

  /** The number that Keyturn tells them in their own chat. */
  async numberInChat(): Promise<string> {
    const told = this.page.getByText(/Type \d+ in Duo Mobile/).last();
    await told.waitFor({ timeout: 40_000 });
    return /Type (\d+) in/.exec(await told.innerText())?.[1] ?? '';
  }

  async seesSideways(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }
}

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
});
