/** A limit on how often, by key: a bucket that fills at a steady rate. In memory, each process for itself. */

import { performance } from 'node:perf_hooks';

export interface Rate {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  left: number;
  at: number;
}

const MOST_KEYS = 10_000;

export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** 0 when it may go on, otherwise the whole seconds to wait. */
  take(key: string): number {
    const { burst, perSecond } = this.#rate;
    const now = performance.now();
    const last = this.#buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, last.left + ((now - last.at) / 1000) * perSecond);
    const wait = left >= 1 ? 0 : Math.ceil((1 - left) / perSecond);
    // Set anew each time, so that the map's order is that of last use and the longest unused goes first.
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: wait === 0 ? left - 1 : left, at: now });
    if (this.#buckets.size > MOST_KEYS) this.#buckets.delete(this.#buckets.keys().next().value as string);
    return wait;
  }
}

/**
 * Whom a limit by address means: the peer of the connection, and for IPv6 its
 * network, because one machine has all of that. A header that names somebody
 * else is never believed.
 */
export function addressKey(remote: string | undefined): string {
  const address = (remote ?? '').replace(/^::ffff:(?=\d+\.)/, '');
  if (!address.includes(':')) return address;
  const [head = ''] = address.split('::');
  return [...head.split(':'), '0', '0', '0', '0'].slice(0, 4).join(':');
}
