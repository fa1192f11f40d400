import { beforeEach, describe, expect, it, vi } from 'vitest';
import { withBreaker } from '../../src/chat/breaker.js';
import { type Chat, type Destination, type Posted, TryLater, Unreachable } from '../../src/chat/chat.js';
import type { Card } from '../../src/core/cards/card.js';

const CARD = { client: null, title: 'Hello', rows: [], lines: [], actions: [] } satisfies Card;
const to = (workspace: string) => ({ platform: 'teams', workspace, channel: 'c' }) as const;
const posted = (workspace: string) => ({ ...to(workspace), message: 'm' });

let now = 0;
/** What each call waits for, in the order in which they came through. */
let calls: { workspace: string; answer: () => void; fail: (error: Error) => void }[] = [];
let chat: Chat;

const under = (workspace: string) =>
  new Promise<never>((resolve, reject) => {
    calls.push({ workspace, answer: () => resolve(posted(workspace) as never), fail: reject });
  });

beforeEach(() => {
  now = 0;
  calls = [];
  chat = withBreaker(
    {
      post: ({ workspace }: Destination) => under(workspace),
      update: ({ workspace }: Posted) => under(workspace),
      find: (workspace: string) => under(workspace),
      profile: vi.fn(async () => ({ standing: 'unknown' })),
    } as unknown as Chat,
    () => now,
  );
});

const outage = () => new TryLater('nothing answers');
const post = (workspace = 'one') => chat.post(to(workspace), CARD);
/** A call that comes through, and how it ends. */
async function through(end: 'answered' | Error, workspace = 'one'): Promise<unknown> {
  const before = calls.length;
  const work = post(workspace).catch((error: unknown) => error);
  const call = calls[before];
  if (!call) throw new Error('nothing came through');
  if (end === 'answered') call.answer();
  else call.fail(end);
  return work;
}
/** How many seconds a call is put off that doesn't come through; null for one that does. */
async function putOff(workspace = 'one'): Promise<number | null> {
  const before = calls.length;
  const work = post(workspace).catch((error: unknown) => error);
  if (calls.length > before) return null;
  const error = await work;
  expect(error).toBeInstanceOf(TryLater);
  return (error as TryLater).afterSeconds ?? null;
}

describe('a workspace that doesn’t answer', () => {
  it('is left alone for half a second: who comes then is put off at once', async () => {
    expect(await through(outage())).toEqual(outage());
    expect(await putOff()).toBe(0.5);
    now = 499;
    expect(await putOff()).toBe(0.5);
    now = 500;
    expect(await putOff()).toBeNull();
  });

  it('is left alone by updates and searches too', async () => {
    await through(outage());
    await expect(chat.update(posted('one'), CARD)).rejects.toThrow('left alone');
    await expect(chat.find('one', 'tess@northwind.example')).rejects.toThrow(TryLater);
    expect(calls).toHaveLength(1);
  });

  it('is still asked who somebody is', async () => {
    await through(outage());
    await expect(chat.profile('one', 'tess')).resolves.toEqual({ standing: 'unknown' });
  });

  it('is tried by one alone, and the others are put off meanwhile', async () => {
    await through(outage());
    now = 500;
    const probe = post();
    expect(calls).toHaveLength(2);
    expect(await putOff()).toBe(0.5);
    calls[1]?.answer();
    await probe;
    expect(await putOff()).toBeNull();
  });

  it('is left alone twice as long each time, and never longer than fifteen seconds', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      await through(outage());
      const seconds = (await putOff()) ?? 0;
      waits.push(seconds);
      now += seconds * 1000;
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 15, 15, 15]);
  });

  it('starts from half a second again once it has answered', async () => {
    for (let n = 0; n < 4; n++) {
      await through(outage());
      now += 15_000;
    }
    await through('answered');
    await through(outage());
    expect(await putOff()).toBe(0.5);
  });

  it('is nobody else’s trouble', async () => {
    await through(outage(), 'one');
    expect(await putOff('two')).toBeNull();
    expect(await putOff('one')).toBe(0.5);
  });
});

describe('several under way together', () => {
  it('are one outage, however many of them fail', async () => {
    const all = [post(), post(), post()].map((work) => work.catch(() => null));
    for (const { fail } of calls) fail(outage());
    await Promise.all(all);
    expect(await putOff()).toBe(0.5);
  });

  it('are one outage also where the last of them fails while somebody tries again', async () => {
    const late = post().catch(() => null);
    await through(outage());
    now = 500;
    const probe = post();
    calls[0]?.fail(outage());
    await late;
    expect(await putOff()).toBe(0.5);
    expect(calls).toHaveLength(3);
    calls[2]?.answer();
    await probe;
    expect(await putOff()).toBeNull();
  });

  it('one that is answered says that the workspace is there', async () => {
    const late = post();
    await through(outage());
    calls[0]?.answer();
    await late;
    expect(await putOff()).toBeNull();
  });
});

describe('what is an answer', () => {
  it.each([
    ['patience that is asked for', new TryLater('asks for patience', 30)],
    ['a chat that is gone', new Unreachable('the chat is gone')],
    ['a card that isn’t taken', new Error('400')],
  ])('%s leaves the next call alone', async (_what, error) => {
    expect(await through(error)).toBe(error);
    expect(await putOff()).toBeNull();
  });

  it('and ends an outage', async () => {
    await through(outage());
    now = 500;
    await through(new TryLater('asks for patience', 30));
    expect(await putOff()).toBeNull();
  });
});
