/** The fake Duo verifies what Duo verifies, and refuses in Duo's words. */

import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Authority } from '../../src/playground/duo/index.js';
import { startDuo } from '../mfa/support.js';
import { ask, call, callV2 } from './duo-support.js';

const minutes = (n: number) => new Date(Date.now() + n * 60_000).toUTCString();
const pushParams = { username: 'plain', factor: 'push', device: 'auto', async: '1' };

describe('the certificate', () => {
  it('is a server’s, of an authority of this run alone', () => {
    const authority = new Authority();
    const server = new X509Certificate(authority.issue(['localhost', '127.0.0.1']).cert);
    const ca = new X509Certificate(authority.ca);
    expect([ca.ca, server.ca]).toEqual([true, false]);
    expect(server.checkIssued(ca) && server.verify(ca.publicKey)).toBe(true);
    expect(server.verify(new X509Certificate(new Authority().ca).publicKey)).toBe(false);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkHost('elsewhere.example')).toBeUndefined();
    expect(server.serialNumber).not.toBe(
      new X509Certificate(authority.issue(['localhost']).cert).serialNumber,
    );
  });

  it('passes TLS 1.3 for the one who trusts it', async () => {
    const duo = await startDuo();
    const [host = '', port] = duo.host.split(':');
    const socket = connect({ host, port: Number(port), servername: host, ca: duo.ca });
    await new Promise((secure, fail) => socket.once('secureConnect', secure).once('error', fail));
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, 'TLSv1.3']);
    socket.destroy();
  });
});

describe('a signature', () => {
  it('is not needed to see that Duo is alive', async () => {
    const duo = await startDuo();
    expect((await ask(duo, 'GET', '/auth/v2/ping')).json).toMatchObject({ stat: 'OK' });
  });

  it('counts in v5 and in v2 form, with HMAC-SHA512', async () => {
    const duo = await startDuo();
    expect((await call(duo, 'GET', '/auth/v2/check')).status).toBe(200);
    expect((await callV2(duo, '/auth/v2/preauth', { username: 'lena' })).status).toBe(200);
    expect(duo.calls.map((one) => one.signed)).toEqual(['v5', 'v2']);
  });

  it.each([
    ['no date', { headers: { date: '' } }, 40104],
    ['a date that is none', { date: 'tomorrow' }, 40104],
    ['a date of six minutes ago', { date: minutes(-6) }, 40105],
    ['a date in six minutes', { date: minutes(6) }, 40105],
    ['another date than was signed', { headers: { date: minutes(-1) } }, 40103],
    ['another key', { secret: 'another' }, 40103],
    ['no credentials', { headers: { authorization: '' } }, 40101],
    ['credentials of another kind', { headers: { authorization: 'Bearer x' } }, 40101],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 40106],
    ['a form’s content type', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 40103],
  ])('is refused with %s', async (_what, bent, code) => {
    const duo = await startDuo();
    const got = await call(duo, 'POST', '/auth/v2/preauth', { username: 'lena' }, bent);
    expect(got).toMatchObject({ status: Math.floor(code / 100), json: { stat: 'FAIL', code } });
  });

  it('covers the parameters, and SHA-1 is no longer enough', async () => {
    const duo = await startDuo();
    const params = { username: 'lena' };
    const sent = { username: 'plain' };
    for (const bent of [{ sent }, { hash: 'sha1' }])
      expect((await callV2(duo, '/auth/v2/preauth', params, bent)).json).toMatchObject({ code: 40103 });
  });

  it('covers the path', async () => {
    const duo = await startDuo();
    const date = new Date().toUTCString();
    const good = await call(duo, 'GET', '/auth/v2/check', {}, { date });
    expect(good.status).toBe(200);
    expect((await call(duo, 'GET', '/auth/v2/elsewhere')).json).toMatchObject({ code: 40401 });
  });
});

describe('preauth', () => {
  const preauth = async (params: Record<string, string>) =>
    (await call(await startDuo(), 'POST', '/auth/v2/preauth', params)).json;

  it('knows people without regard to case', async () => {
    expect(await preauth({ username: 'LENA' })).toMatchObject({ response: { result: 'auth' } });
  });

  it.each([
    ['bypassed', 'allow'],
    ['disabled', 'deny'],
    ['locked', 'deny'],
    ['new', 'enroll'],
    ['nobody', 'enroll'],
  ])('says of %s: %s', async (username, result) => {
    const { response } = await preauth({ username });
    expect(response).toMatchObject({ result, status_msg: expect.any(String) });
    expect(response).not.toHaveProperty('devices');
  });

  it('offers a code only to who can show one', async () => {
    const announced = await preauth({ username: 'lena', client_supports_verified_push: '1' });
    expect(announced.response).toMatchObject({
      txid: expect.any(String),
      verification_code: expect.stringMatching(/^\d{3}$/),
      expiration: expect.any(Number),
    });
    expect((await preauth({ username: 'lena' })).response).not.toHaveProperty('txid');
  });

  it('wants a name', async () => {
    expect(await preauth({})).toMatchObject({ code: 40001, message_detail: 'username' });
  });
});

