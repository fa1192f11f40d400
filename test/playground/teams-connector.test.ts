/** What Microsoft's servers answer to a bot, asked by plain HTTP: keys, login, and the connector's refusals. */
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/playground/teams/index.js';
import {
  access,
  attached,
  botSays,
  botToken,
  call,
  card,
  delta,
  deltaTenant,
  execute,
  gil,
  gus,
  inChannel,
  inChat,
  ivy,
  lena,
  logIn,
  newcomer,
  noor,
  northwind,
  northwindTenant,
  operations,
  simpleBot,
  startTeams,
} from './teams-support.js';

const hello = { type: 'message', text: 'hello' };
const create = (member: string, more: Fields = {}): Fields => ({
  members: [{ id: member }],
  tenantId: northwind,
  ...more,
});

describe('the keys', () => {
  it('are published with the channels that they may speak for', async () => {
    const teams = await startTeams();
    const metadata = await (await fetch(teams.metadataUrl)).json();
    expect(metadata).toMatchObject({ issuer: 'https://api.botframework.com' });
    const { keys } = await (await fetch(metadata.jwks_uri)).json();
    expect(keys.map((one: Fields) => one.endorsements)).toEqual([['msteams'], ['directline']]);
    expect(JSON.stringify(keys)).not.toContain('"d":');
  });

  it('sign what Teams sends: for this bot, with the serviceUrl, for an hour', async () => {
    const teams = await startTeams();
    await simpleBot(teams);
    const { delivered } = await teams.says(northwind, ivy, 'hello');
    const token = (delivered?.request.headers.authorization ?? '').slice(7);
    const jwks = createRemoteJWKSet(new URL(`${teams.url}/v1/.well-known/keys`));
    const { payload } = await jwtVerify(token, jwks, { audience: northwindTenant.bot.appId });
    expect(payload).toMatchObject({
      iss: 'https://api.botframework.com',
      serviceurl: teams.serviceUrl(northwind),
    });
    expect(Number(payload.exp) - Number(payload.nbf)).toBe(3600);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256' });
  });
});

describe('the login', () => {
  it('gives a token for the bot’s own credentials', async () => {
    const teams = await startTeams();
    const { status, body } = await logIn(teams);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      aud: 'https://api.botframework.com',
      appid: northwindTenant.bot.appId,
      tid: northwind,
    });
  });

  it.each([
    [{ client_secret: 'guessed' }, 401, 7000215],
    [{ client_secret: '' }, 401, 7000215],
    [{ client_id: deltaTenant.bot.appId, client_secret: deltaTenant.bot.appPassword }, 400, 700016],
    [{ client_id: '' }, 400, 700016],
    [{ scope: 'https://graph.microsoft.com/.default' }, 400, 70011],
    [{ grant_type: 'password' }, 400, 70003],
  ])('refuses %j', async (form, status, number) => {
    const teams = await startTeams();
    const refused = await logIn(teams, form as unknown as Record<string, string>);
    expect(refused).toMatchObject({ status, body: { error_codes: [number] } });
    expect(refused.body.error_description).toContain(`AADSTS${number}`);
    expect(refused.body).not.toHaveProperty('access_token');
  });

  it('knows its own tenants alone', async () => {
    const teams = await startTeams();
    const response = await fetch(`${teams.url}/botframework.com/oauth2/v2.0/token`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ error_codes: [90002] });
  });

  it('leaves no secret in the record', async () => {
    const teams = await startTeams();
    await call(teams, ['POST', inChat(teams, ivy)], hello);
    expect(operations(teams.calls)).toEqual(['token', 'sendActivity']);
    expect(JSON.stringify(teams.calls)).not.toMatch(/northwind-secret|Bearer|eyJ/);
    expect(teams.calls[1]).toEqual({
      operation: 'sendActivity',
      tenant: northwind,
      conversation: teams.chatId(northwind, ivy),
      body: hello,
      status: 201,
    });
  });
});

