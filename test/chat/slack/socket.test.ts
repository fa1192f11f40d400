import { afterEach, beforeEach, expect, it } from 'vitest';
import { readText } from '../../../src/playground/slack/index.js';
import { fill, NORTHWIND, openWorld, REQUESTS, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld({ socket: true });
});
afterEach(() => world.close());

it('over Socket Mode Tess asks and Lena denies', async () => {
  const seen = await world.slack.slash(
    NORTHWIND,
    tess,
    REQUESTS,
    '/access',
    'acme/front-desk 30m printer is down',
  );
  expect(seen).toMatchObject({ ok: true, via: 'socket' });
  expect(told(world, tess)).toEqual([expect.stringContaining('Asked: R-TEST01')]);
  await world.show('R-TEST01');
  const [card] = world.slack.messages(NORTHWIND, REQUESTS);
  await world.slack.click(NORTHWIND, lena, card as never, 'Deny');
  const view = await world.slack.until(() => world.slack.view(NORTHWIND, lena));
  const refused = await world.slack.submit(view.id, fill(view, { why: 'the password is Hunter2!x' }));
  expect(refused.errors).toEqual({ why: expect.stringContaining('Nothing was stored') });
  const done = await world.slack.submit(view.id, fill(view, { why: 'No.' }));
  expect(done).toMatchObject({ ok: true, via: 'socket' });
  expect(world.desk.requests.get('R-TEST01')?.state).toBe('denied');
});

it('in Socket Mode nothing is listening at the workspace’s address', async () => {
  const response = await fetch(`${world.base}/slack/events/${NORTHWIND}`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(404);
});

it('the connection comes back after Slack closes it, and after Slack was away', async () => {
  world.slack.disconnectSockets(NORTHWIND);
  await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 0);
  await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 1, 10_000);
  world.slack.down = 'refused';
  await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 0);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  world.slack.down = false;
  await world.slack.until(() => world.slack.socketsOf(NORTHWIND) === 1, 15_000);
  await world.slack.message(NORTHWIND, tess, world.slack.dmId(NORTHWIND, tess), 'help');
  const said = await world.slack.until(() => world.slack.dm(NORTHWIND, tess).at(1));
  expect(readText(said)).toContain('What you can type');
});
