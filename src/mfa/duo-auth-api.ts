/** Duo's Auth API v2, as far as a push needs it: https://duo.com/docs/authapi. Every answer is a value. */

import {
  type DuoRefusal,
  type Preauth,
  type PushStatus,
  readPreauth,
  readStarted,
  readStatus,
  readTime,
} from './duo-answers.js';
import { type Answered, type DuoCall, DuoHttp, type DuoKeys } from './duo-http.js';
import { type Failed, hasFailed } from './provider.js';

export interface Timeouts {
  /** Of everything but polling. */
  readonly callMs: number;
  /** Of auth_status, which answers when something changes: longer than a push lives. */
  readonly pollMs: number;
}

export interface DuoAuthApiOptions {
  readonly timeouts?: Partial<Timeouts>;
  /** Tests only: trusted instead of Duo's authorities. */
  readonly ca?: string;
}

export class DuoAuthApi {
  readonly #http: DuoHttp;
  readonly #timeouts: Timeouts;

  constructor(keys: DuoKeys, options: DuoAuthApiOptions = {}) {
    this.#http = new DuoHttp(keys, options.ca);
    this.#timeouts = { callMs: 10_000, pollMs: 65_000, ...options.timeouts };
  }

  /** Is Duo there? Its time, in seconds since 1970: calls more than five minutes from it are refused (40105). */
  async ping(signal?: AbortSignal): Promise<number | Failed> {
    return this.#call('GET', '/auth/v2/ping', {}, readTime, signal);
  }

  /** Are the keys good? Duo's time, as ping tells it. */
  async check(signal?: AbortSignal): Promise<number | Failed> {
    return this.#call('GET', '/auth/v2/check', {}, readTime, signal);
  }

  /** What Duo makes of a person. `announce` says that we can show the code of a verified push. */
  async preauth(
    username: string,
    announce: boolean,
    signal?: AbortSignal,
  ): Promise<Preauth | Failed | DuoRefusal> {
    const announced = announce ? { client_supports_verified_push: '1' } : {};
    return this.#call('POST', '/auth/v2/preauth', { username, ...announced }, readPreauth, signal);
  }

  /** Sends one push to the first device that takes it. `pushinfo` is encoded as a query, less than 20,000 bytes. */
  async push(
    asked: { username: string; type: string; pushinfo: string; txid?: string },
    signal?: AbortSignal,
  ): Promise<{ readonly txid: string } | Failed | DuoRefusal> {
    const params = { ...asked, factor: 'push', device: 'auto', async: '1' };
    return this.#call('POST', '/auth/v2/auth', params, readStarted, signal);
  }

  /** Waits for the next change of a push. */
  async status(txid: string, signal?: AbortSignal): Promise<PushStatus | Failed | DuoRefusal> {
    return this.#call('GET', '/auth/v2/auth_status', { txid }, readStatus, signal, this.#timeouts.pollMs);
  }

  close(): void {
    this.#http.close();
  }

  async #call<T>(
    method: DuoCall['method'],
    path: string,
    params: DuoCall['params'],
    read: (answered: Answered) => T,
    signal?: AbortSignal,
    timeoutMs = this.#timeouts.callMs,
  ): Promise<T | Failed> {
    const answered = await this.#http.call({ method, path, params, timeoutMs, signal });
    return hasFailed(answered) ? answered : read(answered);
  }
}
