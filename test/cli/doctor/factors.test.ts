/** What `doctor` says of second factors, for each way in which Duo can be well or ill. */

import { describe, expect, it } from 'vitest';
import { sayDuoFailure } from '../../../src/cli/doctor/duo-failure.js';
import { onFactors } from '../../../src/cli/doctor/factors.js';
import { Secret } from '../../../src/config/secret.js';
import type { FakeDuo } from '../../../src/playground/duo/index.js';
import { authApi, startDuo, webSdk } from '../../mfa/support.js';

const host = 'api-keyturn1.duosecurity.com';
const push = {
  host,
  integrationKey: authApi.integrationKey,
  secretKey: new Secret(authApi.secretKey),
  verified: 'required' as const,
};
const universal = { host, clientId: webSdk.clientId, clientSecret: new Secret(webSdk.clientSecret) };
const both = { order: ['duo_push', 'duo_universal'] as const, duoPush: push, duoUniversal: universal };

const beside = (duo: FakeDuo) => ({
  publicUrl: 'https://keyturn.northwind.example',
  testEndpoints: { allowed: true, duoApiUrl: duo.url, duoCa: duo.ca },
});

/** As `doctor` prints them. */
async function said(mfa: Parameters<typeof onFactors>[0], duo: FakeDuo): Promise<string[]> {
  const findings = await onFactors(mfa, beside(duo));
  return findings.map(({ ok, says }) => `${ok ? 'ok  ' : 'DO  '}${says}`);
}

it('one-time codes alone need nothing but the database’s clock, and Duo is not asked', async () => {
  const duo = await startDuo();
  expect(await said({ order: ['totp'] }, duo)).toEqual([]);
  expect(duo.calls).toEqual([]);
});

it('each entry is asked for itself: one may be well while the other is not', async () => {
  const duo = await startDuo();
  const bent = { ...universal, clientSecret: new Secret('y'.repeat(40)) };
  expect(await said({ ...both, duoUniversal: bent }, duo)).toEqual([
    `ok  Duo answers at ${duo.host}`,
    "ok  this machine's clock agrees with Duo's",
    'ok  Duo accepts the keys of mfa.duo_push',
    "DO  Duo doesn't accept the keys of mfa.duo_universal: copy client ID and client secret anew from the Web SDK application in Duo's admin panel; if they are right, have this machine's clock follow NTP (Duo answers 400)",
  ]);
});

it('keys that Duo’s library can’t use are a finding, and the other entry is asked all the same', async () => {
  const duo = await startDuo();
  const lines = await said({ ...both, duoUniversal: { ...universal, clientId: 'DISHORT' } }, duo);
  expect(lines).toContain('ok  Duo accepts the keys of mfa.duo_push');
  expect(lines.at(-1)).toBe(
    "DO  mfa.duo_universal can't be used (The Client ID is invalid): copy client_id and client_secret anew from the Web SDK application in Duo's admin panel",
  );
});

describe('the clock', () => {
  it.each([
    ['less than a minute is not worth a word', 57, "ok  this machine's clock agrees with Duo's"],
    [
      'a minute and more is said while calls still pass',
      -90,
      /^DO {2}this machine's clock is 9\d seconds ahead of Duo's, and from five minutes on Duo refuses every call: have it follow NTP$/,
    ],
  ])('%s', async (_, seconds, says) => {
    const duo = await startDuo({ clock: () => Date.now() + seconds * 1000 });
    const [, clock, keys] = await said({ order: ['duo_push'], duoPush: push }, duo);
    expect(clock).toMatch(says);
    expect(keys).toBe('ok  Duo accepts the keys of mfa.duo_push');
  });

  it('that Duo refuses is all there is to do: of the keys nothing is known', async () => {
    const duo = await startDuo({ clock: () => Date.now() - 3_600_000 });
    const lines = await said({ order: ['duo_push'], duoPush: push }, duo);
    expect(lines).toEqual([
      `ok  Duo answers at ${duo.host}`,
      expect.stringMatching(
        /^DO {2}this machine's clock is 360\d seconds ahead of Duo's, so Duo refuses every call, whatever its keys: have it follow NTP$/,
      ),
    ]);
  });
});

describe('a Duo that', () => {
  it.each([
    [
      'asks for patience',
      { status: 429, body: { stat: 'FAIL', code: 42901 } },
      /^DO {2}Duo asks for patience at \S+: run doctor again in a minute, and if it stays so, find out what else calls Duo with the keys of mfa\.duo_\w+ \(Duo asks for patience \(429\)\)$/,
    ],
    [
      'is down',
      { status: 503 },
      /^DO {2}Duo can't be reached at \S+: check the host of mfa\.duo_\w+, let HTTPS to it pass the firewall, and look at status\.duo\.com \(Duo answers 503\)$/,
    ],
    [
      'is a hotel’s sign-in page',
      { status: 200, raw: '<html>Sign in to the hotel</html>' },
      /^DO {2}what answers at \S+ doesn't speak as Duo does: check the host of mfa\.duo_\w+, and whether a proxy or a sign-in page answers in its place \(.+\)$/,
    ],
  ])('%s is told so, for each entry once', async (_, how, sentence) => {
    const duo = await startDuo();
    for (const path of ['/auth/v2/ping', '/oauth/v1/health_check']) duo.fail(path, how);
    const lines = await said(both, duo);
    expect(lines).toEqual([expect.stringMatching(sentence), expect.stringMatching(sentence)]);
    expect(lines[0]).toContain('mfa.duo_push');
    expect(lines[1]).toContain('mfa.duo_universal');
  });

  it('hangs is told so', () => {
    const at = { application: 'duo_push', host } as const;
    expect(sayDuoFailure({ failed: 'too-slow', detail: 'no answer in 10000 ms' }, at)).toBe(
      `Duo takes too long to answer at ${host}: check firewall and proxy between here and there, look at status.duo.com, and run doctor again (no answer in 10000 ms)`,
    );
  });

  it('fails as nobody foresaw is told with what was seen', () => {
    const at = { application: 'duo_universal', host } as const;
    expect(sayDuoFailure({ failed: 'aborted', detail: 'the caller stopped waiting' }, at)).toBe(
      `Duo gave no answer that counts at ${host}: run doctor again (the caller stopped waiting)`,
    );
  });
});

it('no finding ever holds a key', async () => {
  const duo = await startDuo();
  const bent = { ...push, secretKey: new Secret('canary-of-the-secret-key') };
  const lines = await said({ ...both, duoPush: bent }, duo);
  expect(lines.join('\n')).not.toMatch(/canary/);
  expect(lines.join('\n')).not.toContain(webSdk.clientSecret);
});
