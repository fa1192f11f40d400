import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TryLater, Unreachable } from '../../../src/chat/chat.js';
import { type Card, said } from '../../../src/core/cards/card.js';
import type { Operation } from '../../../src/playground/teams/index.js';
import { MONTH } from '../../fixtures/pictures.js';
import { readPng } from '../../support/png.js';
import { CARD, channel, expectNoSecret, failing, person, unreachable, watchTokens } from './sending.js';
import { NORTHWIND, newest, openWorld, REQUESTS, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
let world: World;

beforeEach(async () => {
  watchTokens();
  world = await openWorld();
});
afterEach(async () => {
  expectNoSecret(world.log());
  vi.restoreAllMocks();
  await world.close();
});

const calls = (operation: Operation) => world.teams.calls.filter((one) => one.operation === operation);

describe('a card that goes out', () => {
  it('begins a thread of its own in the channel, and is updated where it stands', async () => {
    const posted = await world.chat.post(channel, CARD);
    await world.chat.post(channel, CARD);
    await world.chat.update(posted, { ...CARD, title: 'Changed' });
    const [first, second] = world.teams.channel(NORTHWIND, REQUESTS);
    expect([first?.thread, second?.thread]).toEqual([undefined, undefined]);
    expect(world.teams.reads(first as never)).toBe('🟩 Acme Dental · Changed\nOne line.');
    expect(first?.edited).toBe(true);
    expect(posted.channel).toBe(`${REQUESTS};messageid=${first?.id}`);
  });

  it('reaches a person, and is updated in their chat', async () => {
    const posted = await world.chat.post(person(tess), CARD);
    await world.chat.update(posted, { ...CARD, title: 'Changed' });
    expect(told(world, tess)).toEqual(['🟩 Acme Dental · Changed\nOne line.']);
    expect(newest(world, tess).text).toBe('');
  });
});

describe('a card with a picture', () => {
  const digest: Card = { ...CARD, picture: MONTH, note: 'Monday' };
  const imageIn = (card: unknown) =>
    (card as { body: { type: string; url: string; altText: string; size: string }[] }).body.find(
      (element) => element.type === 'Image',
    );

  it('brings it along, below its words, with a sentence for who doesn’t see it', async () => {
    const posted = await world.chat.post(person(tess), digest);
    const image = imageIn(newest(world, tess).card);
    expect(image).toMatchObject({ altText: MONTH.alt, size: 'Stretch' });
    const png = Buffer.from((image?.url ?? '').replace('data:image/png;base64,', ''), 'base64');
    expect(readPng(png).width).toBe(640);
    expect(told(world, tess)).toEqual([`🟩 Acme Dental · Hello\nOne line.\n${MONTH.alt}\nMonday`]);
    await world.chat.update(posted, { ...digest, title: 'Changed' });
    expect(imageIn(newest(world, tess).card)).toEqual(image);
  });

  it('in a channel too', async () => {
    await world.chat.post(channel, digest);
    expect(imageIn(world.teams.channel(NORTHWIND, REQUESTS)[0]?.card)).toBeDefined();
  });

  it('beside words that leave it no room goes without, and says it', async () => {
    const lines = Array.from({ length: 60 }, (_, n) => said(`${n} ${'long '.repeat(10)}`));
    await world.chat.post(person(tess), { ...digest, lines, unfolded: true });
    expect(imageIn(newest(world, tess).card)).toBeUndefined();
    expect(told(world, tess)[0]).toContain(`59 ${'long '.repeat(10)}\n${MONTH.alt}`);
  });
});

describe('what Teams answers to a message for a person', () => {
  beforeEach(() => world.chat.post(person(tess), CARD));
  const post = () => world.chat.post(person(tess), CARD);

  it.each([
    [403, 'ConversationBlockedByUser', 'Keyturn is blocked there'],
    [403, 'MessageWritesBlocked', 'Keyturn is blocked there'],
    [403, 'BotNotInConversationRoster', 'Keyturn isn’t added there'],
    [403, 'BotDisabledByAdmin', 'an administrator has blocked Keyturn there'],
    [403, 'SomethingNew', 'Teams doesn’t let Keyturn in'],
    [404, 'ConversationNotFound', 'the chat is gone'],
    [404, 'SomethingNew', 'the chat is gone'],
    [404, 'MemberNotFoundInConversation', 'the account is gone'],
  ])('%s %s: unreachable, with words, and the chat is closed', async (status, code, why) => {
    world.teams.failNext('sendActivity', { status, code });
    expect(await failing(post())).toMatchObject(unreachable(why));
    expect(await world.conversations(NORTHWIND).find(tess)).toMatchObject({ state: 'closed', why });
    await post();
    expect(await world.conversations(NORTHWIND).find(tess)).toMatchObject({ state: 'open' });
  });

  it.each([
    [500, 'ServiceError'],
    [502, ''],
    [503, 'ServiceUnavailable'],
    [412, 'PreconditionFailed'],
    [408, ''],
  ])('%s %s: tried again later, once for now, and the chat stays open', async (status, code) => {
    const before = calls('sendActivity').length;
    world.teams.failNext('sendActivity', { status, code });
    const error = await failing(post());
    expect(error).toBeInstanceOf(TryLater);
    expect((error as TryLater).afterSeconds).toBeUndefined();
    expect(calls('sendActivity')).toHaveLength(before + 1);
    expect(await world.conversations(NORTHWIND).find(tess)).toMatchObject({ state: 'open' });
  });

  it.each([
    ['429 with its patience', { status: 429, retryAfter: 17 }, 17],
    ['429 without', { status: 429 }, 1],
    ['503 with its patience', { status: 503, retryAfter: 9 }, 9],
  ])('%s is passed on in seconds', async (_what, failure, seconds) => {
    world.teams.failNext('sendActivity', failure);
    const error = await failing(post());
    expect(error).toBeInstanceOf(TryLater);
    expect((error as TryLater).afterSeconds).toBe(seconds);
  });

  it.each([
    [400, 'BadSyntax'],
    [400, 'BadArgument'],
    [413, 'MessageSizeTooBig'],
  ])('%s %s is a fault of ours, and closes no chat', async (status, code) => {
    world.teams.failNext('sendActivity', { status, code });
    const error = await failing(post());
    expect([error instanceof TryLater, error instanceof Unreachable]).toEqual([false, false]);
    expect(error.message).toBe(`Teams answers with ${status} ${code}`);
    expect(await world.conversations(NORTHWIND).find(tess)).toMatchObject({ state: 'open' });
  });

  it('a connection that is cut is for later', async () => {
    world.teams.failNext('sendActivity', { cut: true });
    expect(await failing(post())).toBeInstanceOf(TryLater);
  });

  it('an answer that is lost on its way is for later, though the message is there', async () => {
    const before = told(world, tess).length;
    world.teams.failNext('sendActivity', { lost: true });
    expect(await failing(post())).toBeInstanceOf(TryLater);
    expect(told(world, tess)).toHaveLength(before + 1);
  });

  it('who isn’t answered at all waits no longer than they must', async () => {
    await world.close();
    world = await openWorld({ timeoutMs: 50 });
    world.teams.down('hang');
    expect(await failing(post())).toBeInstanceOf(TryLater);
    world.teams.down(false);
  });

  it.each(['refused', 'unavailable'] as const)(
    'while Teams is away (%s) everything is for later',
    async (how) => {
      const posted = await post();
      world.teams.down(how);
      for (const work of [
        () => post(),
        () => world.chat.post(channel, CARD),
        () => world.chat.post(person(lena), CARD),
        () => world.chat.update(posted, CARD),
      ])
        expect(await failing(work())).toBeInstanceOf(TryLater);
      world.teams.down(false);
    },
  );
});

describe('what Teams answers to an update, or in a channel', () => {
  it.each([
    ['the message was deleted', { status: 404, code: 'ActivityNotFoundInConversation' }],
    ['Keyturn isn’t added there', { status: 403, code: 'BotNotInConversationRoster' }],
    ['the chat is gone', { status: 404, code: 'ConversationNotFound' }],
  ])('%s: the update is given up, and no chat is closed for it', async (why, failure) => {
    const posted = await world.chat.post(person(tess), CARD);
    world.teams.failNext('updateActivity', failure);
    expect(await failing(world.chat.update(posted, CARD))).toMatchObject(unreachable(why));
    expect(await world.conversations(NORTHWIND).find(tess)).toMatchObject({ state: 'open' });
  });

  it('a channel that isn’t there is unreachable', async () => {
    const gone = { ...channel, channel: '19:nowhere@thread.tacv2' };
    expect(await failing(world.chat.post(gone, CARD))).toBeInstanceOf(Unreachable);
  });

  it('a thread that is refused as such is a fault of ours, and nobody’s account is gone', async () => {
    world.teams.failNext('createConversation', { status: 400, code: 'BadArgument' });
    const error = await failing(world.chat.post(channel, CARD));
    expect([error instanceof TryLater, error instanceof Unreachable]).toEqual([false, false]);
  });

  it('a card of any length is cut to what Teams takes', async () => {
    const lines = Array.from({ length: 400 }, (_, n) => said(`${n} ${'long '.repeat(40)}`));
    await world.chat.post(channel, { ...CARD, lines });
    expect(world.teams.channel(NORTHWIND, REQUESTS)).toHaveLength(1);
  });
});
