import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ACTIVITY_TAMPERINGS, type Fields, type Tamper } from '../../../src/playground/teams/index.js';
import { caught, DELTA, delta, NORTHWIND, newest, openWorld, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
const ASK = 'acme/shared 30m mail is stuck';
let world: World;

beforeEach(async () => {
  // botbuilder tells the terminal of every token that it doesn't believe.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  world = await openWorld();
  await world.teams.says(NORTHWIND, tess, 'acme/front-desk 30m printer is down');
  await world.show('R-TEST01');
  world.asked.length = 0;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

const type = (tamper: Tamper, words = ASK) => world.teams.says(NORTHWIND, tess, words, { tamper });
const approve = (tamper?: Tamper) =>
  world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve', tamper ? { tamper } : {});
const _authorizationOf = (token: string) => ({ authorization: `Bearer ${token}` });

/** Nobody was asked for, nothing was judged, and nobody was told anything. */
function untouched(): void {
  expect(world.asked).toEqual([]);
  expect(world.desk.requests.size).toBe(1);
  expect(world.desk.decisions).toEqual([]);
  expect(told(world, tess)).toHaveLength(2);
}

describe('what Teams vouches for, and still isn’t right', () => {
  it.each(ACTIVITY_TAMPERINGS)('%s: refused, counted, and nothing is done', async (tamper) => {
    for (const seen of [await type(tamper), await approve(tamper)]) {
      expect([401, 403]).toContain(seen.status);
      expect(seen.delivered?.body).toBeUndefined();
    }
    untouched();
    const kind = tamper.endsWith('timestamp') && tamper !== 'no timestamp' ? 'timestamp' : undefined;
    const elsewhere = /foreign|other (tenant|recipient)/.test(tamper) ? 'elsewhere' : 'malformed';
    expect(world.unverified).toEqual([kind ?? elsewhere, kind ?? elsewhere]);
  });

  const bent = (change: (activity: Fields) => Fields): Tamper => change;
  const within = (name: string, change: Fields) =>
    bent((activity) => ({ ...activity, [name]: { ...(activity[name] as Fields), ...change } }));
  const minutes = (n: number) =>
    bent((activity) => ({ ...activity, timestamp: new Date(Date.now() + n * 60_000).toISOString() }));

  it.each<[string, Tamper, string]>([
    ['a blank conversation', within('conversation', { id: '  ' }), 'malformed'],
    ['a conversation of no kind', within('conversation', { conversationType: '' }), 'malformed'],
    ['a conversation of another tenant', within('conversation', { tenantId: DELTA }), 'elsewhere'],
    ['a conversation of a blank tenant', within('conversation', { tenantId: '' }), 'elsewhere'],
    ['a tenant that is a list', within('channelData', { tenant: { id: [NORTHWIND] } }), 'malformed'],
    ['Delta’s tenant', within('channelData', { tenant: { id: DELTA } }), 'elsewhere'],
    ['a blank sender', within('from', { id: ' ' }), 'malformed'],
    ['an object id that is none', within('from', { aadObjectId: 'lena' }), 'malformed'],
    ['Delta’s bot as its recipient', within('recipient', { id: `28:${delta.bot.appId}` }), 'elsewhere'],
    ['a blank serviceUrl', bent((a) => ({ ...a, serviceUrl: '' })), 'malformed'],
    ['a serviceUrl without a scheme', bent((a) => ({ ...a, serviceUrl: '//attacker.example' })), 'malformed'],
    ['a channelId in capitals', bent((a) => ({ ...a, channelId: 'MSTEAMS' })), 'malformed'],
    ['a blank id', bent((a) => ({ ...a, id: ' ' })), 'malformed'],
    ['a blank type', bent((a) => ({ ...a, type: '' })), 'malformed'],
    ['a time that is none', bent((a) => ({ ...a, timestamp: 'soon' })), 'timestamp'],
    ['a blank time', bent((a) => ({ ...a, timestamp: '' })), 'timestamp'],
    ['a time eleven minutes ago', minutes(-11), 'timestamp'],
    ['a time eleven minutes ahead', minutes(11), 'timestamp'],
  ])('%s: refused with 403', async (_what, tamper, kind) => {
    const seen = await type(tamper);
    expect([seen.status, seen.delivered?.body]).toEqual([403, undefined]);
    untouched();
    expect(world.unverified).toEqual([kind]);
  });

  it.each(['', 'signin/verifyState', 'composeExtension/query', 'adaptiveCard/Action'])(
    'an invoke called “%s” is nothing that Keyturn is for',
    async (name) => {
      expect((await approve((activity) => ({ ...activity, name }))).status).toBe(403);
      untouched();
      expect(world.unverified).toEqual(['malformed']);
    },
  );

  it('an action of a kind that no card of ours sends is refused', async () => {
    const action = { type: 'Action.Submit', verb: 'approve', data: { id: 'R-TEST01' } };
    expect((await approve((activity) => ({ ...activity, value: { action } }))).status).toBe(403);
    untouched();
  });

  it('a tenant in capitals is the same tenant', async () => {
    await type(within('channelData', { tenant: { id: NORTHWIND.toUpperCase() } }));
    expect(world.desk.requests.size).toBe(2);
  });

  it('what happens to people without an object id of theirs is heard, and is no act', async () => {
    const { activity } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    const { aadObjectId: _, ...from } = activity.from as Fields;
    const news = { ...activity, type: 'conversationUpdate', from, membersAdded: [{ id: '29:somebody' }] };
    expect((await world.teams.deliver(NORTHWIND, news)).status).toBe(200);
    untouched();
  });

  it.each(['typing', 'messageReaction', 'event', 'endOfConversation'])(
    'a %s is taken, and does nothing',
    async (kind) => {
      expect((await type((activity) => ({ ...activity, type: kind }))).status).toBe(200);
      untouched();
    },
  );
});

describe('what was recorded', () => {
  it('is answered the same within minutes, and does nothing again', async () => {
    const asked = await world.teams.says(NORTHWIND, tess, ASK);
    const pressed = await approve();
    if (!asked.delivered || !pressed.delivered) throw new Error('nothing was sent');
    const before = [...told(world, tess)];
    expect((await world.teams.replay(asked.delivered)).status).toBe(200);
    expect((await world.teams.replay(pressed.delivered)).body).toEqual(pressed.delivered.body);
    expect(world.desk.requests.size).toBe(2);
    expect(world.desk.decisions).toHaveLength(1);
    expect(told(world, tess)).toEqual(before);
  });

  it('is refused afterwards, though its token is still good', async () => {
    const { delivered } = await approve();
    if (!delivered) throw new Error('nothing was sent');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    try {
      const again = await world.teams.replay(delivered);
      expect([again.status, again.body]).toEqual([403, undefined]);
      expect(world.unverified).toEqual(['timestamp']);
    } finally {
      vi.useRealTimers();
    }
    expect(world.desk.decisions).toHaveLength(1);
  });
});
