/** The played Universal Prompt checks the client's assertion, the signed request and the code as Duo does. */

import { describe, expect, it } from 'vitest';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { callback, redirected, startDuo, universalFor, webSdk } from '../mfa/support.js';
import { ask, clientToken, post } from './duo-support.js';

const state = 'state-of-this-question-0001';
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const now = () => Math.floor(Date.now() / 1000);

async function exchange(duo: FakeDuo, code: string, bent: Record<string, string> = {}) {
  const client_assertion = await clientToken(`${duo.url}/oauth/v1/token`);
  return post(duo, '/oauth/v1/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    client_id: webSdk.clientId,
    client_assertion_type: jwtBearer,
    client_assertion,
    ...bent,
  });
}

const urlFor = async (duo: FakeDuo, username = 'lena') =>
  redirected(await universalFor(duo).start(username, state)).url;

async function codeOf(duo: FakeDuo): Promise<string> {
  const back = await duo.prompt(await urlFor(duo), 'allow');
  return back.searchParams.get('duo_code') ?? '';
}

describe('a client assertion', () => {
  const health = async (duo: FakeDuo, claims = {}, secret?: string) => {
    const client_assertion = await clientToken(`${duo.url}/oauth/v1/health_check`, claims, secret);
    return post(duo, '/oauth/v1/health_check', { client_id: webSdk.clientId, client_assertion });
  };

  it('opens the health check', async () => {
    expect((await health(await startDuo())).json).toMatchObject({ stat: 'OK' });
  });

  it.each([
    ['of another audience', { aud: 'https://elsewhere.example' }],
    ['of another issuer', { iss: 'DIANOTHERCLIENT00001' }],
    ['of another subject', { sub: 'DIANOTHERCLIENT00001' }],
    ['without a jti', { jti: undefined }],
    ['without an end', { exp: undefined }],
    ['that ran out', { exp: now() - 120 }],
    ['that runs for an hour', { exp: now() + 3600 }],
  ])('%s is refused', async (_what, claims) => {
    expect(await health(await startDuo(), claims)).toMatchObject({ status: 400, json: { stat: 'FAIL' } });
  });

  it('of another key is refused', async () => {
    expect((await health(await startDuo(), {}, 'z'.repeat(40))).status).toBe(400);
  });

  it('counts once', async () => {
    const duo = await startDuo();
    const jti = 'one-and-the-same-jti-of-thirty-six-0';
    expect((await health(duo, { jti })).status).toBe(200);
    expect((await health(duo, { jti })).json).toMatchObject({ message_detail: 'jti was used before' });
  });
});

describe('a code', () => {
  it('becomes a token once, even when the first try went wrong', async () => {
    const duo = await startDuo();
    const code = await codeOf(duo);
    expect((await exchange(duo, code)).json).toMatchObject({
      token_type: 'Bearer',
      id_token: expect.any(String),
    });
    expect((await exchange(duo, code)).json).toMatchObject({ error: 'invalid_grant' });
    const other = await codeOf(duo);
    expect((await exchange(duo, other, { redirect_uri: 'https://elsewhere.example/' })).status).toBe(400);
    expect((await exchange(duo, other)).status).toBe(400);
  });

  it.each([
    ['made up', { code: 'made-up' }, 400],
    ['with another grant type', { grant_type: 'password' }, 400],
    ['with another assertion type', { client_assertion_type: 'none' }, 401],
    ['with no assertion', { client_assertion: '' }, 401],
    ['with another client', { client_id: 'DIANOTHERCLIENT00001' }, 401],
  ])('%s is refused', async (_what, bent, status) => {
    const duo = await startDuo();
    expect((await exchange(duo, await codeOf(duo), bent)).status).toBe(status);
  });

  it('lives a minute', async () => {
    let clock = Date.now();
    const duo = await startDuo({ clock: () => clock });
    const code = await codeOf(duo);
    clock += 61_000;
    expect((await exchange(duo, code)).status).toBe(400);
  });
});

describe('the page', () => {
  it('shows who logs in, and sends the browser back with what was pressed', async () => {
    const duo = await startDuo({ users: [{ username: 'lena<b>' }] });
    const url = new URL(await urlFor(duo, 'lena<b>'));
    const page = await ask(duo, 'GET', `${url.pathname}${url.search}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<strong>lena&#60;b&#62;</strong> signs in');
    expect(page.text).toContain('Duo, played on this machine');
    expect(page.headers['x-frame-options']).toBe('DENY');
    const prompt = /name="prompt" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const answer = () => post(duo, '/oauth/v1/authorize/answer', { prompt, answer: 'allow' });
    const { status, headers } = await answer();
    const back = new URL(String(headers.location));
    expect([status, back.origin + back.pathname, back.searchParams.get('state')]).toEqual([
      303,
      callback,
      state,
    ]);
    expect((await answer()).status).toBe(400);
  });

  it('takes anything but a yes for a no', async () => {
    const duo = await startDuo();
    const { id } = await duo.openPrompt(await urlFor(duo));
    const { headers } = await post(duo, '/oauth/v1/authorize/answer', { prompt: id, answer: 'ALLOW' });
    const code = new URL(String(headers.location)).searchParams.get('duo_code') ?? '';
    const { id_token } = (await exchange(duo, code)).json;
    const claims = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
    expect(claims.auth_result.result).toBe('deny');
  });

  it('asks a bypass user for nothing', async () => {
    const duo = await startDuo();
    const url = new URL(await urlFor(duo, 'bypassed'));
    expect((await ask(duo, 'GET', `${url.pathname}${url.search}`)).status).toBe(303);
  });

  it.each([
    ['a request of another key', { request: 'e30.e30.x' }],
    ['another client', { client_id: 'DIANOTHERCLIENT00001' }],
    ['another way back', { redirect_uri: 'https://elsewhere.example/' }],
    ['another scope', { scope: 'email' }],
  ])('is not shown for %s', async (_what, bent) => {
    const duo = await startDuo();
    const url = new URL(await urlFor(duo));
    for (const [name, value] of Object.entries(bent)) url.searchParams.set(name, value);
    expect((await ask(duo, 'GET', `${url.pathname}${url.search}`)).status).toBe(400);
    await expect(duo.openPrompt(url.href)).rejects.toThrow();
  });
});
