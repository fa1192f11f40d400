/** A push, from the click to the verdict, against a Duo over real HTTPS. */

import { describe, expect, it } from 'vitest';
import { pushinfo, refusalOf, verdictOf } from '../../src/mfa/duo-push.js';
import { asked, ills, patience, pushFor, sent, startDuo } from './support.js';

describe('a push', () => {
  it('shows what is asked, and is allowed once the person allows it', async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'never');
    const challenge = sent(await push.start(asked('plain')));
    expect(challenge).toEqual({ kind: 'push', txid: expect.any(String), code: null, expiresInSeconds: 60 });
    expect(duo.pending('plain')).toMatchObject([
      {
        type: 'Approval',
        verified: false,
        facts: asked('plain').facts.map(([label, value]) => ({ label, value })),
      },
    ]);
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'waiting' });
    const news = push.poll(challenge);
    duo.allow(challenge.txid);
    expect(await news).toEqual({ verdict: 'allowed', method: 'duo_push', evidence: challenge.txid });
  });

  it.each([
    ['denied', 'deny'],
    ['fraud', 'fraud'],
    ['timeout', 'expire'],
  ] as const)('is %s when the person answers so', async (verdict, act) => {
    const duo = await startDuo();
    const push = pushFor(duo);
    const challenge = sent(await push.start(asked('lena')));
    duo[act](challenge.txid);
    expect(await push.poll(challenge)).toEqual({ verdict });
    expect(duo.pushes('lena')).toHaveLength(1);
  });

  it('to a phone that is off waits, and times out with Duo', async () => {
    const duo = await startDuo({ pushLifetimeMs: 30 });
    duo.setPhone('lena', 'off');
    const push = pushFor(duo);
    const challenge = sent(await push.start(asked('lena')));
    expect(duo.pending('lena')).toEqual([]);
    await duo.until(() => duo.pushes('lena')[0]?.state === 'timeout');
    expect(await push.poll(challenge)).toEqual({ verdict: 'timeout' });
  });

  it('to a slow phone arrives late, and counts', async () => {
    const duo = await startDuo({ slowMs: 20 });
    duo.setPhone('plain', 'slow');
    const push = pushFor(duo);
    const challenge = sent(await push.start(asked('plain')));
    const { txid } = await duo.until(() => duo.pending('plain')[0]);
    duo.allow(txid);
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'allowed' });
  });

  it('goes on in another process that knows only what was kept', async () => {
    const duo = await startDuo();
    const kept = JSON.parse(JSON.stringify(sent(await pushFor(duo, 'required').start(asked('lena')))));
    duo.allow(kept.txid, kept.code);
    const another = pushFor(duo, 'required');
    expect(await another.poll(kept)).toMatchObject({ verdict: 'allowed', evidence: kept.txid });
    expect(duo.pushes('lena')).toHaveLength(1);
  });

  it('tells the same news to whoever polls, and an answer stays what it was', async () => {
    const duo = await startDuo();
    const push = pushFor(duo);
    const challenge = sent(await push.start(asked('lena')));
    await push.poll(challenge);
    const both = Promise.all([push.poll(challenge), push.poll(challenge)]);
    duo.deny(challenge.txid);
    expect(await both).toEqual([{ verdict: 'denied' }, { verdict: 'denied' }]);
    expect(() => duo.allow(challenge.txid)).toThrow('over');
  });

  it('of another person tells nothing about this one', async () => {
    const duo = await startDuo();
    const push = pushFor(duo);
    const first = sent(await push.start(asked('lena')));
    const second = sent(await push.start(asked('plain')));
    duo.allow(second.txid);
    expect(await push.poll(first)).toMatchObject({ verdict: 'waiting' });
    expect(await push.poll(second)).toMatchObject({ verdict: 'allowed', evidence: second.txid });
  });
});

