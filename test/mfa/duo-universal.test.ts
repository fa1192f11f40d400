/** The Universal Prompt, and everything that Duo's library leaves to us. */

import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { DuoUniversal } from '../../src/mfa/duo-universal.js';
import { verdictOfToken } from '../../src/mfa/duo-universal-token.js';
import { failedVerdict } from '../../src/mfa/provider.js';
import type { FakeDuo, Tampering } from '../../src/playground/duo/index.js';
import {
  callback,
  closeLater,
  ills,
  patience,
  redirected,
  startDuo,
  universalFor,
  webSdk,
} from './support.js';

const state = 'state-of-this-question-0001';

/** A prompt from the first click to what came back. */
async function promptFor(
  duo: FakeDuo,
  { username = 'lena', answer = 'allow' as 'allow' | 'deny', tampering = {} as Tampering } = {},
) {
  const universal = universalFor(duo);
  const askedAt = new Date();
  const { url } = redirected(await universal.start(username, state));
  const back = await duo.prompt(url, answer, tampering);
  const returned = { code: back.searchParams.get('duo_code'), state: back.searchParams.get('state') };
  const expected = { username, state, askedAt, now: new Date() };
  return { universal, back, returned, expected };
}

describe('a prompt', () => {
  it('sends the browser to Duo and back, and is allowed once', async () => {
    const duo = await startDuo();
    const { universal, back, returned, expected } = await promptFor(duo);
    expect(back.href.startsWith(`${callback}?duo_code=`)).toBe(true);
    const verdict = await universal.finish(returned, expected);
    expect(verdict).toEqual({ verdict: 'allowed', method: 'duo_universal', evidence: expect.any(String) });
    expect(await universal.finish(returned, expected)).toMatchObject({ failed: 'refused', retryable: false });
  });

  it('has a different evidence each time', async () => {
    const duo = await startDuo();
    const evidence = new Set();
    for (let n = 0; n < 3; n += 1) {
      const { universal, returned, expected } = await promptFor(duo);
      evidence.add(((await universal.finish(returned, expected)) as { evidence: string }).evidence);
    }
    expect(evidence.size).toBe(3);
  });

  it('that the person denies is denied, though Duo signs it like any other', async () => {
    const { universal, returned, expected } = await promptFor(await startDuo(), { answer: 'deny' });
    expect(await universal.finish(returned, expected)).toEqual({ verdict: 'denied' });
  });

  it('of a bypass user proves nothing', async () => {
    const { universal, returned, expected } = await promptFor(await startDuo(), { username: 'bypassed' });
    expect(await universal.finish(returned, expected)).toMatchObject({ failed: 'bypass' });
  });

  it.each(['disabled', 'locked', 'new', 'nobody'])('is not shown to %s', async (username) => {
    const duo = await startDuo();
    const { url } = redirected(await universalFor(duo).start(username, state));
    await expect(duo.prompt(url, 'allow')).rejects.toThrow('can’t log in');
  });
});

describe('the state', () => {
  it.each([
    ['another', 'state-of-another-question-2'],
    ['a longer one', `${state}x`],
    ['none', null],
    ['an empty one', ''],
  ])('must be the one that was sent, not %s', async (_what, came) => {
    const duo = await startDuo();
    const { universal, returned, expected } = await promptFor(duo);
    const verdict = await universal.finish({ ...returned, state: came }, expected);
    expect(verdict).toMatchObject({ verdict: 'failed', failed: 'wrong-state' });
    expect(duo.calls.map((call) => call.path)).not.toContain('/oauth/v1/token');
  });

  it('that was kept as nothing matches nothing', async () => {
    const { universal, returned, expected } = await promptFor(await startDuo());
    const verdict = await universal.finish({ ...returned, state: '' }, { ...expected, state: '' });
    expect(verdict).toMatchObject({ failed: 'wrong-state' });
  });

  it('that is too short is refused before anybody leaves', async () => {
    expect(await universalFor(await startDuo()).start('lena', 'short')).toMatchObject({ failed: 'refused' });
  });
});

