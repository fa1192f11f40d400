import { afterEach, describe, expect, it } from 'vitest';
import { TryLater } from '../../../src/chat/chat.js';
import { SCOPES } from '../../../src/chat/slack/diagnose.js';
import { type Card, said } from '../../../src/core/cards/card.js';
import { readText } from '../../../src/playground/slack/index.js';
import { MONTH } from '../../fixtures/pictures.js';
import { readPng } from '../../support/png.js';
import { NORTHWIND, openWorld, REQUESTS, USERS, type World, type WorldOptions } from './world.js';

const { tess, lena, sana } = USERS;
const CARD: Card = {
  ...{ client: null, title: 'Daily digest', rows: [], lines: [said('A quiet day.')] },
  ...{ picture: MONTH, actions: [], note: 'Monday' },
};
const IN_WORDS = `Daily digest\nA quiet day.\n${MONTH.alt}\nMonday`;
const channel = { platform: 'slack', workspace: NORTHWIND, channel: REQUESTS } as const;
const person = (userId: string) => ({ platform: 'slack', workspace: NORTHWIND, userId }) as const;
const MINUTE = 60_000;

let world: World;
let now = Date.UTC(2026, 10, 23, 7);

async function open(workspace: WorldOptions['workspace'] = {}): Promise<void> {
  world = await openWorld({ workspace, now: () => now, slack: { clock: () => now } });
}
afterEach(() => world.close());

const sent = () => world.slack.messages(NORTHWIND, REQUESTS);
const calls = (method: string) => world.slack.calls.filter((call) => call.method === method);
const failing = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (failed: unknown) => failed,
  );
  expect(error).toBeInstanceOf(TryLater);
  return error as TryLater;
};

describe('a card with a picture', () => {
  it('shows it above the small print, with a title, and with a sentence for who doesn’t see it', async () => {
    await open();
    await world.chat.post(channel, CARD);
    const [message] = sent();
    expect(message?.blocks.map((block) => block.type)).toEqual(['header', 'section', 'image', 'context']);
    expect(message?.blocks[2]).toMatchObject({
      slack_file: { id: expect.stringMatching(/^F/) },
      alt_text: MONTH.alt,
      title: { type: 'plain_text', text: MONTH.title },
    });
  });

  it('is seen by those who have the message, and by nobody else', async () => {
    await open();
    await world.chat.post(person(tess), CARD);
    const look = async (user: string) => {
      const file = world.slack.dm(NORTHWIND, tess)[0]?.blocks[2]?.slack_file as { id: string } | undefined;
      const id = file?.id ?? '';
      const where = new URLSearchParams({ team: NORTHWIND, user, id });
      return fetch(`${world.slack.url}/play/slack/file?${where}`);
    };
    const shown = await look(tess);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(readPng(Buffer.from(await shown.arrayBuffer())).width).toBe(640);
    expect((await look(lena)).status).toBe(404);
  });

  it('is uploaded once for all copies, side by side or later, and shared with nobody by itself', async () => {
    await open();
    const copies = [channel, ...[tess, lena, sana].map(person)];
    const [posted] = await Promise.all(copies.map((to) => world.chat.post(to, CARD)));
    if (!posted) throw new Error('nothing was posted');
    await world.chat.update(posted, { ...CARD, title: 'Changed' });
    expect(calls('files.getUploadURLExternal')).toHaveLength(1);
    expect(calls('files.completeUploadExternal')).toMatchObject([{ args: { files: expect.any(String) } }]);
    expect(Object.keys(calls('files.completeUploadExternal')[0]?.args ?? {})).toEqual(['files']);
    expect(sent().map((message) => message.blocks[2]?.type)).toEqual(['image']);
    expect(readText(sent()[0] as never)).toMatch(/^Changed/);
  });

  it('whose numbers have changed is uploaded anew', async () => {
    await open();
    await world.chat.post(channel, CARD);
    await world.chat.post(channel, { ...CARD, picture: { ...MONTH, days: MONTH.days.slice(1) } });
    expect(calls('files.getUploadURLExternal')).toHaveLength(2);
  });

  it('is uploaded anew where the file may be gone by now', async () => {
    await open();
    await world.chat.post(channel, CARD);
    now += 11 * MINUTE;
    await world.chat.post(channel, CARD);
    expect(calls('files.getUploadURLExternal')).toHaveLength(2);
  });
});

