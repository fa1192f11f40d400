/** A real browser for the pages, where the machine has one. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PATHS = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const path = PATHS.find((candidate) => candidate !== '' && existsSync(candidate));

/** In CI a missing browser is a failure; elsewhere it is said and left out. */
export const HAS_BROWSER = path !== undefined || process.env.CI !== undefined;
if (!HAS_BROWSER)
  process.stderr.write(
    'No Chromium found, so pages are not tried in a browser: install chromium or set CHROMIUM_PATH.\n',
  );

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: path ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-quic',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
export const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

/** Keeps a picture where `KEYTURN_SCREENSHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.KEYTURN_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
