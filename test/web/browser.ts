/** A real browser for the pages, where the machine has one. */

import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = [
  ...['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
  ...['--no-first-run', '--disable-component-update', '--disable-sync'],
];

/** In CI a missing browser is a failure; elsewhere it is said and left out. */
export const HAS_BROWSER = existsSync(CHROMIUM) || process.env.CI !== undefined;
if (!HAS_BROWSER)
  console.warn(`The pages are not tried in a browser: there is no ${CHROMIUM}. Set CHROMIUM.`);

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

/** Keeps a picture where `KEYTURN_SCREENSHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.KEYTURN_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** A port that was free a moment ago, for a server that has to know its address before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