describe('while Slack is looking through the file', () => {
  it('the card waits, and then comes once, with the same file', async () => {
    await open({ fileDelayMs: 5000 });
    expect((await failing(world.chat.post(channel, CARD))).afterSeconds).toBe(3);
    now += 3000;
    await failing(world.chat.post(channel, CARD));
    expect(sent()).toEqual([]);
    now += 3000;
    await world.chat.post(channel, CARD);
    expect(sent().map((message) => message.blocks[2]?.type)).toEqual(['image']);
    expect(calls('files.getUploadURLExternal')).toHaveLength(1);
    expect(world.log()).not.toContain('goes without its picture');
  });

  it('the card waits a minute and no longer: then it says its picture in words', async () => {
    await open({ fileDelayMs: 60 * MINUTE });
    const posted = async () => world.chat.post(channel, CARD);
    await failing(posted());
    now += MINUTE - 1;
    await failing(posted());
    now += 1;
    const done = await posted();
    await world.chat.post(person(tess), CARD);
    expect(sent().map((message) => readText(message))).toEqual([IN_WORDS]);
    expect(world.slack.dm(NORTHWIND, tess).map((message) => readText(message))).toEqual([IN_WORDS]);
    expect(world.log().match(/goes without its picture/g)).toHaveLength(1);
    await world.chat.update(done, { ...CARD, title: 'Changed' });
    expect(readText(sent()[0] as never)).toBe(IN_WORDS.replace('Daily digest', 'Changed'));
  });
});

describe('where Slack takes no picture', () => {
  it('an app without files:write still sends the card, in words, and the log says what to do', async () => {
    await open({ scopes: SCOPES.filter((scope) => scope !== 'files:write') });
    await world.chat.post(channel, CARD);
    expect(sent().map((message) => readText(message))).toEqual([IN_WORDS]);
    expect(world.log()).toContain(
      'missing_scope: add files:write to the app, as manifests/slack.yaml has it',
    );
    expect((await world.chat.diagnose())[0]?.says).toContain('The app lacks files:write');
  });

  it('nothing is uploaded for a card without one', async () => {
    await open();
    const { picture: _, ...bare } = CARD;
    await world.chat.post(channel, bare);
    expect(calls('files.getUploadURLExternal')).toEqual([]);
  });

  it.each(['file_uploads_disabled', 'storage_limit_reached', 'invalid_auth'])(
    '%s: it goes out at once, in words',
    async (error) => {
      await open();
      world.slack.failNext('files.getUploadURLExternal', { error });
      await world.chat.post(channel, CARD);
      expect(sent().map((message) => readText(message))).toEqual([IN_WORDS]);
      expect(world.log()).toContain(error);
    },
  );

  it('a file that is gone when it is to be completed counts as such', async () => {
    await open();
    world.slack.failNext('files.completeUploadExternal', { error: 'file_not_found' });
    await world.chat.post(channel, CARD);
    expect(sent().map((message) => readText(message))).toEqual([IN_WORDS]);
  });

  it('a fault in the card itself stays one, with no message', async () => {
    await open();
    world.slack.failNext('chat.postMessage', { error: 'invalid_blocks', times: 3 });
    await failing(world.chat.post(channel, CARD));
    now += MINUTE;
    await expect(world.chat.post(channel, CARD)).rejects.toThrow('invalid_blocks');
    expect(sent()).toEqual([]);
  });
});

describe('what may pass', () => {
  it.each([
    ['Slack’s patience', 'files.getUploadURLExternal', { retryAfter: 17 }, 17],
    ['Slack’s own trouble', 'files.completeUploadExternal', { error: 'internal_error' }, undefined],
    ['an answer that was lost', 'files.completeUploadExternal', { lost: true }, undefined],
    ['no answer from where the bytes go', 'upload', { status: 503 }, 3],
  ])('%s is waited for, and then the picture comes', async (_what, method, failure, seconds) => {
    await open();
    world.slack.failNext(method, failure);
    expect((await failing(world.chat.post(channel, CARD))).afterSeconds).toBe(seconds);
    expect(sent()).toEqual([]);
    await world.chat.post(channel, CARD);
    expect(sent().map((message) => message.blocks[2]?.type)).toEqual(['image']);
  });

  it('is waited for a minute in all: an upload that never gets through leaves the card in words', async () => {
    await open();
    world.slack.failNext('upload', { status: 503, times: 9 });
    await failing(world.chat.post(channel, CARD));
    now += MINUTE;
    await world.chat.post(channel, CARD);
    expect(sent().map((message) => readText(message))).toEqual([IN_WORDS]);
    expect(world.log()).toContain('answers with 503');
  });
});
