/** A real browser for the page, where there is one. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where Chromium is, if it is anywhere. */
export const chromiumPath: string | undefined = PATHS.find((path) => path !== '' && existsSync(path));

/** Said where the tests of the page can't run. */
export const NO_BROWSER =
  'No Chromium found, so the page is not tried in a browser: install chromium or set CHROMIUM_PATH.';

export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath && { executablePath: chromiumPath }),
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
