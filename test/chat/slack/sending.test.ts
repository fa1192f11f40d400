import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TryLater, Unreachable } from '../../../src/chat/chat.js';
import { CHANNEL_SCOPES, SCOPES } from '../../../src/chat/slack/diagnose.js';
import { type Card, said } from '../../../src/core/cards/card.js';
import { readText } from '../../../src/playground/slack/index.js';
import { DELTA, NORTHWIND, openWorld, REQUESTS, USERS, type World } from './world.js';

const { tess, lena, guest, stranger, noMail } = USERS;
const CARD: Card = {
  client: { name: 'Acme Dental', colour: 'green' },
  title: 'Hello',
  rows: [],
  lines: [said('One line.')],
  actions: [],
};
const channel = { platform: 'slack', workspace: NORTHWIND, channel: REQUESTS } as const;
const person = (userId: string) => ({ platform: 'slack', workspace: NORTHWIND, userId }) as const;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a card that goes out', () => {
  it('reaches a channel and a person, and is updated where it stands', async () => {
    const posted = await world.chat.post(channel, CARD);
    await world.chat.update(posted, { ...CARD, title: 'Changed' });
    expect(world.slack.messages(NORTHWIND, REQUESTS).map((m) => readText(m))).toEqual([
      '🟩 Acme Dental · Changed\nOne line.',
    ]);
    await world.chat.post(person(tess), CARD);
    await world.chat.post(person(tess), CARD);
    expect(world.slack.dm(NORTHWIND, tess)).toHaveLength(2);
    expect(world.slack.calls.filter((c) => c.method === 'conversations.open')).toHaveLength(1);
    const [first] = world.slack.calls.filter((c) => c.method === 'chat.postMessage');
    expect(first?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
  });

  it.each(['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'account_inactive'])(
    '%s means that it can’t arrive any more',
    async (error) => {
      world.slack.failNext('chat.postMessage', { error });
      await expect(world.chat.post(channel, CARD)).rejects.toThrow(Unreachable);
    },
  );

  it.each(['message_not_found', 'cant_update_message', 'channel_not_found'])(
    'an update that Slack answers with %s is given up',
    async (error) => {
      const posted = await world.chat.post(channel, CARD);
      world.slack.failNext('chat.update', { error });
      await expect(world.chat.update(posted, CARD)).rejects.toThrow(Unreachable);
    },
  );

  it.each(['user_not_found', 'user_disabled', 'cannot_dm_bot'])(
    'somebody whom Slack calls %s is unreachable',
    async (error) => {
      world.slack.failNext('conversations.open', { error });
      await expect(world.chat.post(person(tess), CARD)).rejects.toThrow(Unreachable);
    },
  );

  it('Slack’s patience is passed on in seconds', async () => {
    world.slack.failNext('chat.postMessage', { retryAfter: 17 });
    const error = await world.chat.post(channel, CARD).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TryLater);
    expect((error as TryLater).afterSeconds).toBe(17);
  });

  it.each([
    { status: 503 },
    { status: 500 },
    { error: 'internal_error' },
    { error: 'invalid_auth' },
    { lost: true },
  ])('%j is tried again later, and only once for now', async (failure) => {
    world.slack.failNext('chat.postMessage', failure);
    await expect(world.chat.post(channel, CARD)).rejects.toThrow(TryLater);
    expect(world.slack.messages(NORTHWIND, REQUESTS).length).toBe('lost' in failure ? 1 : 0);
  });

  it('while Slack is away everything is for later', async () => {
    world.slack.down = 'refused';
    await expect(world.chat.post(channel, CARD)).rejects.toThrow(TryLater);
    await expect(world.chat.find(NORTHWIND, 'tess@northwind.example')).rejects.toThrow(TryLater);
    expect((await world.chat.profile(NORTHWIND, tess)).standing).toBe('unknown');
    world.slack.down = false;
  });

  it('a workspace that isn’t configured is unreachable', async () => {
    await expect(world.chat.post({ ...channel, workspace: 'T0OTHER' }, CARD)).rejects.toThrow(Unreachable);
  });
});

describe('who somebody is', () => {
  it.each([
    [tess, 'member', 'tess@northwind.example'],
    [guest, 'guest', null],
    [stranger, 'external', null],
    [noMail, 'member', null],
    ['U0BOT', 'bot', null],
    ['U0MISSING', 'unknown', null],
  ])('%s is a %s', async (userId, standing, email) => {
    expect(await world.chat.profile(NORTHWIND, userId)).toEqual({
      ...{ platform: 'slack', workspace: NORTHWIND, userId, of: 'operator' },
      ...{ standing, email },
    });
  });

  it('who was deactivated is deactivated', async () => {
    await world.slack.deactivate(NORTHWIND, lena);
    expect((await world.chat.profile(NORTHWIND, lena)).standing).toBe('deactivated');
  });

  it('a user is found by a confirmed address alone', async () => {
    expect(await world.chat.find(NORTHWIND, 'Tess@northwind.example')).toMatchObject({ userId: tess });
    expect(await world.chat.find(NORTHWIND, 'luis@northwind.example')).toBeNull();
    expect(await world.chat.find(NORTHWIND, 'nobody@nowhere.example')).toBeNull();
    expect(await world.chat.find(DELTA, 'noor@delta.example')).toMatchObject({ of: 'delta' });
  });
});

describe('the diagnosis', () => {
  it('says of each workspace that it is well, or what to do', async () => {
    expect(await world.chat.diagnose()).toEqual([
      { workspace: NORTHWIND, ok: true, says: 'Slack answers, and the app is complete.' },
      { workspace: DELTA, ok: true, says: 'Slack answers, and the app is complete.' },
    ]);
    world.slack.failNext('conversations.info', { error: 'channel_not_found' });
    expect((await world.chat.diagnose())[0]?.says).toContain('/invite @Keyturn');
    world.slack.failNext('auth.test', { error: 'token_revoked' });
    expect((await world.chat.diagnose()).find((d) => !d.ok)?.says).toContain('token_revoked');
  });

  it('the app manifest asks for exactly the scopes that are checked', () => {
    const manifest = parse(readFileSync('manifests/slack.yaml', 'utf8')) as {
      oauth_config: { scopes: { bot: string[] } };
      features: {
        slash_commands: { command: string }[];
        shortcuts: { callback_id: string; name: string; type: string }[];
      };
      settings: { event_subscriptions: { bot_events: string[] } };
    };
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...SCOPES, ...CHANNEL_SCOPES].sort());
    expect(manifest.features.slash_commands.map((c) => c.command)).toEqual(['/access']);
    expect(manifest.features.shortcuts).toEqual([
      expect.objectContaining({ name: 'Request access', type: 'global', callback_id: 'request_access' }),
    ]);
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual([
      ...['app_home_opened', 'message.im', 'user_change'],
    ]);
  });
});
