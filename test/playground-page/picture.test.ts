/** A card with a picture, from the real chats through the played Slack and Teams onto the page. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Card, said } from '../../src/core/cards/card.js';
import { type Cast, playgroundPage } from '../../src/playground/page-server.js';
import * as slack from '../chat/slack/world.js';
import * as teams from '../chat/teams/world.js';
import { MONTH } from '../fixtures/pictures.js';
import { HAS_BROWSER, launch, shot } from '../support/browser.js';
import { castWithTeams } from './cast.js';
import { browserAt, DESKTOP, HANDHELD, type Screen, sideways, visit } from './visit.js';

const CARD: Card = {
  ...{ client: null, title: 'Daily digest', lines: [said('Nothing waits for a review.')], note: 'Monday' },
  ...{ rows: [{ label: 'Yesterday', text: said('11 granted, 2 denied') }], picture: MONTH, actions: [] },
};
const cast: Cast = {
  ...castWithTeams,
  people: castWithTeams.people.map((one) =>
    one.chat === 'teams' ? { ...one, tenant: teams.NORTHWIND, user: teams.USERS.tess } : one,
  ),
};

describe.skipIf(!HAS_BROWSER)('a picture on the page', () => {
  let browser: Browser;
  let inSlack: slack.World;
  let inTeams: teams.World;

  beforeAll(async () => {
    browser = await launch();
    inTeams = await teams.openWorld();
    const page = playgroundPage({
      ...{ cast, audit: async () => ({ whole: true, events: [] }) },
      clock: {
        view: () => ({ timezone: 'UTC', windings: [{ at: 0, ahead: 0 }] }),
        wind: async () => {},
      },
    });
    inSlack = await slack.openWorld({
      slack: {
        fallback: async (req, res) => {
          if (!page(req, res) && !(await inTeams.teams.serveHumans(req, res))) res.writeHead(404).end();
        },
      },
    });
    const tess = { platform: 'slack', workspace: slack.NORTHWIND, userId: slack.USERS.tess } as const;
    await inSlack.chat.post(tess, CARD);
    const ivy = { platform: 'teams', workspace: teams.NORTHWIND, userId: teams.USERS.tess } as const;
    await inTeams.chat.post(ivy, CARD);
  });
  afterAll(async () => {
    await Promise.all([inSlack.close(), inTeams.close(), browser.close()]);
  });

  /** How it is there for who sees it, and for who doesn't. */
  async function pictureOn(page: Page) {
    const picture = page.getByRole('img', { name: MONTH.alt });
    await picture.waitFor();
    return picture.evaluate(async (img: HTMLImageElement) => {
      await img.decode();
      const { left, right } = img.getBoundingClientRect();
      return { pixels: [img.naturalWidth, img.naturalHeight], inside: left >= 0 && right <= innerWidth };
    });
  }

  it.each<[string, Screen]>([
    ['a desk', DESKTOP],
    ['a desk in the dark', { ...DESKTOP, dark: true }],
    ['a phone', HANDHELD],
  ])('is seen in Slack on %s', async (where, screen) => {
    const complaints: string[] = [];
    const page = await visit(await browserAt(browser, screen), `${inSlack.slack.url}/`, complaints);
    await page
      .getByRole('button', { name: /^Keyturn/ })
      .first()
      .click();
    expect(await pictureOn(page)).toEqual({ pixels: [640, 376], inside: true });
    expect([await sideways(page), complaints]).toEqual([0, []]);
    await shot(page, `picture-slack-${where.replaceAll(' ', '-')}`);
    await page.context().close();
  });

  it.each<[string, Screen]>([
    ['a desk', DESKTOP],
    ['a desk in the dark', { ...DESKTOP, dark: true }],
    ['a phone', HANDHELD],
  ])('is seen in Teams on %s', async (where, screen) => {
    const complaints: string[] = [];
    const page = await visit(await browserAt(browser, screen), `${inSlack.slack.url}/`, complaints);
    await page.getByRole('button', { name: /Ivy/ }).click();
    expect(await pictureOn(page)).toEqual({ pixels: [640, 376], inside: true });
    expect([await sideways(page), complaints]).toEqual([0, []]);
    await shot(page, `picture-teams-${where.replaceAll(' ', '-')}`);
    await page.context().close();
  });
});