describe('a token', () => {
  const result = { result: 'allow', status: 'allow', status_msg: 'Login Successful' } as const;
  const context = { txid: 't-1', factor: 'duo_push', reason: 'user_approved' };
  const now = Math.floor(Date.now() / 1000);

  it.each<[string, Tampering, string]>([
    ['of another person', { claims: { preferred_username: 'tess' } }, 'other-person'],
    ['of the same name in capitals', { claims: { preferred_username: 'Lena' } }, 'other-person'],
    ['of nobody', { claims: { preferred_username: undefined } }, 'other-person'],
    ['with a status of bypass', { claims: { auth_result: { ...result, status: 'bypass' } } }, 'bypass'],
    [
      'of a remembered device',
      { claims: { auth_context: { ...context, factor: 'remembered_device' } } },
      'bypass',
    ],
    [
      'of a trusted network',
      { claims: { auth_context: { ...context, reason: 'trusted_network' } } },
      'bypass',
    ],
    ['of an hour ago', { claims: { auth_time: now - 3600 } }, 'stale'],
    ['of tomorrow', { claims: { auth_time: now + 86_400 } }, 'stale'],
    ['without a time', { claims: { auth_time: undefined } }, 'garbage'],
    ['without a result', { claims: { auth_result: undefined } }, 'garbage'],
    ['with a result in capitals', { claims: { auth_result: { ...result, result: 'ALLOW' } } }, 'garbage'],
    ['without a status', { claims: { auth_result: { result: 'allow' } } }, 'garbage'],
    ['without a txid', { claims: { auth_context: { ...context, txid: undefined } } }, 'garbage'],
    ['of another issuer', { claims: { iss: 'https://elsewhere.example/oauth/v1/token' } }, 'garbage'],
    ['for another client', { claims: { aud: 'DIANOTHERCLIENT00001' } }, 'garbage'],
    ['that ran out', { claims: { exp: now - 120 } }, 'garbage'],
    ['signed by somebody else', { secret: 'x'.repeat(40) }, 'garbage'],
  ])('%s is no proof', async (_what, tampering, failed) => {
    const { universal, returned, expected } = await promptFor(await startDuo(), { tampering });
    expect(await universal.finish(returned, expected)).toMatchObject({ verdict: 'failed', failed });
  });

  it('older than the question is no proof, however fresh', () => {
    const askedAt = new Date('2026-03-02T10:00:00Z');
    const token = { preferred_username: 'lena', auth_result: result, auth_context: context };
    const at = (seconds: number, later = 90_000) =>
      verdictOfToken(
        { ...token, auth_time: askedAt.getTime() / 1000 + seconds },
        { username: 'lena', askedAt, now: new Date(askedAt.getTime() + later) },
      );
    expect(at(30)).toMatchObject({ verdict: 'allowed', evidence: 't-1' });
    expect(at(-61)).toMatchObject({ failed: 'stale' });
    expect(at(152)).toMatchObject({ failed: 'stale' });
    expect(at(0, 600_000)).toMatchObject({ failed: 'stale' });
    expect(at(Number.NaN)).toMatchObject({ failed: 'stale' });
  });
});

describe.each(ills)('where Duo %s', (_what, how, failed) => {
  it(`nobody is sent there: ${failed}`, async () => {
    const duo = await startDuo();
    duo.failNext('/oauth/v1/health_check', how);
    expect(await universalFor(duo, patience(how)).start('lena', state)).toMatchObject({ failed });
  });

  it(`nobody who comes back is let in: ${failed}`, async () => {
    const duo = await startDuo();
    const { returned, expected } = await promptFor(duo);
    duo.failNext('/oauth/v1/token', how);
    expect(await universalFor(duo, patience(how)).finish(returned, expected)).toEqual({
      ...failedVerdict({ failed, detail: expect.any(String) as unknown as string }),
      // The code may be spent.
      retryable: false,
    });
  });
});

describe('the settings', () => {
  const settings = {
    host: 'localhost:1',
    clientId: webSdk.clientId,
    clientSecret: new Secret(webSdk.clientSecret),
  };

  it.each([
    ['an id of another length', { clientId: 'short' }],
    ['a secret of another length', { clientSecret: new Secret('short') }],
    ['no host', { host: '' }],
  ])('with %s are refused at once', (_what, bent) => {
    expect(() => new DuoUniversal({ ...settings, ...bent }, callback)).toThrow(/invalid|Error parsing/);
  });

  it('with another secret are refused by Duo', async () => {
    const duo = await startDuo();
    const bent = { ...settings, host: duo.host, clientSecret: new Secret('y'.repeat(40)) };
    const universal = closeLater(new DuoUniversal(bent, callback, { ca: duo.ca }));
    expect(await universal.check()).toMatchObject({ failed: 'refused' });
    expect(await universalFor(duo).check()).toBe('ok');
  });

  it('don’t make any authority trusted but Duo’s', async () => {
    const duo = await startDuo();
    const universal = closeLater(new DuoUniversal({ ...settings, host: duo.host }, callback));
    expect(await universal.check()).toMatchObject({ failed: 'untrusted' });
    expect(duo.calls).toEqual([]);
  });

  it('of a certificate that ran out are not passed by', async () => {
    const duo = await startDuo({ certificate: { expiresAt: Date.now() - 1_000 } });
    expect(await universalFor(duo).start('lena', state)).toMatchObject({ failed: 'untrusted' });
  });

  it('of a host where nobody listens are unreachable', async () => {
    const universal = closeLater(new DuoUniversal(settings, callback));
    expect(await universal.start('lena', state)).toMatchObject({ failed: 'unreachable' });
  });
});
