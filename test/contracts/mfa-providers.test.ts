/** What every factor keeps, whatever it is: one proof for one question, and nothing but a yes is a yes. */

import { randomUUID } from 'node:crypto';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { type Challenge, failedVerdict, hasFailed, type Verdict } from '../../src/mfa/provider.js';
import { enrol, totpChallenge, verifyTotp } from '../../src/mfa/totp.js';
import type { FakeDuo } from '../../src/playground/duo/index.js';
import { asked, pushFor, sent, startDuo, universalFor } from '../mfa/support.js';

/** One question under way, and what its person may do. */
interface Question {
  readonly challenge: Challenge;
  /** The verdict after that, asked as often as one likes. */
  after(what: 'yes' | 'no' | 'nothing'): Promise<Verdict>;
}

interface Rig {
  ask(username: string): Promise<Question | { readonly failed: string }>;
  /** What a no becomes. */
  readonly no: string;
  /** Takes the provider down; absent where there is nothing to reach. */
  breakIt?(): void;
}

const rigs: Readonly<Record<string, () => Promise<Rig>>> = {
  duo_push: async () => {
    const duo = await startDuo();
    const push = pushFor(duo);
    return {
      no: 'denied',
      breakIt: () => breakAll(duo),
      ask: async (username) => {
        const started = await push.start(asked(username));
        if (hasFailed(started)) return started;
        const challenge = sent(started);
        const once = press((yes) =>
          yes ? duo.allow(challenge.txid, challenge.code ?? '') : duo.deny(challenge.txid),
        );
        return {
          challenge,
          after: async (what) => {
            once(what);
            return push.poll(challenge);
          },
        };
      },
    };
  },
  duo_universal: async () => {
    const duo = await startDuo();
    const universal = universalFor(duo);
    return {
      no: 'denied',
      breakIt: () => breakAll(duo),
      ask: async (username) => {
        const state = randomUUID();
        const askedAt = new Date();
        const challenge = await universal.start(username, state);
        if (hasFailed(challenge)) return challenge;
        const opened = await duo.openPrompt(challenge.url).catch(() => null);
        if (!opened) return { failed: 'no prompt' };
        let code: string | null = null;
        return {
          challenge,
          after: async (what) => {
            if (what !== 'nothing' && code === null) {
              const back = await duo.prompt(challenge.url, what === 'yes' ? 'allow' : 'deny');
              code = back.searchParams.get('duo_code');
            }
            return universal.finish({ code, state }, { username, state, askedAt, now: new Date() });
          },
        };
      },
    };
  },
  totp: async () => {
    const { secret } = await enrol('Keyturn', 'lena');
    const now = new Date();
    const right = generateSync({ secret: secret.reveal(), epoch: Math.floor(now.getTime() / 1000) });
    const wrong = String((Number(right) + 500_000) % 1_000_000).padStart(6, '0');
    let lastStep: number | null = null;
    return {
      no: 'failed',
      ask: async (username) =>
        username !== 'lena'
          ? { failed: 'not-enrolled' }
          : {
              challenge: totpChallenge(),
              after: async (what) => {
                const typed = { yes: right, no: wrong, nothing: '' }[what];
                const found = verifyTotp(secret, typed, lastStep, now);
                if (!found.ok) return failedVerdict({ failed: 'refused', detail: found.why });
                lastStep = found.timeStep;
                return { verdict: 'allowed', method: 'totp', evidence: String(found.timeStep) };
              },
            },
    };
  },
};

/** A person answers once, however often the verdict is asked for. */
function press(answer: (yes: boolean) => void): (what: 'yes' | 'no' | 'nothing') => void {
  let answered = false;
  return (what) => {
    if (what === 'nothing' || answered) return;
    answered = true;
    answer(what === 'yes');
  };
}

function breakAll(duo: FakeDuo): void {
  const paths = [
    'auth/v2/preauth',
    'auth/v2/auth',
    'auth/v2/auth_status',
    'oauth/v1/health_check',
    'oauth/v1/token',
  ];
  for (const path of paths) duo.fail(`/${path}`, { status: 503 });
}

async function question(rig: Rig): Promise<Question> {
  const found = await rig.ask('lena');
  if ('failed' in found) throw new Error(found.failed);
  return found;
}

describe.each(Object.entries(rigs))('%s', (method, make) => {
  it('is allowed by a yes, and says what must be spent with it', async () => {
    const verdict = await (await question(await make())).after('yes');
    expect(verdict).toEqual({ verdict: 'allowed', method, evidence: expect.stringMatching(/./) });
  });

  it('is not allowed by a no', async () => {
    const rig = await make();
    expect((await (await question(rig)).after('no')).verdict).toBe(rig.no);
  });

  it('is not allowed by nothing', async () => {
    expect((await (await question(await make())).after('nothing')).verdict).not.toBe('allowed');
  });

  it('gives one evidence to one question, never two', async () => {
    const asking = await question(await make());
    const verdicts = [await asking.after('yes'), await asking.after('yes')];
    const evidence = verdicts.flatMap((one) => (one.verdict === 'allowed' ? [one.evidence] : []));
    expect(new Set(evidence).size).toBe(1);
  });

  it('is refused to somebody who is not enrolled', async () => {
    expect(await (await make()).ask('nobody')).toHaveProperty('failed');
  });

  it('can be kept as JSON and carries no secret of ours', async () => {
    const { challenge } = await question(await make());
    const kept = JSON.stringify(challenge);
    expect(JSON.parse(kept)).toEqual(challenge);
    expect(kept).not.toMatch(/secret-key|client-secret/);
  });

  it('is failed, not thrown and not passed by, when its provider is down', async () => {
    const rig = await make();
    const asking = await question(rig);
    if (!rig.breakIt) return;
    await asking.after('nothing');
    rig.breakIt();
    expect(await rig.ask('lena')).toMatchObject({ failed: 'unreachable' });
    expect(await asking.after('yes')).toMatchObject({ verdict: 'failed', failed: 'unreachable' });
  });
});