describe('auth', () => {
  it.each([
    ['no device', { device: '' }, 40001],
    ['another factor', { factor: 'sms' }, 40002],
    ['no async', { async: '0' }, 40002],
    ['a txid that was never offered', { txid: 'made-up' }, 40002],
    ['too much pushinfo', { pushinfo: `a=${'b'.repeat(20_000)}` }, 40002],
    ['a stranger', { username: 'nobody' }, 40002],
    ['nobody', { username: '' }, 40001],
    ['plain push where policy wants a code', { username: 'strict' }, 40002],
  ])('is refused with %s', async (_what, bent, code) => {
    const duo = await startDuo();
    const got = await call(duo, 'POST', '/auth/v2/auth', { ...pushParams, ...bent });
    expect(got.json).toMatchObject({ stat: 'FAIL', code });
  });

  it('takes an offered txid once, from its own person, within a minute', async () => {
    let now = Date.now();
    const duo = await startDuo({ clock: () => now });
    const offered = async () =>
      (await call(duo, 'POST', '/auth/v2/preauth', { username: 'lena', client_supports_verified_push: '1' }))
        .json.response.txid as string;
    const push = async (username: string, txid: string) =>
      (await call(duo, 'POST', '/auth/v2/auth', { ...pushParams, username, txid })).status;
    const txid = await offered();
    expect(await push('plain', txid)).toBe(400);
    expect(await push('lena', txid)).toBe(200);
    expect(await push('lena', txid)).toBe(400);
    const late = await offered();
    now += 61_000;
    expect(await push('lena', late)).toBe(400);
  });
});

it('enroll makes a user who has no device yet, once', async () => {
  const duo = await startDuo();
  const enroll = () => call(duo, 'POST', '/auth/v2/enroll', { username: 'ivy' });
  expect((await enroll()).json.response).toMatchObject({
    username: 'ivy',
    activation_code: expect.any(String),
  });
  expect((await enroll()).json).toMatchObject({ code: 40002 });
  const { response } = (await call(duo, 'POST', '/auth/v2/preauth', { username: 'ivy' })).json;
  expect(response.result).toBe('enroll');
});

describe('auth_status', () => {
  it('answers at once with the first news, then waits for the next', async () => {
    const duo = await startDuo();
    const { txid } = (await call(duo, 'POST', '/auth/v2/auth', pushParams)).json.response;
    const status = async () => (await call(duo, 'GET', '/auth/v2/auth_status', { txid })).json.response;
    expect(await status()).toMatchObject({ result: 'waiting', status: 'pushed' });
    const next = status();
    duo.allow(txid);
    expect(await next).toMatchObject({ result: 'allow', status: 'allow' });
    expect(await status()).toMatchObject({ result: 'allow' });
  });

  it('tells the code of a verified push in Duo’s words where preauth did not', async () => {
    const duo = await startDuo();
    const { txid } = (await call(duo, 'POST', '/auth/v2/auth', { ...pushParams, username: 'late' })).json
      .response;
    const { response } = (await call(duo, 'GET', '/auth/v2/auth_status', { txid })).json;
    expect(response.status_msg).toMatch(/^Please enter verification code \d{3} into Duo Mobile\.\.\.$/);
  });

  it('says 40002 of what it does not know, and of a poll without news', async () => {
    const duo = await startDuo({ longPollMs: 5 });
    expect((await call(duo, 'GET', '/auth/v2/auth_status', { txid: 'x' })).json).toMatchObject({
      code: 40002,
    });
    const { txid } = (await call(duo, 'POST', '/auth/v2/auth', pushParams)).json.response;
    await call(duo, 'GET', '/auth/v2/auth_status', { txid });
    expect((await call(duo, 'GET', '/auth/v2/auth_status', { txid })).json).toMatchObject({ code: 40002 });
  });
});

it('an account without an Auth API application forbids it', async () => {
  const { FakeDuo } = await import('../../src/playground/duo/index.js');
  const duo = await FakeDuo.start({ users: [] });
  expect((await call(duo, 'GET', '/auth/v2/check')).json).toMatchObject({ code: 40301 });
  await duo.stop();
});
