/** The small client, against a Duo that verifies what Duo verifies. */

import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { codeIn } from '../../src/mfa/duo-answers.js';
import { DuoAuthApi } from '../../src/mfa/duo-auth-api.js';
import { apiFor, closeLater, ills, keysFor, patience, startDuo } from './support.js';

describe('the keys', () => {
  it('are accepted, and Duo tells its time', async () => {
    const duo = await startDuo();
    const time = await apiFor(duo).check();
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(5);
    expect(duo.calls).toMatchObject([{ path: '/auth/v2/check', signed: 'v5', status: 200 }]);
  });

  it.each([
    ['another secret', { secretKey: new Secret('wrong') }, '40103'],
    ['another integration', { integrationKey: 'DISOMEBODYELSE000001' }, '40102'],
  ])('are refused with %s', async (_what, bent, code) => {
    const duo = await startDuo();
    const api = closeLater(new DuoAuthApi({ ...keysFor(duo), ...bent }, { ca: duo.ca }));
    const found = await api.check();
    expect(found).toMatchObject({ failed: 'refused', detail: expect.stringContaining(code) });
    expect(JSON.stringify(found)).not.toContain('wrong');
  });

  it('are refused when the clocks are six minutes apart', async () => {
    const duo = await startDuo({ clock: () => Date.now() + 360_000 });
    const api = apiFor(duo);
    expect(await api.check()).toMatchObject({ failed: 'refused', detail: expect.stringContaining('40105') });
    // Whoever wants to know by how much may ask without a signature.
    expect(Number(await api.ping()) - Date.now() / 1000).toBeGreaterThan(355);
  });
});

describe('what is signed', () => {
  it('holds for any text in a parameter', async () => {
    const duo = await startDuo({ users: [{ username: "o'hara (ünï) *!~+%&=" }] });
    const api = apiFor(duo);
    expect(await api.preauth("o'hara (ünï) *!~+%&=", false)).toMatchObject({ result: 'auth' });
    expect(await api.status("no such (txid) *!~+%&=' ü")).toMatchObject({ failed: 'refused', code: 40002 });
  });
});

describe('a server that is not Duo’s', () => {
  it('is not trusted under an unknown authority', async () => {
    const duo = await startDuo();
    const api = closeLater(new DuoAuthApi(keysFor(duo)));
    expect(await api.check()).toMatchObject({ failed: 'untrusted' });
    expect(duo.calls).toEqual([]);
  });

  it.each([
    ['of another name', { hosts: ['elsewhere.example'] }],
    ['that ran out', { expiresAt: Date.now() - 1_000 }],
  ])('is not trusted with a certificate %s', async (_what, certificate) => {
    const duo = await startDuo({ certificate });
    expect(await apiFor(duo).check()).toMatchObject({ failed: 'untrusted' });
    expect(duo.calls).toEqual([]);
  });

  it('is unreachable where nobody listens', async () => {
    const api = closeLater(new DuoAuthApi({ ...keysFor(await startDuo()), host: 'localhost:1' }));
    expect(await api.check()).toMatchObject({ failed: 'unreachable' });
  });

  it('is no failure of ours when it speaks no TLS', async () => {
    const server = createServer((socket) => socket.end('220 smtp ready\r\n').on('error', () => undefined));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closeLater(server);
    const { port } = server.address() as { port: number };
    const api = closeLater(new DuoAuthApi({ ...keysFor(await startDuo()), host: `127.0.0.1:${port}` }));
    expect(await api.check()).toMatchObject({ failed: 'unreachable' });
  });
});

describe.each(ills)('a Duo that %s', (_what, how, failed) => {
  it(`is ${failed} for every call`, async () => {
    const duo = await startDuo();
    const paths = ['check', 'preauth', 'auth', 'auth_status'];
    for (const path of paths) duo.fail(`/auth/v2/${path}`, how);
    const ms = patience(how);
    const api = apiFor(duo, { timeouts: { callMs: ms, pollMs: ms } });
    const found = await Promise.all([
      api.check(),
      api.preauth('lena', true),
      api.push({ username: 'lena', type: 'Approval', pushinfo: '' }),
      api.status('t'),
    ]);
    expect(found).toEqual(paths.map(() => expect.objectContaining({ failed })));
  });
});

describe('an answer', () => {
  it.each([
    ['a redirect', { status: 302, body: {} }],
    ['a FAIL with 200', { status: 200, body: { stat: 'FAIL', code: 40002, message: 'no' } }],
    ['an OK with 400', { status: 400, body: { stat: 'OK', response: { result: 'allow' } } }],
    ['a FAIL whose code is of another status', { status: 400, body: { stat: 'FAIL', code: 50000 } }],
    [
      'an allow in capitals',
      { status: 200, body: { stat: 'OK', response: { result: 'ALLOW', status: 'allow', status_msg: '' } } },
    ],
    [
      'an allow without a status',
      { status: 200, body: { stat: 'OK', response: { result: 'allow', status_msg: '' } } },
    ],
    ['an allow in a list', { status: 200, body: [{ stat: 'OK', response: { result: 'allow' } }] }],
  ])('that is %s is garbage', async (_what, how) => {
    const duo = await startDuo();
    duo.failNext('/auth/v2/auth_status', how);
    expect(await apiFor(duo).status('t')).toMatchObject({ failed: 'garbage' });
  });

  it('never brings its page into the log', async () => {
    const duo = await startDuo();
    duo.failNext('/auth/v2/check', { status: 200, raw: 'canary' });
    expect(JSON.stringify(await apiFor(duo).check())).not.toContain('canary');
  });

  it('may come after a server had restarted: a dead connection harms one call at most', async () => {
    const duo = await startDuo();
    const api = apiFor(duo);
    await api.check();
    duo.failNext('/auth/v2/check', 'cut');
    expect(await api.check()).toMatchObject({ failed: 'unreachable' });
    expect(await api.check()).toBeTypeOf('number');
  });
});

it('a caller may stop waiting, and Duo sees the connection go', async () => {
  const duo = await startDuo();
  const api = apiFor(duo);
  const stop = new AbortController();
  duo.failNext('/auth/v2/auth_status', 'hang');
  const polling = api.status('t', stop.signal);
  await duo.until(() => duo.calls.length === 1);
  stop.abort();
  expect(await polling).toMatchObject({ failed: 'aborted' });
});

it('a signal that was aborted before sends nothing', async () => {
  const duo = await startDuo();
  expect(await apiFor(duo).preauth('lena', true, AbortSignal.abort())).toMatchObject({ failed: 'aborted' });
  expect(duo.calls).toEqual([]);
});

it.each([
  ['Please enter verification code 708 into Duo Mobile...', '708'],
  ['Verification code: 123456', '123456'],
  ['Pushed a login request to your device...', null],
  ['Please enter verification code 1 into', null],
  ['code 708', null],
])('the code in “%s” is %s', (message, code) => {
  expect(codeIn(message)).toBe(code);
});
