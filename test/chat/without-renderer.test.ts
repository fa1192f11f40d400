/** On a machine for which no renderer was installed. */

import { afterEach, expect, it, vi } from 'vitest';
import type { Card } from '../../src/core/cards/card.js';
import { readText } from '../../src/playground/slack/index.js';
import { MONTH } from '../fixtures/pictures.js';
import * as slack from './slack/world.js';
import * as teams from './teams/world.js';

vi.mock('@resvg/resvg-js', () => {
  throw new Error("Cannot find module '@resvg/resvg-js-linux-x64-musl'");
});

const CARD: Card = {
  ...{ client: null, title: 'Daily digest', rows: [], lines: [], actions: [], picture: MONTH },
};
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('a card goes out in Slack, with its picture in words and what to do in the log', async () => {
  const world = await slack.openWorld();
  closing.push(world.close);
  await world.chat.post({ platform: 'slack', workspace: slack.NORTHWIND, userId: slack.USERS.tess }, CARD);
  const texts = world.slack.dm(slack.NORTHWIND, slack.USERS.tess).map((message) => readText(message));
  expect(texts).toEqual([`Daily digest\n${MONTH.alt}`]);
  expect(world.log()).toContain('install the optional packages on this machine');
});

it('a card goes out in Teams, with its picture in words and what to do in the log', async () => {
  const world = await teams.openWorld();
  closing.push(world.close);
  await world.chat.post({ platform: 'teams', workspace: teams.NORTHWIND, userId: teams.USERS.tess }, CARD);
  expect(teams.told(world, teams.USERS.tess)).toEqual([`Daily digest\n${MONTH.alt}`]);
  expect(world.log()).toContain('install the optional packages on this machine');
});
