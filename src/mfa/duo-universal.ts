/** Duo's Universal Prompt in a browser, on Duo's own library, and what that library leaves to its caller. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { Agent } from 'node:https';
import { Client } from '@duosecurity/duo_universal';
import type { MfaSettings } from '../config/config.js';
import { universalFailure } from './duo-universal-faults.js';
import { readToken, verdictOfToken } from './duo-universal-token.js';
import { type Failed, failedVerdict, hasFailed, type RedirectChallenge, type Verdict } from './provider.js';

export type DuoUniversalSettings = NonNullable<MfaSettings['duoUniversal']>;

export interface DuoUniversalOptions {
  /** Of each call to Duo, from connecting to the last byte. */
  readonly timeoutMs?: number;
  /** Tests and local mode only: trusted instead of Duo's authorities. */
  readonly ca?: string;
  /** Local mode only: the origin at which a browser finds the played prompt. */
  readonly browserUrl?: string;
}

/** What the browser brought back. Whatever is missing or said twice is null. */
export interface Returned {
  readonly code: string | null;
  readonly state: string | null;
}

/** What was asked, from where it was kept when the browser was sent away. */
export interface Expected {
  readonly username: string;
  readonly state: string;
  /** When the browser was sent away, and now: both the database's. */
  readonly askedAt: Date;
  readonly now: Date;
}

/** Duo takes a signed request for five minutes. */
const LIFETIME_SECONDS = 300;

export class DuoUniversal {
  readonly method = 'duo_universal';
  readonly #client: Client;
  readonly #agent: Agent | null;
  readonly #browserUrl: string | undefined;

  /** @throws where a setting can't be right: an id that has not 20, or a secret that has not 40 characters. */
  constructor(settings: DuoUniversalSettings, redirectUrl: string, options: DuoUniversalOptions = {}) {
    this.#client = new Client({
      clientId: settings.clientId,
      clientSecret: settings.clientSecret.reveal(),
      apiHost: settings.host,
      redirectUrl,
    });
    this.#browserUrl = options.browserUrl;
    this.#agent = options.ca === undefined ? null : new Agent({ ca: options.ca });
    harden(this.#client, options.timeoutMs ?? 10_000, this.#agent);
  }

  /**
   * The address of a prompt for one person. `state` is the caller's: random, 22 characters or more, kept with the
   * person and the act, and spent by the first return. A Duo that is not well is refused here, not passed by.
   */
  async start(username: string, state: string): Promise<RedirectChallenge | Failed> {
    try {
      await this.#client.healthCheck();
      const url = await this.#client.createAuthUrl(username, state);
      return { kind: 'redirect', url: this.#forBrowser(url), expiresInSeconds: LIFETIME_SECONDS };
    } catch (error) {
      return universalFailure(error);
    }
  }

  #forBrowser(url: string): string {
    if (this.#browserUrl === undefined) return url;
    const { pathname, search } = new URL(url);
    return new URL(`${pathname}${search}`, this.#browserUrl).href;
  }

  /** Is what came back a proof of that person, for that question? The code is spent at Duo by asking. */
  async finish({ code, state }: Returned, expected: Expected): Promise<Verdict> {
    if (!state || !expected.state || !same(state, expected.state))
      return failedVerdict({ failed: 'wrong-state', detail: 'the state is not the one that was sent' });
    if (!code || code.length > 1024) return failedVerdict({ failed: 'garbage', detail: 'no code came back' });
    try {
      const token = await this.#client.exchangeAuthorizationCodeFor2FAResult(code, expected.username);
      const found = readToken(token);
      return hasFailed(found) ? failedVerdict(found) : verdictOfToken(found, expected);
    } catch (error) {
      return spent(universalFailure(error));
    }
  }

  /** For `doctor`: does Duo accept the keys? */
  async check(): Promise<'ok' | Failed> {
    try {
      await this.#client.healthCheck();
      return 'ok';
    } catch (error) {
      return universalFailure(error);
    }
  }

  /** Ends idle connections. */
  close(): void {
    this.#agent?.destroy();
  }
}

/** A code may have been spent by an exchange that failed: nothing here can be tried again. */
function spent(failed: Failed): Verdict {
  return { verdict: 'failed', retryable: false, ...failed };
}

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

interface Axios {
  readonly defaults: Record<string, unknown>;
  readonly interceptors: {
    readonly request: { use(change: (config: Record<string, unknown>) => Record<string, unknown>): void };
  };
}

/**
 * The library waits for ever, follows redirects and reads answers of any length. The only way in is a field that is
 * private to TypeScript alone; an update that moves it must fail loudly.
 */
function harden(client: Client, timeoutMs: number, agent: Agent | null): void {
  const { axios } = client as unknown as { axios?: Axios };
  if (!axios?.defaults || !axios.interceptors)
    throw new Error('@duosecurity/duo_universal no longer keeps its HTTP client in the field axios');
  const limits = { timeout: timeoutMs, maxRedirects: 0, maxContentLength: 65_536, maxBodyLength: 65_536 };
  Object.assign(axios.defaults, limits, agent && { httpsAgent: agent });
  // A timeout of axios counts silence; this one counts everything.
  axios.interceptors.request.use((config) => ({ ...config, signal: AbortSignal.timeout(timeoutMs) }));
}
