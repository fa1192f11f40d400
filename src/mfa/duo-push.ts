/** Push to Duo Mobile: ask, then poll until the person has answered. */

import type { MfaSettings } from '../config/config.js';
import type { DuoRefusal, Preauth, PushStatus } from './duo-answers.js';
import { DuoAuthApi, type DuoAuthApiOptions } from './duo-auth-api.js';
import {
  type Asked,
  type Fact,
  type Failed,
  failedVerdict,
  hasFailed,
  oneLine,
  type PushChallenge,
  type Verdict,
} from './provider.js';

export type DuoPushSettings = NonNullable<MfaSettings['duoPush']>;

/** Duo gives a push 60 s. */
const LIFETIME_SECONDS = 60;
/** Duo's "invalid request parameters", which auth_status also says when a poll saw nothing happen. */
const INVALID_PARAMETERS = 40002;

export class DuoPush {
  readonly method = 'duo_push';
  readonly #api: DuoAuthApi;
  readonly #verified: DuoPushSettings['verified'];

  constructor(settings: DuoPushSettings, options: DuoAuthApiOptions = {}) {
    this.#api = new DuoAuthApi(settings, options);
    this.#verified = settings.verified;
  }

  /** Sends exactly one push, or says why not. A failure after preauth may have sent it: don't repeat by itself. */
  async start(asked: Asked, signal?: AbortSignal): Promise<PushChallenge | Failed> {
    const announce = this.#verified !== 'never';
    const preauth = await this.#api.preauth(asked.username, announce, signal);
    if (hasFailed(preauth)) return preauth;
    const refused = refusalOf(preauth);
    if (refused) return refused;
    const offer = announce ? preauth.verified : null;
    const started = await this.#api.push(
      {
        username: asked.username,
        type: headline(asked.act),
        pushinfo: pushinfo(asked.facts),
        ...(offer ? { txid: offer.txid } : {}),
      },
      signal,
    );
    if (hasFailed(started)) return started;
    const code = offer?.code ?? null;
    return { kind: 'push', txid: started.txid, code, expiresInSeconds: LIFETIME_SECONDS };
  }

  /**
   * Waits for news of a push, by this process or another's. Poll again while `waiting` (after `pauseMs`) and while
   * `retryable`, until the push is 60 s old by the database's clock; then it timed out. Keep a `code` that appears.
   */
  async poll({ txid, code }: Pick<PushChallenge, 'txid' | 'code'>, signal?: AbortSignal): Promise<Verdict> {
    return verdictOf(await this.#api.status(txid, signal), { txid, code }, this.#verified === 'required');
  }

  /** For `doctor`: Duo's clock in seconds since 1970, told to anybody. */
  time(signal?: AbortSignal): Promise<number | Failed> {
    return this.#api.ping(signal);
  }

  /** For `doctor`: the same, told only where the keys are good and the clocks near. */
  check(signal?: AbortSignal): Promise<number | Failed> {
    return this.#api.check(signal);
  }

  close(): void {
    this.#api.close();
  }
}

/** Why a person gets no push: bypass, enrolment and denial are refusals, and so is a device that takes none. */
export function refusalOf({ result, says, canPush }: Preauth): Failed | null {
  // Duo would let a bypass user in without any factor, and that proves nothing (CISA AA22-074A).
  if (result === 'allow') return { failed: 'bypass', detail: says };
  if (result === 'enroll') return { failed: 'not-enrolled', detail: says };
  if (result === 'deny') return { failed: 'barred', detail: says };
  return canPush ? null : { failed: 'no-push', detail: 'no device takes a push' };
}

/** What a status means. Only `result` decides; `status` names a denial and can take an allow away, never make one. */
export function verdictOf(
  found: PushStatus | Failed | DuoRefusal,
  { txid, code }: Pick<PushChallenge, 'txid' | 'code'>,
  mustBeVerified: boolean,
): Verdict {
  if (hasFailed(found)) {
    const saysNothingYet = 'code' in found && found.code === INVALID_PARAMETERS;
    return saysNothingYet ? { verdict: 'waiting', code, pauseMs: 1_000 } : failedVerdict(found);
  }
  if (found.result === 'waiting') return { verdict: 'waiting', code: found.code ?? code, pauseMs: 0 };
  if (found.result === 'deny') return denial(found.status);
  if (found.status === 'bypass')
    return failedVerdict({ failed: 'bypass', detail: 'auth_status says bypass' });
  if (mustBeVerified && code === null)
    return failedVerdict({ failed: 'unverified', detail: 'Duo sent a push without a code' });
  return { verdict: 'allowed', method: 'duo_push', evidence: txid };
}

function denial(status: string): Verdict {
  if (status === 'fraud' || status === 'timeout') return { verdict: status };
  if (status === 'locked_out') return failedVerdict({ failed: 'barred', detail: 'locked out' });
  return { verdict: 'denied' };
}

/** The facts as Duo wants them, at most ten, each on one clean line: 10 × (30 + 120) characters stay below 20,000 bytes. */
export function pushinfo(facts: readonly Fact[]): string {
  return facts
    .slice(0, 10)
    .map(([label, value]) => [oneLine(label, 30), oneLine(value, 120)])
    .filter(([label]) => label)
    .map(([label = '', value = '']) => `${encodeURIComponent(label)}=${encodeURIComponent(value || '—')}`)
    .join('&');
}

/** Duo shows its `type` in the notification. */
function headline(act: string): string {
  return oneLine(act, 40) || 'Keyturn';
}
