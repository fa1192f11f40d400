import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unreachable } from '../../../src/chat/chat.js';
import type { Fields } from '../../../src/playground/teams/index.js';
import { CARD, unreachable } from './sending.js';
import {
  DELTA,
  NOOR,
  NORTHWIND,
  newest,
  openWorld,
  REQUESTS,
  TEAM,
  told,
  USERS,
  type World,
} from './world.js';

const { tess, lena, nobody, guest, theo, maya } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const to = (userId: string, workspace = NORTHWIND) => ({ platform: 'teams', workspace, userId }) as const;
const kept = (of: string, tenant = NORTHWIND) => world.conversations(tenant).find(of);

describe('who adds the app', () => {
  it('is kept, welcomed once, and can be written to from then on', async () => {
    await world.teams.installs(NORTHWIND, maya);
    expect(await kept(maya)).toMatchObject({
      conversation: world.teams.chatId(NORTHWIND, maya),
      ...{ userId: maya, state: 'open', serviceUrl: world.teams.serviceUrl(NORTHWIND) },
    });
    expect(told(world, maya)).toHaveLength(2);
    expect(told(world, maya)[0]).toContain('What you can type');
    expect(told(world, maya)[1]).toContain('You hold nothing now.');
    expect(world.reachable()).toBe(1);
    const posted = await world.chat.post(to(maya), CARD);
    expect(posted.channel).toBe(world.teams.chatId(NORTHWIND, maya));
  });

  it.each([
    ['a guest', guest],
    ['somebody whom nobody has declared', nobody],
  ])('%s is not welcomed, and hears nothing', async (_who, user) => {
    await world.teams.uninstalls(NORTHWIND, user);
    await world.teams.installs(NORTHWIND, user);
    expect(told(world, user)).toEqual([]);
    expect(world.desk.requests.size).toBe(0);
  });

  it('whoever gets a new version of it is not welcomed again', async () => {
    await world.teams.installs(NORTHWIND, maya, {
      tamper: (a) => (a.type === 'installationUpdate' ? { ...a, action: 'add-upgrade' } : a),
    });
    expect(told(world, maya)).toEqual([]);
    expect((await kept(maya))?.state).toBe('open');
  });

  it.each([undefined, '', 'maybe'])('an installation that is called “%s” says nothing', async (action) => {
    const only = (a: Fields) =>
      a.type === 'installationUpdate' ? { ...a, action } : { ...a, type: 'event' };
    await world.teams.installs(NORTHWIND, maya, { tamper: only });
    expect(await kept(maya)).toBeNull();
    expect(told(world, maya)).toEqual([]);
  });

  it('the word of it makes up for a first one that was lost', async () => {
    await world.teams.installs(NORTHWIND, maya, {
      tamper: (a) => (a.type === 'conversationUpdate' ? { ...a, type: 'event' } : a),
    });
    expect((await kept(maya))?.state).toBe('open');
    expect(world.reachable()).toBe(1);
    expect(told(world, maya)).toHaveLength(2);
  });

  it('a welcome that Teams doesn’t take is in the log, and the chat is kept', async () => {
    world.teams.failNext('sendActivity', { status: 503 });
    expect((await world.teams.installs(NORTHWIND, maya)).ok).toBe(true);
    expect((await kept(maya))?.state).toBe('open');
    expect(world.log()).toContain('could not be greeted');
  });
});

describe('who speaks', () => {
  it('is reachable from the first word on, and that is news once', async () => {
    for (let n = 0; n < 3; n++) await world.teams.says(NORTHWIND, tess, 'mine');
    expect(world.reachable()).toBe(1);
    expect((await kept(tess))?.state).toBe('open');
  });

  it('is known by then, so that the cards that wait find them', async () => {
    await world.close();
    const known: number[] = [];
    world = await openWorld({ onReachable: () => void known.push(world.asked.length) });
    await world.teams.says(NORTHWIND, tess, 'mine');
    expect(known).toEqual([1]);
  });

  it('in a channel makes the team known, not a chat of theirs', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine', { conversation: REQUESTS, mention: true });
    expect(await kept(TEAM)).toMatchObject({ userId: null, state: 'open' });
    expect(world.conversations(NORTHWIND).rows.filter((row) => row.userId !== null)).toHaveLength(1);
    expect(world.conversations(DELTA).rows).toEqual([]);
  });

  it('says where Teams wants the next word, and the newest counts', async () => {
    const elsewhere = `${world.teams.url}/teams/`;
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.conversations(NORTHWIND).open({
      ...{ conversation: world.teams.chatId(NORTHWIND, tess), userId: tess },
      serviceUrl: 'http://127.0.0.1:1/old/',
    });
    await expect(world.chat.post(to(tess), CARD)).rejects.toThrow('reached');
    await world.teams.says(NORTHWIND, tess, 'mine');
    expect((await kept(tess))?.serviceUrl).toBe(world.teams.serviceUrl(NORTHWIND));
    expect((await kept(tess))?.serviceUrl).not.toBe(elsewhere);
    await world.chat.post(to(tess), CARD);
    expect(newest(world, tess).card).toBeDefined();
  });
});

