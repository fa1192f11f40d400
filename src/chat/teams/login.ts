/** The bot's own token, by which Teams knows who speaks. */

import { z } from 'zod';
import type { TeamsTenant } from '../../config/config.js';
import { TryLater } from '../chat.js';

/**
 * The token of one single-tenant bot, by client credentials at its own tenant.
 * botbuilder's own way (MSAL) takes no test server; one way for both is one that is tested.
 * learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
const MICROSOFT = 'https://login.microsoftonline.com';
const SCOPE = 'https://api.botframework.com/.default';
const TIMEOUT_MS = 5000;
/** A token lives for an hour or a day; it is renewed before anybody could say that it is over. */
const RENEW_BEFORE_SECONDS = 300;

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const denied = z.object({ error: z.string(), error_codes: z.array(z.number()).optional() });

/** Microsoft gives no token: `why` is its own word, and the settings have to be repaired. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
  constructor(readonly why: string) {
    super(`Microsoft refuses the bot's app_id and app_password (${why})`);
  }
}

export interface LoginOptions {
  readonly url?: string | undefined;
  readonly now?: (() => number) | undefined;
  readonly timeoutMs?: number | undefined;
}

export class BotLogin {
  #token: { readonly text: string; readonly until: number } | null = null;
  #asking: Promise<string> | null = null;

  constructor(
    readonly entry: Pick<TeamsTenant, 'tenant' | 'appId' | 'appPassword'>,
    readonly options: LoginOptions = {},
  ) {}

  /**
   * A token that is good for some minutes yet.
   * @throws {LoginRefused} where the credentials are wrong; {@link TryLater} or another error where Microsoft can't be reached.
   */
  async token(): Promise<string> {
    if (this.#token && this.#token.until > this.#now()) return this.#token.text;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** After a 401: this token is not believed any more. Another may have come in its place by now. */
  forget(token: string): void {
    if (this.#token?.text === token) this.#token = null;
  }

  #now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }

  async #ask(): Promise<string> {
    const { tenant, appId, appPassword } = this.entry;
    const { url = MICROSOFT, timeoutMs = TIMEOUT_MS } = this.options;
    const response = await fetch(`${url.replace(/\/$/, '')}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: appPassword.reveal(),
        scope: SCOPE,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw refusalOf(response.status, body);
    const { access_token, expires_in } = granted.parse(body);
    const seconds = Math.max(0, expires_in - RENEW_BEFORE_SECONDS);
    this.#token = { text: access_token, until: this.#now() + seconds * 1000 };
    return access_token;
  }
}

/** Only Microsoft's codes are kept: its sentences quote what was sent. */
function refusalOf(status: number, body: unknown): Error {
  const { error, error_codes: codes = [] } = denied.safeParse(body).data ?? { error: `status ${status}` };
  if (status >= 500 || status === 429) return new TryLater(`Microsoft's login answers with ${status}`);
  return new LoginRefused([error, ...codes.map((code) => `AADSTS${code}`)].join(' '));
}
