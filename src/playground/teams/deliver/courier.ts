/** Carries activities to a bot's endpoint, signed as Teams signs them, and brings the answer back. */
import { parsed } from '../../values.js';
import type { Keys } from '../keys.js';
import type { Tenant } from '../tenant.js';
import type { Delivered, Fields } from '../types.js';
import { authorization, type Tamper, tampered } from './tamper.js';

export class Courier {
  readonly #stopped = new AbortController();

  constructor(
    readonly keys: Keys,
    readonly now: () => number,
    /** Azure Bot Service gives a bot 10 to 15 s, then answers 504 itself: "How bots work", learn.microsoft.com. */
    readonly timeoutMs: number,
    readonly record: (delivered: Delivered) => void,
  ) {}

  stop(): void {
    this.#stopped.abort();
  }

  /** Sends an activity, or what a tampering makes of it. It never throws: no answer is status 0. */
  async deliver(tenant: Tenant, given: Fields, tampering?: Tamper): Promise<Delivered> {
    const minting = {
      keys: this.keys,
      appId: tenant.appId,
      serviceUrl: tenant.serviceUrl,
      now: Math.floor(this.now() / 1000),
    };
    const token = await authorization(minting, tampering);
    const activity = tampered(given, tampering);
    const request = {
      url: tenant.endpoint,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token ? { authorization: token } : {}),
      },
      body: JSON.stringify(activity),
    };
    return this.#send(tenant.id, activity, request);
  }

  /** The same bytes under the same token again. */
  resend({ tenant, activity, request }: Delivered): Promise<Delivered> {
    return this.#send(tenant, activity, request);
  }

  async #send(tenant: string, activity: Fields, request: Delivered['request']): Promise<Delivered> {
    const began = performance.now();
    const done = (rest: Pick<Delivered, 'status' | 'body' | 'error'>): Delivered => {
      const ms = Math.round(performance.now() - began);
      const delivered = { tenant, activity, request, ms, ...rest };
      this.record(delivered);
      return delivered;
    };
    const timeout = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await fetch(request.url, {
        method: 'POST',
        headers: request.headers,
        body: request.body,
        redirect: 'manual',
        signal: AbortSignal.any([timeout, this.#stopped.signal]),
      });
      const body = await response.text();
      return done({ status: response.status, ...(body ? { body: parsed(body) ?? body } : {}) });
    } catch {
      return done({ status: 0, error: timeout.aborted ? 'timeout' : 'unreachable' });
    }
  }
}
