import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { teamsChat } from '../../../src/chat/teams/index.js';
import { Secret } from '../../../src/config/secret.js';
import { type Tamper, TOKEN_TAMPERINGS } from '../../../src/playground/teams/index.js';
import { theKeys } from '../../../src/playground/teams/keys.js';
import {
  caught,
  configured,
  DELTA,
  LENAS_DOUBLE,
  NOOR,
  NORTHWIND,
  newest,
  northwind,
  openWorld,
  send,
  told,
  USERS,
  type World,
} from './world.js';

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
const authorizationOf = (token: string) => ({ authorization: `Bearer ${token}` });

/** Nobody was asked for, nothing was judged, and nobody was told anything. */
function untouched(): void {
  expect(world.asked).toEqual([]);
  expect(world.desk.requests.size).toBe(1);
  expect(world.desk.decisions).toEqual([]);
  expect(told(world, tess)).toHaveLength(2);
}

describe('what isn’t from Teams', () => {
  it.each(TOKEN_TAMPERINGS)(
    '%s: refused with 401, counted as a token, and nothing is done',
    async (tamper) => {
      for (const seen of [await type(tamper), await approve(tamper)]) {
        expect(seen.status).toBe(401);
        expect(seen.delivered?.body).toBeUndefined();
      }
      untouched();
      expect(world.unverified).toEqual(['token', 'token']);
    },
  );

  it.each([
    ['no authorization', {}],
    ['a blank one', { authorization: '' }],
    ['spaces', { authorization: '   ' }],
    ['a bearer of nothing', { authorization: 'Bearer ' }],
    ['a name and a password', { authorization: 'Basic dGVzczpmb28=' }],
    ['words', { authorization: 'Bearer let me in' }],
    ['two dots', { authorization: 'Bearer ..' }],
    ['a token whose claims are no object', { authorization: `Bearer x.${btoa('null')}.x` }],
    ['a token whose claims are a list', { authorization: `Bearer x.${btoa('[]')}.x` }],
  ])('%s: refused with 401', async (_what, headers) => {
    const { activity } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    expect(await send(world.url(NORTHWIND), activity, headers as Record<string, string>)).toEqual({
      ...{ status: 401, text: '' },
    });
    untouched();
    expect(world.unverified).toEqual(['token']);
  });

  it('a token of one’s own making is refused, however Microsoft’s other issuers are named in it', async () => {
    const { activity } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    const { channel, login } = await theKeys();
    const { appId } = northwind.bot;
    const serviceurl = world.teams.serviceUrl(NORTHWIND);
    const issuers = [
      `https://sts.windows.net/${NORTHWIND}/`,
      `https://login.microsoftonline.com/${NORTHWIND}/v2.0`,
      'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/',
      'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0',
      'https://sts.windows.net/f8cdef31-a31e-4b4a-93e4-5f571e91255a/',
      'https://api.botframework.us',
      'https://api.botframework.com.attacker.example',
    ];
    for (const iss of issuers)
      for (const { privateKey, kid } of [channel, login])
        for (const ver of ['1.0', '2.0'] as const) {
          const token = await new SignJWT({ appid: appId, azp: appId, ver, tid: NORTHWIND, serviceurl })
            .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
            .setIssuer(iss)
            .setAudience(appId)
            .setIssuedAt()
            .setExpirationTime('1h')
            .sign(privateKey);
          const { status } = await send(world.url(NORTHWIND), activity, authorizationOf(token));
          expect([iss, status]).toEqual([iss, 401]);
        }
    untouched();
    expect(new Set(world.unverified)).toEqual(new Set(['token']));
  });

  it('the bot’s own token, as any holder of its password can get it, is none to speak to it with', async () => {
    const { activity } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    const { appId, appPassword } = northwind.bot;
    const response = await fetch(`${world.teams.loginUrl(NORTHWIND)}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: appId, client_secret: appPassword },
        scope: 'https://api.botframework.com/.default',
      }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    const sent = await send(world.url(NORTHWIND), activity, authorizationOf(access_token));
    expect(sent).toEqual({ status: 401, text: '' });
    untouched();
  });

  it('tenants that strangers name in tokens of theirs are remembered nowhere', async () => {
    const { activity } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    const { ToBotFromBotOrEmulatorTokenValidationParameters: remembered } = (await import(
      'botframework-connector/lib/auth/tokenValidationParameters.js'
    )) as { ToBotFromBotOrEmulatorTokenValidationParameters: { issuer: string[] } };
    const before = remembered.issuer.length;
    expect(before).toBeGreaterThan(0);
    for (let n = 0; n < 20; n++) {
      const iss = n % 2 ? 'https://api.botframework.com' : `https://sts.windows.net/${n}/`;
      const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
      const token = `${part({ alg: 'RS256', typ: 'JWT', kid: 'x' })}.${part({ iss, tid: `tenant-${n}` })}.c2ln`;
      expect((await send(world.url(NORTHWIND), activity, authorizationOf(token))).status).toBe(401);
    }
    expect(remembered.issuer.length).toBe(before);
  });
});

