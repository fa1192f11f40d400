/** A fake Duo over real HTTPS, and the providers in front of it. */

import { afterEach } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { DuoAuthApi, type DuoAuthApiOptions } from '../../src/mfa/duo-auth-api.js';
import { DuoPush, type DuoPushSettings } from '../../src/mfa/duo-push.js';
import { DuoUniversal } from '../../src/mfa/duo-universal.js';
import type { Asked, PushChallenge, RedirectChallenge } from '../../src/mfa/provider.js';
import { FakeDuo, type FakeDuoOptions } from '../../src/playground/duo/index.js';

export const authApi = {
  integrationKey: 'DIKEYTURNTESTS000001',
  secretKey: 'duo-secret-key-of-the-tests-000000000001',
};
export const webSdk = {
  clientId: 'DIKEYTURNWEBSDK00001',
  clientSecret: 'duo-client-secret-of-the-tests-000000001',
};
export const callback = 'https://keyturn.northwind.example/mfa/duo/callback';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ends with the test. */
export function closeLater<T extends { close(): unknown }>(thing: T): T {
  closing.push(() => thing.close());
  return thing;
}

export async function startDuo(options: Partial<FakeDuoOptions> = {}): Promise<FakeDuo> {
  const users = [
    { username: 'lena' },
    { username: 'plain', verifiedPush: 'off' },
    { username: 'strict', verifiedPush: 'required' },
    { username: 'late', codeIn: 'status' },
    { username: 'bypassed', status: 'bypass' },
    { username: 'disabled', status: 'disabled' },
    { username: 'locked', status: 'locked-out' },
    { username: 'new', status: 'unenrolled' },
    { username: 'token', hasPhone: false },
  ] as const;
  const duo = await FakeDuo.start({ users, authApi, webSdk, ...options });
  closing.push(() => duo.stop());
  return duo;
}

export const keysFor = (duo: FakeDuo) => ({
  host: duo.host,
  integrationKey: authApi.integrationKey,
  secretKey: new Secret(authApi.secretKey),
});

export const apiFor = (duo: FakeDuo, options: DuoAuthApiOptions = {}): DuoAuthApi =>
  closeLater(new DuoAuthApi(keysFor(duo), { ca: duo.ca, ...options }));

export const pushFor = (
  duo: FakeDuo,
  verified: DuoPushSettings['verified'] = 'when-offered',
  options: DuoAuthApiOptions = {},
): DuoPush => closeLater(new DuoPush({ ...keysFor(duo), verified }, { ca: duo.ca, ...options }));

export const universalFor = (duo: FakeDuo, timeoutMs?: number): DuoUniversal =>
  closeLater(
    new DuoUniversal(
      { host: duo.host, clientId: webSdk.clientId, clientSecret: new Secret(webSdk.clientSecret) },
      callback,
      { ca: duo.ca, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    ),
  );

export const asked = (username: string): Asked => ({
  username,
  act: 'Approval',
  facts: [
    ['Client', 'Delta Resale'],
    ['Account', 'dc-admin'],
    ['How long', '1 hour'],
    ['Asked by', 'Tess Larkin'],
    ['Request', 'R-8F3KQ2'],
  ],
});

/** The push that went out, or the test fails with why it did not. */
export function sent(result: unknown): PushChallenge {
  if ((result as PushChallenge).kind !== 'push') throw new Error(JSON.stringify(result));
  return result as PushChallenge;
}

export function redirected(result: unknown): RedirectChallenge {
  if ((result as RedirectChallenge).kind !== 'redirect') throw new Error(JSON.stringify(result));
  return result as RedirectChallenge;
}

/** Long enough for a busy machine, short where waiting is the point. */
export const patience = (how: unknown): number => (how === 'hang' || how === 'trickle' ? 300 : 10_000);

/** Good as an answer to any call. */
const yes = {
  stat: 'OK',
  response: { time: 1, txid: 't', result: 'allow', status: 'allow', status_msg: '' },
};

/** Every way in which a server can be ill, and what each is called. */
export const ills = [
  ['cuts the connection', 'cut', 'unreachable'],
  ['never answers', 'hang', 'too-slow'],
  ['answers byte by byte without end', 'trickle', 'too-slow'],
  ['answers 500', { status: 500 }, 'unreachable'],
  ['answers 502 with a page', { status: 502, raw: '<html>Bad gateway</html>' }, 'unreachable'],
  ['answers 429', { status: 429, body: { stat: 'FAIL', code: 42901 } }, 'rate-limited'],
  ['answers 200 with a page', { status: 200, raw: '<html>Sign in to the hotel</html>' }, 'garbage'],
  ['answers 200 with nothing', { status: 200, raw: '' }, 'garbage'],
  [
    'answers 200 with broken JSON',
    { status: 200, raw: '{"stat":"OK","response":{"result":"allow"' },
    'garbage',
  ],
  [
    'answers 200 without a stat',
    { status: 200, body: { response: { result: 'allow', status: 'allow' } } },
    'garbage',
  ],
  ['answers well but too much', { status: 200, body: { ...yes, pad: 'x'.repeat(200_000) } }, 'garbage'],
] as const;