describe('the connector', () => {
  it.each([
    ['no token', () => null],
    ['garbage', () => 'not.a.token'],
    ['the token that Teams sends', theirs],
    ['a stranger’s token', strangers],
    ['another tenant’s token', (teams: Teams) => botToken(teams, deltaTenant)],
  ])('refuses %s', async (_what, token) => {
    const teams = await startTeams();
    const given = await token(teams);
    const refused = await call(teams, ['POST', inChat(teams, ivy)], hello, { token: given });
    expect(refused).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } });
    expect(teams.chat(northwind, ivy).filter((one) => one.bot)).toEqual([]);
  });

  it('refuses a token that has expired', async () => {
    let now = Date.now();
    const teams = await startTeams({ clock: () => now });
    const token = await botToken(teams);
    now += 3600_000;
    const refused = await call(teams, ['POST', inChat(teams, ivy)], hello, { token });
    expect(refused).toMatchObject({ status: 401, body: { error: { message: 'The token has expired.' } } });
  });

  it('opens a chat by Teams’ own id and by the object id, always the same', async () => {
    const teams = await startTeams();
    const { body: member } = await call(teams, ['GET', inChat(teams, ivy, `members/${ivy}`)]);
    for (const id of [ivy, member.id]) {
      const opened = await call(teams, ['POST', ''], create(id));
      expect(opened).toMatchObject({ status: 201, body: { id: teams.chatId(northwind, ivy) } });
    }
    const greeted = await call(teams, ['POST', ''], create(ivy, { activity: hello }));
    expect(teams.chat(northwind, ivy)).toMatchObject([{ id: greeted.body.activityId, text: 'hello' }]);
  });

  it.each([
    ['somebody who hasn’t installed the app', create(newcomer), 403, 'ForbiddenOperationException'],
    ['a stranger', create('29:nobody'), 400, 'BadArgument'],
    ['somebody of another tenant', create(noor), 400, 'BadArgument'],
    ['somebody deactivated', create(gil), 400, 'BadArgument'],
    ['another tenant', create(ivy, { tenantId: delta }), 403, 'Forbidden'],
    ['no tenant', { members: [{ id: ivy }] }, 400, 'BadArgument'],
    ['nobody', { tenantId: northwind, members: [] }, 400, 'BadArgument'],
    ['a group', create(ivy, { isGroup: true }), 400, 'BadArgument'],
  ])('opens no chat with %s', async (_who, body, status, code) => {
    const teams = await startTeams();
    expect(await call(teams, ['POST', ''], body)).toMatchObject({ status, body: { error: { code } } });
  });

  it('knows whose bot it is at the address for all', async () => {
    const teams = await startTeams();
    const response = await fetch(`${teams.globalServiceUrl}v3/conversations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await botToken(teams)}` },
      body: JSON.stringify(create(ivy)),
    });
    expect(await response.json()).toEqual({ id: teams.chatId(northwind, ivy) });
  });

  it('begins a thread in a channel, and answers in it', async () => {
    const teams = await startTeams();
    const channelData = { channel: { id: access }, tenant: { id: northwind } };
    const { body } = await call(teams, ['POST', ''], { isGroup: true, channelData, activity: hello });
    expect(body.id).toBe(`${access};messageid=${body.activityId}`);
    await botSays(teams, `/${encodeURIComponent(body.id)}/activities`, { text: 'more' });
    expect(teams.channel(northwind, access).map((one) => one.thread)).toEqual([undefined, body.activityId]);
  });

  it('tells who is in a conversation', async () => {
    const teams = await startTeams();
    const one = await call(teams, ['GET', inChannel(`members/${lena}`)]);
    expect(one.body).toEqual({
      id: expect.stringMatching(/^29:1/),
      name: 'Lena Ortiz',
      givenName: 'Lena',
      surname: 'Ortiz',
      objectId: lena,
      aadObjectId: lena,
      email: 'lena@northwind.example',
      userPrincipalName: 'lena@northwind.example',
      tenantId: northwind,
      userRole: 'user',
    });
    const guest = await call(teams, ['GET', inChat(teams, gus, `members/${gus}`)]);
    expect(guest.body.userRole).toBe('guest');
    const all = await call(teams, ['GET', inChannel('members')]);
    const paged = await call(teams, ['GET', inChannel('pagedmembers?pageSize=1')]);
    expect(all.body.map((member: Fields) => member.name)).toEqual(['Ivy Chen', 'Lena Ortiz']);
    expect(paged.body).toEqual({ members: all.body });
  });

  it.each([
    ['somebody who isn’t in it', inChannel(`members/${gus}`)],
    ['somebody deactivated', inChannel(`members/${gil}`)],
    ['nobody', inChannel('members/29:nobody')],
  ])('finds no member: %s', async (_who, path) => {
    const refused = await call(await startTeams(), ['GET', path]);
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 'MemberNotFoundInConversation' } } });
  });

  it('changes and deletes what the bot said, and nothing else', async () => {
    const teams = await startTeams();
    await simpleBot(teams);
    const id = await botSays(teams, inChannel(), attached(card('Before')));
    const at = inChannel(`activities/${id}`);
    expect(await call(teams, ['PUT', at], { type: 'message', ...attached(card('After')) })).toMatchObject({
      status: 200,
      body: { id },
    });
    const [message] = teams.channel(northwind, access);
    expect(message && teams.reads(message)).toBe('After');
    expect(message?.edited).toBe(true);
    expect((await call(teams, ['DELETE', at])).status).toBe(200);
    expect(teams.channel(northwind, access)).toEqual([]);
    expect(await call(teams, ['PUT', at], hello)).toMatchObject({
      status: 404,
      body: { error: { code: 'ActivityNotFoundInConversation' } },
    });
    const { said } = await teams.says(northwind, ivy, 'mine', { conversation: access });
    expect((await call(teams, ['PUT', inChannel(`activities/${said?.id}`)], hello)).status).toBe(403);
  });

  const long = 'x'.repeat(60_000);
  it.each([
    ['an unknown type', { type: 'event' }, 400, 'BadArgument'],
    ['no words', { type: 'message' }, 400, 'BadArgument'],
    ['an unknown attachment', { type: 'message', attachments: [{ contentType: 'x' }] }, 400, 'BadArgument'],
    ['no JSON', 'hello', 400, 'BadArgument'],
    ['a card without a version', { ...hello, ...attached({ type: 'AdaptiveCard' }) }, 400, 'BadSyntax'],
    ['a card that is too new', { ...hello, ...attached({ ...card('x'), version: '1.6' }) }, 400, 'BadSyntax'],
    ['an unknown element', { ...hello, ...attached(card('x', { type: 'Action.Http' })) }, 400, 'BadSyntax'],
    ['too long a message', { ...hello, text: long }, 413, 'MessageSizeTooBig'],
    ['too big a card', { ...hello, ...attached(card(long)) }, 413, 'MessageSizeTooBig'],
  ])('takes no message with %s', async (_what, body, status, code) => {
    const teams = await startTeams();
    const refused = await call(teams, ['POST', inChat(teams, ivy)], body);
    expect(refused).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
    expect(teams.chat(northwind, ivy)).toEqual([]);
  });

  it('says why a card can’t be shown', async () => {
    const teams = await startTeams();
    const old = { ...card('x', execute('Approve')), version: '1.3' };
    const refused = await call(teams, ['POST', inChat(teams, ivy)], { ...hello, ...attached(old) });
    expect(refused.body.error.message).toContain('Action.Execute needs version 1.4');
  });

  it.each([
    ['is nowhere', '/a%3Anowhere/activities', 404, 'ConversationNotFound'],
    [
      'is another tenant’s',
      `/${encodeURIComponent('19:delta@thread.tacv2')}/activities`,
      404,
      'ConversationNotFound',
    ],
    ['is malformed', '/%zz/activities', 404, 'ConversationNotFound'],
  ])('says nothing in a conversation that %s', async (_what, path, status, code) => {
    const refused = await call(await startTeams(), ['POST', path], hello);
    expect(refused).toMatchObject({ status, body: { error: { code } } });
  });

  it('says nothing to who has not installed it, has blocked it, or is gone', async () => {
    const teams = await startTeams();
    await simpleBot(teams);
    const say = async () => {
      const { status, body } = await call(teams, ['POST', inChat(teams, ivy)], hello);
      return [status, body.error?.code];
    };
    await teams.blocks(northwind, ivy);
    expect(await say()).toEqual([403, 'ConversationBlockedByUser']);
    await teams.unblocks(northwind, ivy);
    expect(await say()).toEqual([201, undefined]);
    await teams.uninstalls(northwind, ivy);
    expect(await say()).toEqual([403, 'BotNotInConversationRoster']);
    await teams.installs(northwind, ivy);
    await teams.leaves(northwind, ivy);
    expect(await say()).toEqual([404, 'ConversationNotFound']);
  });

  it('has no other doors', async () => {
    const teams = await startTeams();
    for (const path of ['/v3/teams/x', '/emea/x/v3/attachments', '/'])
      expect((await fetch(`${teams.url}${path}`)).status).toBe(404);
    expect((await call(teams, ['PATCH', inChat(teams, ivy)], hello)).status).toBe(404);
  });
});