describe('two tenants', () => {
  it('neither bot’s token opens the other’s address', async () => {
    const fromDelta = await caught(world, () => world.teams.says(DELTA, NOOR, 'mine'), DELTA);
    const fromNorthwind = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    for (const [tenant, { authorization }, { activity }] of [
      [NORTHWIND, fromDelta, fromNorthwind],
      [DELTA, fromNorthwind, fromDelta],
    ] as const) {
      const { status } = await send(world.url(tenant), activity, { authorization });
      expect(status).toBe(401);
    }
    untouched();
    expect(world.unverified).toEqual(['token', 'token']);
  });

  it('neither tenant’s people are heard at the other’s address, whatever the token', async () => {
    const fromDelta = await caught(world, () => world.teams.says(DELTA, NOOR, 'mine'), DELTA);
    const fromNorthwind = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    for (const [tenant, { authorization }, { activity }] of [
      [NORTHWIND, fromDelta, fromDelta],
      [NORTHWIND, fromNorthwind, fromDelta],
      [DELTA, fromNorthwind, fromNorthwind],
      [DELTA, fromDelta, fromNorthwind],
    ] as const)
      expect((await send(world.url(tenant), activity, { authorization })).status).toBe(403);
    untouched();
    expect(new Set(world.unverified)).toEqual(new Set(['elsewhere']));
  });

  it('somebody in Delta’s tenant with Lena’s address is not Lena', async () => {
    await world.teams.says(DELTA, LENAS_DOUBLE, 'approve R-TEST01');
    expect(world.desk.decisions).toEqual([]);
    expect(told(world, LENAS_DOUBLE, DELTA).at(-1)).toContain('I don’t know you');
  });
});

describe('what is no activity at all', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"type":'],
    ['a list', '[]'],
    ['a list of activities', '[{"type":"message"}]'],
    ['null', 'null'],
    ['a word', '"message"'],
    ['a number', '7'],
    ['an empty object', '{}'],
    ['very deep', '['.repeat(200_000)],
  ])('%s, even under a good token: refused with 403', async (_what, body) => {
    const { authorization } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    expect(await send(world.url(NORTHWIND), body, { authorization })).toEqual({ status: 403, text: '' });
    untouched();
    expect(world.unverified).toEqual(['malformed']);
  });

  it('a body that is far too long is refused before it is read, and the next one is heard', async () => {
    const { authorization } = await caught(world, () => world.teams.says(NORTHWIND, tess, ASK));
    const seen = await send(world.url(NORTHWIND), 'x'.repeat(3_000_000), { authorization }).catch(() => null);
    expect([undefined, 413]).toContain(seen?.status);
    untouched();
    expect(world.unverified).toEqual(['malformed']);
    expect((await approve()).status).toBe(200);
    expect(world.desk.decisions).toHaveLength(1);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s is answered with 405', async (method) => {
    const response = await fetch(world.url(NORTHWIND), { method });
    expect([response.status, await response.text()]).toEqual([405, '']);
    untouched();
  });

  it('other paths are nobody’s', async () => {
    const base = world.url(NORTHWIND);
    for (const path of [`${base}/x`, `${base}%2f`, world.url('33333333-0000-4000-8000-000000000003')])
      expect(await send(path, '{}')).toEqual({ status: 404, text: 'not Teams' });
    expect((await send(`${base}?x=1`, '{}')).status).toBe(401);
  });

  it('a connection that breaks off in the middle harms nobody', async () => {
    const { port, pathname } = new URL(world.url(NORTHWIND));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST ${pathname} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`, () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await approve()).status).toBe(200);
  });
});

it.each([
  ['app_id', { appId: ' ' }],
  ['app_password', { appPassword: new Secret('') }],
])('Teams isn’t joined with an empty %s', (setting, change) => {
  const entry = { ...configured(northwind, 'operator'), ...change };
  const options = { tenants: [entry], endpoints: {}, conversations: world.conversations, desk: world.desk };
  expect(() => teamsChat(options as never)).toThrow(setting);
});
