/** Slack's rate limits, and failures that a test orders. docs.slack.dev/apis/web-api/rate-limits */
import type { RateLimits } from '../types.js';

/** What the next calls of a method get instead of an answer. */
export interface Failure {
  /** HTTP status; 200 with `error` is Slack's usual refusal. */
  readonly status?: number;
  readonly retryAfter?: number;
  readonly error?: string;
  readonly times?: number;
  /** Do what was asked, then lose the answer: the caller can't know that it happened. */
  readonly lost?: boolean;
}

const slackLimits: RateLimits = { postPerSecond: 1, postBurst: 5, tier2: 20, tier3: 50, tier4: 100 };

type Tier = 'tier2' | 'tier3' | 'tier4';

const tiers: Readonly<Record<string, Tier>> = {
  'users.list': 'tier2',
  'conversations.list': 'tier2',
  'users.lookupByEmail': 'tier3',
  'conversations.info': 'tier3',
  'conversations.open': 'tier3',
  'chat.update': 'tier3',
  'chat.delete': 'tier3',
  'chat.postEphemeral': 'tier4',
  'conversations.members': 'tier4',
  'users.info': 'tier4',
  'files.getUploadURLExternal': 'tier4',
  'files.completeUploadExternal': 'tier4',
  'views.open': 'tier4',
  'views.push': 'tier4',
  'views.update': 'tier4',
  'views.publish': 'tier4',
};

interface Bucket {
  left: number;
  at: number;
}

export class Limits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #failures = new Map<string, { failure: Failure; left: number }[]>();
  #limits: RateLimits | false;

  constructor(
    limits: Partial<RateLimits> | false | undefined,
    readonly now: () => number,
  ) {
    this.#limits = limits === false ? false : { ...slackLimits, ...limits };
  }

  set(limits: Partial<RateLimits> | false): void {
    this.#limits = limits === false ? false : { ...slackLimits, ...limits };
    this.#buckets.clear();
  }

  /** Seconds to wait, or 0 to go on. */
  wait(team: string, method: string, channel: string): number {
    if (!this.#limits) return 0;
    if (method === 'chat.postMessage')
      return this.#take(`${team} ${channel}`, this.#limits.postPerSecond, this.#limits.postBurst);
    const tier = tiers[method];
    if (!tier) return 0;
    const perMinute = this.#limits[tier];
    return this.#take(`${team} ${method}`, perMinute / 60, perMinute);
  }

  #take(key: string, perSecond: number, most: number): number {
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { left: most, at: now };
    bucket.left = Math.min(most, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return 0;
  }

  failNext(method: string, failure: Failure): void {
    const queue = this.#failures.get(method) ?? [];
    this.#failures.set(method, [...queue, { failure, left: failure.times ?? 1 }]);
  }

  /** The failure this call was ordered to get, used up by asking. */
  nextFailure(method: string): Failure | undefined {
    const queue = this.#failures.get(method);
    const first = queue?.[0];
    if (!first) return undefined;
    first.left -= 1;
    if (first.left <= 0) queue.shift();
    return first.failure;
  }
}
