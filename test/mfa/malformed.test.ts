/** Whatever a server may answer: only what Duo documents as an allow is one, and nothing throws. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPreauth, readStarted, readStatus, readTime } from '../../src/mfa/duo-answers.js';
import { refusalOf, verdictOf } from '../../src/mfa/duo-push.js';
import { readToken, verdictOfToken } from '../../src/mfa/duo-universal-token.js';
import { hasFailed } from '../../src/mfa/provider.js';
import { apiFor, asked, pushFor, sent, startDuo, universalFor } from './support.js';

const word = fc.constantFrom(
  'allow',
  'ALLOW',
  'allow ',
  'auth',
  'waiting',
  'deny',
  'OK',
  'bypass',
  '',
  'pushed',
);
const leaf = fc.oneof(word, fc.boolean(), fc.integer(), fc.constant(null), fc.constant(40002));
const key = fc.constantFrom(
  'stat',
  'response',
  'result',
  'status',
  'status_msg',
  'txid',
  'devices',
  '__proto__',
);
/** Random JSON out of Duo's own words, so that it comes close. */
const nearly = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.dictionary(key, tie('value')),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;
const envelope = fc.record(
  {
    stat: fc.constantFrom('OK', 'FAIL', 'ok', null),
    code: fc.constantFrom(40002, 40001, 50000, '40002'),
    response: fc.oneof(
      nearly,
      fc.record({ result: word, status: word, status_msg: fc.string() }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  envelope.map((found) => JSON.stringify(found)),
  nearly.map((found) => JSON.stringify(found)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const status = fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 429, 500, 503);
const answered = fc.record({ status, body });

describe('the readers', () => {
  it('take for an allow exactly what Duo documents as one', () => {
    fc.assert(
      fc.property(answered, (one) => {
        const { verdict } = verdictOf(readStatus(one), { txid: 't', code: '708' }, true);
        expect(verdict === 'allowed').toBe(isAllow(one));
      }),
      { numRuns: 3_000 },
    );
  });

  it('let no push start on an answer that does not say auth', () => {
    fc.assert(
      fc.property(answered, (one) => {
        const found = readPreauth(one);
        if (hasFailed(found) || refusalOf(found)) return;
        expect(JSON.parse(one.body)).toMatchObject({ stat: 'OK', response: { result: 'auth' } });
      }),
      { numRuns: 3_000 },
    );
  });

  it('throw at nothing', () => {
    fc.assert(
      fc.property(answered, (one) => {
        for (const found of [readStarted(one), readTime(one)])
          if (typeof found === 'object' && hasFailed(found)) expect(found.detail.length).toBeLessThan(300);
      }),
    );
  });

  it('of a token take nothing but a whole one for a proof', () => {
    const now = new Date('2026-03-02T10:01:00Z');
    const expected = { username: 'lena', askedAt: new Date('2026-03-02T10:00:00Z'), now };
    const payload = fc.record(
      {
        preferred_username: fc.oneof(fc.constantFrom('lena', 'Lena', ''), nearly),
        auth_time: fc.oneof(fc.constant(now.getTime() / 1000), nearly),
        auth_result: fc.oneof(fc.record({ result: word, status: word }, { requiredKeys: [] }), nearly),
        auth_context: fc.oneof(fc.constant({ txid: 't', factor: 'duo_push' }), nearly),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(payload, nearly, fc.anything()), (given) => {
        const token = readToken(given);
        if (hasFailed(token) || verdictOfToken(token, expected).verdict !== 'allowed') return;
        expect(given).toMatchObject({
          preferred_username: 'lena',
          auth_result: { result: 'allow', status: 'allow' },
          auth_context: { txid: 't' },
        });
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Duo's documentation in another hand. */
function isAllow(one: { status: number; body: string }): boolean {
  if (one.status !== 200) return false;
  try {
    const { stat, response } = JSON.parse(one.body);
    const { result, status, status_msg } = response;
    return (
      stat === 'OK' &&
      result === 'allow' &&
      typeof status === 'string' &&
      !['', 'bypass'].includes(status) &&
      typeof status_msg === 'string'
    );
  } catch {
    return false;
  }
}

describe('over HTTPS', () => {
  const raw = fc.oneof(body, fc.uint8Array({ maxLength: 2_000 }));

  it('no answer to a poll, of any status and any bytes, becomes an allow', async () => {
    const duo = await startDuo();
    const push = pushFor(duo);
    const challenge = sent(await push.start(asked('lena')));
    await fc.assert(
      fc.asyncProperty(status, raw, async (code, bytes) => {
        duo.failNext('/auth/v2/auth_status', { status: code, raw: bytes });
        const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
        const { verdict } = await push.poll(challenge);
        expect(verdict === 'allowed').toBe(isAllow({ status: code, body: Buffer.from(text).toString() }));
      }),
      { numRuns: 200 },
    );
    expect(await push.poll(challenge)).toMatchObject({ verdict: 'waiting' });
  });

  it('no answer to preauth or auth starts a push that Duo did not start', async () => {
    const duo = await startDuo();
    const api = apiFor(duo);
    await fc.assert(
      fc.asyncProperty(status, fc.uint8Array({ maxLength: 500 }), async (code, bytes) => {
        for (const path of ['preauth', 'auth'])
          duo.failNext(`/auth/v2/${path}`, { status: code, raw: bytes });
        expect(await api.preauth('lena', true)).toHaveProperty('failed');
        expect(await api.push({ username: 'lena', type: '', pushinfo: '' })).toHaveProperty('failed');
      }),
      { numRuns: 50 },
    );
  });

  it('no answer of the token endpoint becomes a proof', async () => {
    const duo = await startDuo();
    const universal = universalFor(duo);
    const state = 'state-of-this-question-0001';
    const expected = { username: 'lena', state, askedAt: new Date(), now: new Date() };
    const tokens = fc.record(
      {
        id_token: fc.oneof(word, fc.constant('e30.e30.')),
        access_token: word,
        expires_in: leaf,
        token_type: fc.constant('Bearer'),
      },
      { requiredKeys: [] },
    );
    const answers = fc.oneof(
      raw,
      tokens.map((found) => JSON.stringify(found)),
    );
    await fc.assert(
      fc.asyncProperty(status, answers, async (code, bytes) => {
        duo.failNext('/oauth/v1/token', { status: code, raw: bytes });
        const verdict = await universal.finish({ code: 'c', state }, expected);
        expect(verdict).toMatchObject({ verdict: 'failed', retryable: false });
      }),
      { numRuns: 150 },
    );
  });
});
