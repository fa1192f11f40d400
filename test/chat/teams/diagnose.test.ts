import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/config/secret.js';
import { DELTA, NOOR, NORTHWIND, openWorld, PASSWORD, REQUESTS, USERS, type World } from './world.js';

const { tess, lena } = USERS;
let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const says = async (tenant = NORTHWIND) =>
  (await world.chat.diagnose()).find(({ workspace }) => workspace === tenant);
const heard = () => world.teams.says(NORTHWIND, tess, 'mine');
const fails = (words: string | RegExp) => ({ ok: false, says: expect.stringMatching(words) });

describe('the diagnosis', () => {
  it('says of each tenant that it is well', async () => {
    await heard();
    await world.teams.says(DELTA, NOOR, 'mine');
    expect(await world.chat.diagnose()).toEqual([
      { workspace: NORTHWIND, ok: true, says: 'Teams answers, and the app is added.' },
      { workspace: DELTA, ok: true, says: 'Teams answers, and the app is added.' },
    ]);
  });

  it('of one that nobody has added the app in, what to upload and where', async () => {
    await heard();
    expect(await says(DELTA)).toMatchObject(fails('Nobody has added the app yet: upload the package'));
    expect(await says()).toMatchObject({ ok: true });
  });

  it('of one that everybody has removed it from, the same', async () => {
    await heard();
    await world.teams.uninstalls(NORTHWIND, tess);
    expect(await says()).toMatchObject(fails('Nobody has added the app yet'));
  });

  it('of a wrong secret, which settings to repair, and not the secret', async () => {
    await world.close();
    world = await openWorld({ entry: { appPassword: new Secret(`${PASSWORD}x`) } });
    const found = await says();
    expect(found).toMatchObject(fails('refuses app_id or app_password \\(invalid_client AADSTS7000215\\)'));
    expect(JSON.stringify([found, world.log()])).not.toContain(PASSWORD);
  });

  it('of an app that the tenant doesn’t have, the same settings', async () => {
    await world.close();
    world = await openWorld({ entry: { appId: '99999999-0000-4000-8000-0000000000ff' } });
    expect(await says()).toMatchObject(fails('unauthorized_client AADSTS700016'));
  });

  it.each(['refused', 'unavailable'] as const)('of a login that is away (%s), that it is', async (how) => {
    world.teams.down(how);
    expect(await says()).toMatchObject(fails("Microsoft's login can't be reached"));
    world.teams.down(false);
  });

  it('of a channel that isn’t open to the app, which one and what to add', async () => {
    await heard();
    await world.teams.uninstalls(NORTHWIND, lena, { channel: REQUESTS });
    const found = await says();
    expect(found).toMatchObject(
      fails("requests_channel .*isn't open to the app \\(BotNotInConversationRoster\\)"),
    );
    expect(found?.says).toContain(REQUESTS);
  });

  it('of an alerts channel that there isn’t, its setting', async () => {
    await world.close();
    world = await openWorld({ entry: { alertsChannel: '19:nowhere@thread.tacv2' } });
    await heard();
    expect(await says()).toMatchObject(fails('alerts_channel 19:nowhere.*\\(ConversationNotFound\\)'));
  });

  it('of a channel that can’t be asked for now, only that', async () => {
    await heard();
    world.teams.failNext('getMembers', { status: 503 });
    expect(await says()).toMatchObject(fails("can't be seen: Teams answers with 503"));
  });
});
