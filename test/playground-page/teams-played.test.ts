/** The page with the played Teams behind it, and a bot of Microsoft's own SDK behind that. */

import { ActivityTypes, CardFactory, type TurnContext } from 'botbuilder';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cast } from '../../src/playground/page-server.js';
import { adapterFor, ivy, northwind, sdkBot, startTeams } from '../playground/teams-support.js';
import { HAS_BROWSER, launch } from '../support/browser.js';
import { castWithTeams } from './cast.js';
import { StandIn } from './stand-in.js';
import { requestCard, searchForm } from './teams-cards.js';
import { browserAt, DESKTOP, visit } from './visit.js';

const cast: Cast = {
  ...castWithTeams,
  people: castWithTeams.people.map((one) =>
    one.chat === 'teams' ? { ...one, tenant: northwind, user: ivy } : one,
  ),
};

const show = (card: object) => ({ attachments: [CardFactory.adaptiveCard(card)] });
const found = {
  type: 'application/vnd.microsoft.search.searchResponse',
  value: { results: [{ title: 'Beacon Law', value: 'beacon' }] },
};

/** Shows a form for every message, finds one client, and puts a card in the form's place. */
async function answer(context: TurnContext): Promise<unknown> {
  const { type, name, value } = context.activity;
  const reply = (body: object) =>
    context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
  if (type === ActivityTypes.Message) return context.sendActivity(show(searchForm));
  if (name === 'application/search') return reply({ statusCode: 200, ...found });
  if (name !== 'adaptiveCard/action') return undefined;
  const card = requestCard(`Asked for ${JSON.stringify(value.action.data)}`, false);
  return reply({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card });
}

describe.skipIf(!HAS_BROWSER)('the page with the played Teams', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('types to the bot, fills in its form, and sees its answer', async () => {
    const teams = await startTeams();
    await sdkBot(teams, adapterFor(teams, 'CloudAdapter'), answer);
    const slack = new StandIn(cast, teams);
    const complaints: string[] = [];
    const page = await visit(await browserAt(browser, DESKTOP), await slack.start(), complaints);
    await page.getByRole('button', { name: /Ivy/ }).click();
    await page.getByText('Microsoft Teams').waitFor();
    await page.getByRole('combobox', { name: /^Message to/ }).fill('request');
    await page.keyboard.press('Enter');
    const form = page.getByRole('group', { name: /^Card from/ }).last();
    await form.getByRole('combobox', { name: 'Client' }).fill('bea');
    await form.getByRole('option', { name: 'Beacon Law' }).click();
    await form.getByRole('textbox', { name: 'Why' }).fill('printer');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('Asked for').waitFor();
    const said = (await form.textContent())?.replace(/^.*Asked for /, '') ?? '';
    expect(JSON.parse(said)).toEqual({
      id: 'R-8F3KQ2',
      client: 'beacon',
      duration: '30m',
      reason: 'printer',
    });
    expect(complaints).toEqual([]);
    await page.context().close();
    await slack.stop();
  });
});
