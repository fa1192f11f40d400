import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  caught,
  DELTA,
  NOOR,
  NORTHWIND,
  openWorld,
  REQUESTS,
  send,
  TEAM,
  told,
  USERS,
  type World,
} from './world.js';

const { tess, lena, guest, nobody, theo, sana } = USERS;
const ASK = 'acme/front-desk 30m printer is down';
const MINUTES = 60_000;
let world: World;
let now = 0;

beforeEach(async () => {
  now = 0;
  world = await openWorld({ now: () => now });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

const type = (words: string, user: string = tess, tenant = NORTHWIND) =>
  world.teams.says(tenant, user, words);
/** Teams says something else of its members. */
function membersAre(change: object): void {
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const response = await real(url, init);
    if (!/\/members\//.test(String(url))) return response;
    return Response.json({ ...((await response.json()) as object), ...change });
  });
}
const nothing = () => expect(world.desk.requests.size).toBe(0);

describe('who is no full member is refused, with a sentence', () => {
  it('a guest', async () => {
    await type(ASK, guest);
    expect(told(world, guest)).toEqual([
      'Guests of this workspace can’t use Keyturn. Ask from a full account.',
    ]);
    expect(world.deactivated).toEqual([
      { identity: { platform: 'teams', workspace: NORTHWIND, userId: guest }, standing: 'guest' },
    ]);
    nothing();
  });

  it('somebody whom nobody has declared', async () => {
    await type(ASK, nobody);
    expect(told(world, nobody).at(-1)).toContain('I don’t know you as one of the people of this Keyturn');
    nothing();
  });

  it.each([
    ['of another tenant', { tenantId: DELTA }, 'belongs to another workspace'],
    ['of no tenant that Teams names', { tenantId: undefined }, 'could not say who you are'],
    ['of no role that Teams names', { userRole: undefined }, 'could not say who you are'],
    ['who is anonymous', { userRole: 'anonymous' }, 'Guests of this workspace'],
    ['of a role that is new', { userRole: 'federated' }, 'could not say who you are'],
    ['with somebody else’s id', { aadObjectId: lena, objectId: lena }, 'could not say who you are'],
    ['without an address', { email: '', userPrincipalName: '' }, 'no confirmed e-mail address'],
  ])('somebody %s', async (_who, change, words) => {
    membersAre(change);
    await type(ASK);
    expect(told(world, tess).at(-1)).toContain(words);
    nothing();
  });

  it('somebody whose account was deactivated, though their words were sent before', async () => {
    await type('mine');
    const { activity, authorization } = await caught(world, () => type(ASK));
    await world.teams.leaves(NORTHWIND, tess);
    now += 11 * MINUTES;
    expect((await send(world.url(NORTHWIND), activity, { authorization })).status).toBe(200);
    nothing();
    expect(world.deactivated).toEqual([
      { identity: { platform: 'teams', workspace: NORTHWIND, userId: tess }, standing: 'deactivated' },
    ]);
  });

  it('whoever presses is asked for just the same', async () => {
    await type(ASK);
    await world.show('R-TEST01');
    const [card] = world.teams.channel(NORTHWIND, REQUESTS).filter((message) => message.card);
    if (!card) throw new Error('no card in the channel');
    const { message } = await world.teams.presses(NORTHWIND, guest, card, 'Approve');
    expect(message).toBe('Guests of this workspace can’t use Keyturn. Ask from a full account.');
    expect(world.desk.decisions).toEqual([]);
  });

  it('and while Teams can’t say who somebody new is, nobody is let in on a guess', async () => {
    world.teams.failNext('getMember', { status: 503, times: 10 });
    await type(ASK);
    expect(told(world, tess).at(-1)).toContain('The chat could not say who you are');
    nothing();
  });
});

describe('who becomes a guest later', () => {
  it('is noticed when Teams’ last word is ten minutes old', async () => {
    await type('mine');
    await world.teams.changes(NORTHWIND, tess, { guest: true });
    expect(world.deactivated).toEqual([]);
    now += 10 * MINUTES;
    await type(ASK);
    expect(told(world, tess).at(-1)).toContain('Guests of this workspace');
    expect(world.deactivated).toEqual([expect.objectContaining({ standing: 'guest' })]);
    nothing();
  });

  it('is asked for again at every try, and let in once they are a member again', async () => {
    await world.teams.changes(NORTHWIND, tess, { guest: true });
    await type(ASK);
    await world.teams.changes(NORTHWIND, tess, { guest: false });
    await type(ASK);
    expect(world.desk.requests.size).toBe(1);
  });

  it('is not noticed sooner at the price of a question for every word', async () => {
    await type('mine');
    const before = world.teams.calls.filter((call) => call.operation === 'getMember').length;
    for (let n = 0; n < 3; n++) await type('mine');
    const after = world.teams.calls.filter((call) => call.operation === 'getMember').length;
    // The desk that stands in here remembers nobody, and asks for a profile each time.
    expect(after - before).toBe(3);
  });
});

describe('a profile', () => {
  it('is Teams’ own word, asked for in the person’s chat', async () => {
    await type('mine');
    expect(await world.chat.profile(NORTHWIND, tess)).toEqual({
      ...{ platform: 'teams', workspace: NORTHWIND, userId: tess, of: 'operator' },
      ...{ standing: 'member', email: 'tess@northwind.example' },
    });
    await type('mine', NOOR, DELTA);
    expect(await world.chat.profile(DELTA, NOOR)).toMatchObject({ of: 'delta', standing: 'member' });
  });

  it('of somebody without the app is asked for in their team', async () => {
    await world.teams.says(NORTHWIND, theo, 'mine', { conversation: REQUESTS, mention: true });
    expect(await world.chat.profile(NORTHWIND, theo)).toMatchObject({ standing: 'member' });
    expect(world.teams.calls.findLast((call) => call.operation === 'getMember')?.conversation).toBe(TEAM);
  });

  it('is asked for in the requests channel where nobody has been heard of yet', async () => {
    expect((await world.chat.profile(NORTHWIND, tess)).standing).toBe('member');
    expect((await world.chat.profile(NORTHWIND, guest)).standing).toBe('guest');
  });

  it('is unknown of whoever is nowhere that the app is, and of somebody of another tenant', async () => {
    expect((await world.chat.profile(NORTHWIND, sana)).standing).toBe('unknown');
    expect((await world.chat.profile(DELTA, NOOR)).standing).toBe('unknown');
    await type('mine');
    expect((await world.chat.profile(NORTHWIND, NOOR)).standing).toBe('unknown');
  });

  it.each([
    ['a 404 that isn’t Teams’ own', { status: 404, code: '' }],
    ['a 500', { status: 500 }],
    ['a refused token', { status: 401, code: 'Unauthorized' }],
    ['a cut connection', { cut: true }],
  ])('is unknown after %s: nobody’s link is ended for it', async (_what, failure) => {
    await type('mine');
    world.teams.failNext('getMember', { ...failure, times: 5 });
    expect((await world.chat.profile(NORTHWIND, tess)).standing).toBe('unknown');
    expect(world.deactivated).toEqual([]);
  });

  it('is waited for once where nothing answers, and not once for every team', async () => {
    await type('mine');
    const kept = world.conversations(NORTHWIND);
    const serviceUrl = world.teams.serviceUrl(NORTHWIND);
    for (let n = 0; n < 5; n++) await kept.open({ conversation: `19:team-${n}`, userId: null, serviceUrl });
    world.teams.down('refused');
    const asked = vi.spyOn(globalThis, 'fetch');
    expect((await world.chat.profile(NORTHWIND, tess)).standing).toBe('unknown');
    expect(asked).toHaveBeenCalledTimes(1);
    world.teams.down(false);
  });
});

describe('somebody looked for by e-mail', () => {
  const find = (email: string) => world.chat.find(NORTHWIND, email);

  beforeEach(async () => {
    await world.teams.says(NORTHWIND, lena, 'mine', { conversation: REQUESTS, mention: true });
  });

  it('is found in the teams that have the app', async () => {
    expect(await find('Tess@Northwind.example')).toMatchObject({ userId: tess, standing: 'member' });
    expect(await find('noor@delta.example')).toBeNull();
    expect(await world.chat.find(DELTA, 'noor@delta.example')).toBeNull();
  });

  it('a guest is found by no address', async () => {
    expect(await find('luis@northwind.example')).toBeNull();
  });

  it('is looked for in the next team where one has let the app go', async () => {
    const serviceUrl = world.teams.serviceUrl(NORTHWIND);
    await world
      .conversations(NORTHWIND)
      .open({ conversation: '19:gone@thread.tacv2', userId: null, serviceUrl });
    expect(await find('tess@northwind.example')).toMatchObject({ userId: tess });
  });
});