describe('a verified push', () => {
  it('has a code that preauth offers, and no other is taken on the phone', async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'required');
    const challenge = sent(await push.start(asked('lena')));
    expect(challenge.code).toMatch(/^\d{3}$/);
    expect(Object.values(duo.pending('lena')[0] ?? {})).not.toContain(challenge.code);
    expect(() => duo.allow(challenge.txid)).toThrow('not the code');
    expect(() => duo.allow(challenge.txid, '0000')).toThrow('not the code');
    duo.allow(challenge.txid, challenge.code ?? '');
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'allowed' });
  });

  it('may tell its code only while it waits', async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'required');
    const challenge = sent(await push.start(asked('late')));
    expect(challenge.code).toBeNull();
    const waiting = await push.poll(challenge);
    const code = 'code' in waiting ? waiting.code : null;
    expect(waiting).toEqual({ verdict: 'waiting', code: expect.stringMatching(/^\d{3}$/), pauseMs: 0 });
    duo.allow(challenge.txid, code ?? '');
    expect(await push.poll({ ...challenge, code })).toMatchObject({ verdict: 'allowed' });
  });

  it('that is required is not replaced by one without a code', async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'required');
    const challenge = sent(await push.start(asked('plain')));
    duo.allow(challenge.txid);
    expect(await push.poll(challenge)).toMatchObject({ failed: 'unverified', retryable: false });
  });

  it('that is only welcome may be one without a code', async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'when-offered');
    const challenge = sent(await push.start(asked('plain')));
    duo.allow(challenge.txid);
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'allowed' });
  });

  it('that Duo requires and we never announce leaves no device that takes a push', async () => {
    const duo = await startDuo();
    expect(await pushFor(duo, 'never').start(asked('strict'))).toMatchObject({ failed: 'no-push' });
    expect(duo.pushes('strict')).toEqual([]);
  });

  it('is not announced where the setting is never', async () => {
    const duo = await startDuo();
    expect(sent(await pushFor(duo, 'never').start(asked('lena'))).code).toBeNull();
    expect(duo.calls[0]?.params).toEqual({ username: 'lena' });
  });
});

describe('nobody is let in without a factor', () => {
  it.each([
    ['bypassed', 'bypass'],
    ['disabled', 'barred'],
    ['locked', 'barred'],
    ['new', 'not-enrolled'],
    ['nobody', 'not-enrolled'],
    ['token', 'no-push'],
  ])('%s is refused: %s, and no push goes out', async (username, failed) => {
    const duo = await startDuo();
    expect(await pushFor(duo).start(asked(username))).toMatchObject({ failed });
    expect(duo.calls.map((call) => call.path)).toEqual(['/auth/v2/preauth']);
  });

  it.each([
    ['deny', 'barred'],
    ['allow', 'bypass'],
  ] as const)('not a stranger either, where Duo’s policy for new users is %s', async (newUsers, failed) => {
    const duo = await startDuo({ newUsers });
    expect(await pushFor(duo).start(asked('nobody'))).toMatchObject({ failed });
  });

  it.each([
    ['bypass', 'bypass'],
    ['locked-out', 'barred'],
  ] as const)('not one who became %s after preauth', async (status, failed) => {
    const duo = await startDuo();
    const push = pushFor(duo);
    // Between the two calls of start, an admin changes the user.
    duo.once('call', () => duo.setUser({ username: 'lena', status }));
    const challenge = sent(await push.start(asked('lena')));
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'failed', failed, retryable: false });
  });
});

