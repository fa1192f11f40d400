import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TryLater } from '../../../src/chat/chat.js';
import { Secret } from '../../../src/config/secret.js';
import type { Operation } from '../../../src/playground/teams/index.js';
import { CARD, channel, expectNoSecret, failing, WRONG_PASSWORD, watchTokens } from './sending.js';
import { openWorld, type World } from './world.js';

let world: World;
let now = 0;

beforeEach(async () => {
  now = 0;
  watchTokens();
  world = await openWorld({ now: () => now });
});
afterEach(async () => {
  expectNoSecret(world.log());
  vi.restoreAllMocks();
  await world.close();
});

const calls = (operation: Operation) => world.teams.calls.filter((one) => one.operation === operation);

describe('the bot’s own token', () => {
  const post = () => world.chat.post(channel, CARD);

  it('is fetched once for many calls, at once or one after the other', async () => {
    await Promise.all([post(), post(), post(), post()]);
    await post();
    expect(calls('token')).toHaveLength(1);
    expect(calls('createConversation')).toHaveLength(5);
  });

  it('is renewed five minutes before it is over, and not sooner', async () => {
    await post();
    now = (3599 - 301) * 1000;
    await post();
    expect(calls('token')).toHaveLength(1);
    now = (3599 - 299) * 1000;
    await post();
    expect(calls('token')).toHaveLength(2);
  });

  it('that Teams refuses is forgotten: the next call comes with a new one', async () => {
    await post();
    world.teams.failNext('createConversation', { status: 401, code: 'Unauthorized', times: 3 });
    const refused = await Promise.all([post(), post(), post()].map((work) => failing(work)));
    for (const error of refused) expect(error).toBeInstanceOf(TryLater);
    await Promise.all([post(), post()]);
    expect(calls('token')).toHaveLength(2);
  });

  it('a wrong secret is for later, in words that name the settings, and in five minutes', async () => {
    await world.close();
    world = await openWorld({ entry: { appPassword: new Secret(WRONG_PASSWORD) } });
    const error = await failing(post());
    expect(error).toEqual(
      new TryLater("Microsoft refuses the bot's app_id and app_password (invalid_client AADSTS7000215)", 300),
    );
    expect((error as TryLater).afterSeconds).toBe(300);
    expect(calls('createConversation')).toEqual([]);
    await failing(post());
    expect(calls('token')).toHaveLength(2);
  });

  it.each([
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['429', { status: 429, retryAfter: 3 }],
    ['a cut connection', { cut: true }],
  ])('a login that answers with %s is for later', async (_what, failure) => {
    world.teams.failNext('token', failure);
    const error = await failing(post());
    expect(error).toBeInstanceOf(TryLater);
    expect((error as TryLater).afterSeconds).toBeUndefined();
    await post();
  });

  it('goes to no other server that an answer points at', async () => {
    const real = vi.mocked(globalThis.fetch).getMockImplementation() ?? globalThis.fetch;
    const asked: RequestInit[] = [];
    vi.mocked(globalThis.fetch).mockImplementation((url, init) => {
      if (init) asked.push(init);
      return real(url, init);
    });
    await post();
    expect(asked.map((init) => init.redirect)).toEqual(['error', 'error']);
  });
});