describe('who removes or blocks the app', () => {
  it('removed: the chat is closed, and a card says why it can’t come', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.teams.uninstalls(NORTHWIND, tess);
    expect(await kept(tess)).toMatchObject({ state: 'closed', why: 'Keyturn was removed there' });
    await expect(world.chat.post(to(tess), CARD)).rejects.toMatchObject(
      unreachable('Keyturn isn’t added there'),
    );
  });

  it('added again: cards arrive again, and that is news again', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.teams.uninstalls(NORTHWIND, tess);
    await world.teams.installs(NORTHWIND, tess);
    expect(world.reachable()).toBe(2);
    await world.chat.post(to(tess), CARD);
    expect(told(world, tess).at(-1)).toContain('One line.');
  });

  it('added again, and no word of it came: Teams is asked, and the card arrives', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.teams.uninstalls(NORTHWIND, tess);
    await world.teams.installs(NORTHWIND, tess, { tamper: (a) => ({ ...a, type: 'event' }) });
    await world.chat.post(to(tess), CARD);
    expect((await kept(tess))?.state).toBe('open');
  });

  it('blocked: the next card finds out, and the one after an unblocking arrives', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.teams.blocks(NORTHWIND, tess);
    await expect(world.chat.post(to(tess), CARD)).rejects.toMatchObject(
      unreachable('Keyturn is blocked there'),
    );
    expect(await kept(tess)).toMatchObject({ state: 'closed', why: 'Keyturn is blocked there' });
    await expect(world.chat.post(to(tess), CARD)).rejects.toThrow(Unreachable);
    await world.teams.unblocks(NORTHWIND, tess);
    await world.chat.post(to(tess), CARD);
    expect((await kept(tess))?.state).toBe('open');
  });
});

describe('a team', () => {
  it('that gets the app is kept, and nobody in it is disturbed', async () => {
    await world.teams.uninstalls(NORTHWIND, lena, { channel: REQUESTS });
    expect((await kept(TEAM))?.state ?? 'closed').toBe('closed');
    await world.teams.installs(NORTHWIND, lena, { channel: REQUESTS });
    expect(await kept(TEAM)).toMatchObject({ userId: null, state: 'open' });
    expect(world.teams.channel(NORTHWIND, REQUESTS)).toEqual([]);
    expect(world.reachable()).toBe(0);
  });

  it('that lets it go is closed, and the requests channel takes no card', async () => {
    await world.teams.says(NORTHWIND, lena, 'mine', { conversation: REQUESTS, mention: true });
    await world.teams.uninstalls(NORTHWIND, lena, { channel: REQUESTS });
    expect(await kept(TEAM)).toMatchObject({ state: 'closed', why: 'Keyturn was removed there' });
    const channel = { platform: 'teams', workspace: NORTHWIND, channel: REQUESTS } as const;
    await expect(world.chat.post(channel, CARD)).rejects.toMatchObject(
      unreachable('Keyturn isn’t added there'),
    );
  });

  it('that somebody leaves is no reason to end their link', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    await world.teams.parts(NORTHWIND, tess, REQUESTS, lena);
    expect(world.deactivated).toEqual([]);
    await world.teams.joins(NORTHWIND, tess, REQUESTS, lena);
    expect(world.deactivated).toEqual([]);
  });

  it('that somebody leaves who has left the house ends their link', async () => {
    await world.teams.says(NORTHWIND, tess, 'mine');
    const gone = { id: '29:tess', aadObjectId: tess };
    const parted: Fields[] = [];
    await world.teams.parts(NORTHWIND, tess, REQUESTS, lena).then(({ delivered }) => {
      if (delivered) parted.push({ ...delivered.activity, membersRemoved: [gone] });
    });
    await world.teams.leaves(NORTHWIND, tess);
    for (const activity of parted) await world.teams.deliver(NORTHWIND, { ...activity, id: 'again' });
    expect(world.deactivated).toEqual([{ identity: to(tess), standing: 'deactivated' }]);
  });
});

describe('somebody who has never spoken', () => {
  it('gets their card where the app is added', async () => {
    await world.chat.post(to(lena), CARD);
    expect(told(world, lena)).toHaveLength(1);
    expect(await kept(lena)).toMatchObject({ userId: lena, state: 'open' });
    await world.chat.post(to(lena), CARD);
    expect(world.teams.calls.filter((c) => c.operation === 'createConversation')).toHaveLength(1);
  });

  it('is unreachable where it isn’t, in words that say so', async () => {
    await expect(world.chat.post(to(theo), CARD)).rejects.toMatchObject(
      unreachable('Keyturn isn’t added there'),
    );
  });

  it('is unreachable where the directory has them no more', async () => {
    await world.teams.leaves(NORTHWIND, lena);
    await expect(world.chat.post(to(lena), CARD)).rejects.toMatchObject(unreachable('the account is gone'));
  });

  it('is unreachable in a tenant that isn’t theirs or isn’t configured', async () => {
    await expect(world.chat.post(to(NOOR), CARD)).rejects.toThrow(Unreachable);
    await expect(world.chat.post(to(tess, 'ffffffff-0000-4000-8000-00000000dead'), CARD)).rejects.toThrow(
      Unreachable,
    );
    await world.chat.post(to(NOOR, DELTA), CARD);
    expect(told(world, NOOR, DELTA)).toHaveLength(1);
  });
});
