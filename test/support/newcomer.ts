/** A person in front of local mode's page: what they press and read in a real browser. */

import type { BrowserContext, Page } from 'playwright-core';

/** Longer than a phone may be left in peace: 30 seconds lie between two questions to it. */
const PATIENCE_MS = 45_000;

/** A newcomer at local mode's page: switches people, presses, reads. */
export class Newcomer {
  readonly faults: string[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly size: string,
  ) {
    context.setDefaultTimeout(PATIENCE_MS);
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
    await this.page.getByText(words).last().waitFor();
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
    await told.waitFor();
    return /Type (\d+) in/.exec(await told.innerText())?.[1] ?? '';
  }

  /** Winds Keyturn's clock on, and reads what it is then. */
  async winds(words: string): Promise<void> {
    await this.button('Wind the clock').click();
    await this.page.getByRole('button', { name: `+${words}`, exact: true }).click();
    await this.reads(new RegExp(`^It is now .*, ${words} later\\.$`));
    await this.page.keyboard.press('Escape');
  }

  async seesSideways(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }
}
