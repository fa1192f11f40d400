/** A page of ours in a browser, its real HTML, scripts and headers, with a stand-in for what the server answers. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { PHONE } from '../support/browser.js';
import { freePort } from '../support/postgres-server.js';
import { startSite } from './site.js';
import { World } from './world.js';

/** What is answered to an act; `refused` makes it a "no". */
export type Answer = object | { readonly refused: string; readonly says: string };
export type Answers = { [act: string]: Answer | ((body: Posted) => Answer | Promise<Answer>) };

export interface Posted {
  readonly act: string;
  readonly token: string;
  readonly browser: string;
  readonly code?: string;
}

export const TOKEN = 'T'.repeat(43);

/** Opens `path`; `answers` may be changed while the page is open. Every complaint of the browser is a failure. */
export async function openPage(
  browser: Browser,
  path: string,
  answers: Answers,
  options: BrowserContextOptions = PHONE,
  prepare?: (page: Page) => Promise<void>,
) {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const site = await startSite(new World(), { publicUrl, port });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const posted: Posted[] = [];
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  onTestFinished(async () => {
    await context.close();
    await site.stop();
    // The browser itself reports each "no" that it hears; the pages say nothing.
    expect(said.filter((line) => !line.includes('status of 422'))).toEqual([]);
  });
  await page.route(`${publicUrl}${path}`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const body: Posted = route.request().postDataJSON();
    posted.push(body);
    const answer = answers[body.act] ?? { refused: 'malformed', says: `no answer to ${body.act}` };
    const json = typeof answer === 'function' ? await answer(body) : answer;
    // The test may be over before its answer is.
    await route.fulfill({ status: 'refused' in json ? 422 : 200, json }).catch(() => {});
  });
  await prepare?.(page);
  await page.goto(`${publicUrl}${path}#${TOKEN}`);
  return { page, context, publicUrl, posted, said };
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Waits for the heading of a screen. */
export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true }).waitFor();

/** Nothing sticks out to the right. */
export const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** What the clipboard holds: the page itself may write it and never read it. */
export async function pasted(page: Page): Promise<string> {
  const field = await page.evaluateHandle(() =>
    document.body.appendChild(document.createElement('textarea')),
  );
  await field.focus();
  await page.keyboard.press('Control+V');
  return field.evaluate((element) => {
    element.remove();
    return element.value;
  });
}
