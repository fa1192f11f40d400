/** A newcomer's browser at the stand-in's page. */

import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly phone?: boolean;
  /** Asks for less motion. */
  readonly still?: boolean;
}

export const DESKTOP: Screen = { width: 1280, height: 800 };
export const HANDHELD: Screen = { width: 390, height: 844, phone: true };

/** A browser of its own, as somebody holds it. */
export function browserAt(browser: Browser, screen: Screen): Promise<BrowserContext> {
  const { width, height, dark, phone = false, still } = screen;
  return browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: still ? 'reduce' : 'no-preference',
    hasTouch: phone,
    isMobile: phone,
  });
}

/** Opens the page; `complaints` gets every error of its console and every request that leaves its origin. */
export async function visit(context: BrowserContext, address: string, complaints: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && `${origin}/` !== address) complaints.push(`a request to ${request.url()}`);
  });
  await page.goto(address);
  await page.getByRole('combobox', { name: /^Message to/ }).waitFor();
  return page;
}

/** How far the page can be moved sideways: not at all. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}