describe.each(ills)('where Duo %s', (_what, how, failed) => {
  const ms = patience(how);
  const timeouts = { callMs: ms, pollMs: ms };

  it(`no push starts: ${failed}`, async () => {
    const duo = await startDuo();
    for (const path of ['/auth/v2/preauth', '/auth/v2/auth']) {
      duo.failNext(path, how);
      expect(await pushFor(duo, 'required', { timeouts }).start(asked('lena'))).toMatchObject({ failed });
    }
    expect(duo.pushes('lena')).toEqual([]);
  });

  it(`a push that was allowed is not taken for it: ${failed}`, async () => {
    const duo = await startDuo();
    const push = pushFor(duo, 'required');
    const challenge = sent(await push.start(asked('lena')));
    duo.allow(challenge.txid, challenge.code ?? '');
    duo.failNext('/auth/v2/auth_status', how);
    const retryable = failed !== 'garbage';
    const ill = await pushFor(duo, 'required', { timeouts }).poll(challenge);
    expect(ill).toMatchObject({ verdict: 'failed', failed, retryable });
    // The same question may be asked again; the answer is Duo's.
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'allowed' });
  });
});

it('a poll in which nothing happened, and a txid that Duo does not know, are no news', async () => {
  const duo = await startDuo({ longPollMs: 10 });
  const push = pushFor(duo);
  const challenge = sent(await push.start(asked('lena')));
  await push.poll(challenge);
  const { code } = challenge;
  expect(await push.poll(challenge)).toEqual({ verdict: 'waiting', code, pauseMs: 1_000 });
  expect(await push.poll({ txid: 'unknown', code: null })).toMatchObject({ verdict: 'waiting' });
});

describe('the verdict', () => {
  const challenge = { txid: 't-1', code: '708' };
  const of = (result: 'waiting' | 'allow' | 'deny', status: string, code: string | null = null) =>
    verdictOf({ result, status, code }, challenge, true).verdict;

  it('follows the result, whatever the status is called', () => {
    expect(of('allow', 'a word of next year')).toBe('allowed');
    expect(of('deny', 'a word of next year')).toBe('denied');
    expect(of('deny', 'allow')).toBe('denied');
    expect(of('waiting', 'allow')).toBe('waiting');
    expect(of('waiting', 'push_failed')).toBe('waiting');
  });

  it('keeps the code that is known while Duo tells none', () => {
    expect(verdictOf({ result: 'waiting', status: 'pushed', code: null }, challenge, true)).toMatchObject({
      code: '708',
    });
  });

  it.each([
    ['allow', 'bypass'],
    ['enroll', 'not-enrolled'],
    ['deny', 'barred'],
  ] as const)('of preauth is a refusal for %s, even with a phone and a code', (result, failed) => {
    const verified = { txid: 't-1', code: '708' };
    expect(refusalOf({ result, says: '', canPush: true, verified })).toMatchObject({ failed });
  });
});

describe('what the phone is told', () => {
  const shown = (label: string, value: string) => [...new URLSearchParams(pushinfo([[label, value]]))][0];

  it.each([
    ['a line break', 'Delta\r\nAccount: root', 'Delta Account: root'],
    ['a terminal’s escape', '\u001b[31mred\u0007', '[31mred'],
    ['text turned around', 'a\u202Egnp.exe\u2066b', 'agnp.exeb'],
    ['zero width', 'a\u200Bd\uFEFFm\u00ADin', 'admin'],
    ['separators of its own', 'a&Account=root', 'a&Account=root'],
    ['a lone surrogate', 'a\uD800b', 'ab'],
    ['a line separator', 'a\u2028b', 'a b'],
    ['nothing', ' \u0000 ', '—'],
    ['other scripts', 'Øresund 漢字 👩‍🔧', 'Øresund 漢字 👩🔧'],
  ])('is clean of %s', (_what, given, value) => {
    expect(shown('Client', given)).toEqual(['Client', value]);
  });

  it('is capped, in Duo’s 20,000 bytes even at its widest', () => {
    const wide = '👑'.repeat(10_000);
    const encoded = pushinfo(Array.from({ length: 50 }, () => [wide, wide] as const));
    expect(Buffer.byteLength(encoded)).toBeLessThan(20_000);
    expect([...new URLSearchParams(encoded)]).toHaveLength(10);
    expect(shown('x', wide)?.[1]).toMatch(/^👑{119}…$/u);
  });
});
