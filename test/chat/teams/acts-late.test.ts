import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WORKING } from '../../../src/chat/teams/words.js';
import type { Change } from '../../../src/core/change.js';
import { NORTHWIND, newest, openWorld, REQUESTS, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
const ASK = 'acme/front-desk 30m printer is down #T-204';
const ASKED =
  'Asked: R-TEST01. Acme Dental, Front desk PC (acme/front-desk), 30 minutes. You will hear here when it is decided.';
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const type = (words: string, user: string = tess) => world.teams.says(NORTHWIND, user, words);
const mention = (words: string, user: string = tess) =>
  world.teams.says(NORTHWIND, user, words, { conversation: REQUESTS, mention: true });
const press = (button: string, user: string = lena) =>
  world.teams.presses(NORTHWIND, user, newest(world, user), button);
/** The desk's next commit waits until it is let go. */
function heldUp(): () => void {
  const commit = world.desk.commit.bind(world.desk);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  vi.spyOn(world.desk, 'commit').mockImplementationOnce(async (change: Change) => {
    await held;
    return commit(change);
  });
  return letGo;
}

describe('a desk that takes its time', () => {
  beforeEach(async () => {
    await world.close();
    world = await openWorld({ answerMs: 20 });
  });

  it('whoever pressed hears that it is under way, and the answer comes to their chat', async () => {
    await world.teams.says(NORTHWIND, tess, ASK);
    await world.teams.until(() => told(world, tess).includes(ASKED));
    await world.show('R-TEST01');
    const before = told(world, lena).length;
    const letGo = heldUp();
    const seen = await press('Approve');
    expect(seen.message).toBe(WORKING);
    if (!seen.delivered) throw new Error('nothing was sent');
    expect((await world.teams.replay(seen.delivered)).body).toEqual(seen.delivered.body);
    world.desk.broken = new Error('the disk is full');
    letGo();
    await world.teams.until(() => told(world, lena).length > before);
    expect(told(world, lena).slice(before)).toEqual([expect.stringContaining('Something went wrong')]);
    expect((await world.teams.replay(seen.delivered)).body).toEqual(seen.delivered.body);
    expect(told(world, lena)).toHaveLength(before + 1);
  });

  it('what was typed is taken at once, and answered when it is done', async () => {
    const letGo = heldUp();
    expect((await type(ASK)).status).toBe(200);
    expect(told(world, tess)).toEqual([]);
    letGo();
    await world.teams.until(() => told(world, tess).length > 0);
    expect(told(world, tess)).toEqual([ASKED]);
  });

  it('whoever still waits has their answer before Keyturn stops', async () => {
    const letGo = heldUp();
    await type(ASK);
    const stopped = world.chat.stop().then(() => [...told(world, tess)]);
    letGo();
    expect(await stopped).toEqual([ASKED]);
  });

  it('a card that comes too late for the press comes once', async () => {
    await type(ASK);
    await world.teams.until(() => told(world, tess).includes(ASKED));
    await world.show('R-TEST01');
    const before = told(world, lena).length;
    world.teams.failNext('sendActivity', { delayMs: 60 });
    const action = { type: 'Action.Execute', verb: 'show', data: { id: 'R-TEST01' } };
    const seen = await world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve', {
      tamper: (a) => ({ ...a, value: { action, trigger: 'manual' } }),
    });
    expect(seen.message).toBe(WORKING);
    await world.teams.until(() => told(world, lena).length > before);
    await world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve');
    expect(told(world, lena)).toHaveLength(before + 1);
  });
});

describe('a fault in the desk', () => {
  const reference =
    /^Something went wrong on our side, and nothing was changed unless a card says so\. Reference ([0-9a-f]{8})\.$/;

  it.each([
    ['typed', () => type(ASK)],
    ['typed in a channel', () => mention(ASK)],
  ])('is one safe sentence for what was %s, with the reference that the log has', async (_how, act) => {
    world.desk.broken = new Error('duplicate key value violates unique constraint "requests_pkey"');
    await act();
    const said = told(world, tess).at(-1) ?? '';
    const [, id] = reference.exec(said) ?? [];
    expect(id).toBeDefined();
    const line =
      world
        .log()
        .split('\n')
        .find((one) => one.includes(`"reference":"${id}"`)) ?? '';
    expect(line).toContain('requests_pkey');
    expect(world.desk.requests.size).toBe(0);
  });

  it('is the same for what was pressed', async () => {
    await type(ASK);
    await world.show('R-TEST01');
    world.desk.broken = new Error('requests_pkey');
    const { message, status } = await press('Approve');
    expect(status).toBe(200);
    const [, id] = reference.exec(message ?? '') ?? [];
    expect(world.log()).toContain(`"reference":"${id}"`);
    expect(world.desk.decisions).toEqual([]);
    expect((await press('Approve')).message).toBe('Done. The cards say the rest.');
  });

  it('an answer that Teams doesn’t take is in the log, and what was done is done', async () => {
    world.teams.failNext('sendActivity', { status: 503 });
    expect((await type(ASK)).status).toBe(200);
    expect(world.desk.requests.size).toBe(1);
    expect(world.log()).toContain('an answer could not be given in Teams');
  });

  it('a conversation that can’t be kept now keeps nobody from acting', async () => {
    await type('mine');
    const kept = world.conversations(NORTHWIND);
    vi.spyOn(kept, 'open').mockRejectedValueOnce(new Error('the database is away'));
    expect((await type(ASK)).status).toBe(200);
    expect(world.desk.requests.size).toBe(1);
    expect(world.log()).toContain('where somebody spoke could not be kept');
  });
});