describe('trouble', () => {
  it('limits how fast a bot speaks in one conversation', async () => {
    let now = Date.now();
    const teams = await startTeams({ clock: () => now });
    const token = await botToken(teams);
    const say = (user: string) => call(teams, ['POST', inChat(teams, user)], hello, { token });
    for (let n = 0; n < 7; n += 1) expect((await say(ivy)).status).toBe(201);
    const refused = await say(ivy);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'Throttled' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await say(lena)).status).toBe(201);
    now += 2000;
    expect((await say(ivy)).status).toBe(201);
    teams.setRateLimits(false);
    for (let n = 0; n < 20; n += 1) expect((await say(ivy)).status).toBe(201);
  });

  it('fails as ordered, in order, then is well again', async () => {
    const teams = await startTeams();
    const token = await botToken(teams);
    const say = () => call(teams, ['POST', inChat(teams, ivy)], hello, { token });
    teams.failNext('sendActivity', { status: 429, retryAfter: 7, code: 'Throttled' });
    teams.failNext('sendActivity', { status: 502, times: 2 });
    teams.failNext('sendActivity', { cut: true });
    const throttled = await say();
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await say()).body).toEqual({ error: { code: 'ServiceError', message: 'Ordered by a test.' } });
    expect((await say()).status).toBe(502);
    await expect(say()).rejects.toThrow();
    expect((await say()).status).toBe(201);
    expect(teams.chat(northwind, ivy)).toHaveLength(1);
  });

  it('can do what was asked and lose the answer', async () => {
    const teams = await startTeams();
    const token = await botToken(teams);
    teams.failNext('sendActivity', { lost: true });
    await expect(call(teams, ['POST', inChat(teams, ivy)], hello, { token })).rejects.toThrow();
    expect(teams.chat(northwind, ivy)).toHaveLength(1);
  });

  it('can leave a call without an answer', async () => {
    const teams = await startTeams();
    teams.failNext('token', { hang: true });
    const gone = new AbortController();
    const asked = fetch(`${teams.loginUrl(northwind)}/oauth2/v2.0/token`, {
      method: 'POST',
      signal: gone.signal,
    });
    await teams.until(() => teams.calls.some((one) => one.operation === 'token' && one.status === 0));
    gone.abort();
    await expect(asked).rejects.toThrow();
  });

  it('can lose its login and its keys', async () => {
    const teams = await startTeams();
    teams.failNext('token', { status: 503 });
    expect((await logIn(teams)).status).toBe(503);
    teams.failNext('metadata', { status: 500 });
    expect((await fetch(teams.metadataUrl)).status).toBe(500);
    teams.failNext('keys', { cut: true });
    await expect(fetch(`${teams.url}/v1/.well-known/keys`)).rejects.toThrow();
  });

  it('goes away for bots, while people still see their screens', async () => {
    const teams = await startTeams();
    const token = await botToken(teams);
    const say = () => call(teams, ['POST', inChat(teams, ivy)], hello, { token });
    teams.down('unavailable');
    expect((await say()).status).toBe(503);
    teams.down(true);
    await expect(say()).rejects.toThrow();
    const shown = await fetch(`${teams.url}/play/teams/state?tenant=${northwind}&user=${ivy}`);
    expect(shown.status).toBe(200);
    teams.down(false);
    expect((await say()).status).toBe(201);
  });
});

type Teams = Awaited<ReturnType<typeof startTeams>>;

/** What Teams itself sends to the bot: rightly signed, and not for the connector. */
async function theirs(teams: Teams): Promise<string> {
  await simpleBot(teams);
  const { delivered } = await teams.says(northwind, ivy, 'hello');
  return (delivered?.request.headers.authorization ?? '').slice(7);
}

async function strangers(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  );
  return new SignJWT({ appid: northwindTenant.bot.appId, tid: northwind })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(`https://sts.windows.net/${northwind}/`)
    .setAudience('https://api.botframework.com')
    .setExpirationTime('1h')
    .sign(privateKey);
}
