/** Calls of the Bot Connector: one try each, in bounded time, with an error that says what it was. */

import { z } from 'zod';
import type { BotLogin } from './login.js';

const TIMEOUT_MS = 5000;

/** What Teams answered instead: its status, its code, and how long it wants to be left alone. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly afterSeconds?: number,
  ) {
    super(`Teams answers with ${status} ${code}`);
  }
}

const refusal = z.object({ error: z.object({ code: z.string() }) });

/**
 * The REST API of learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference,
 * called plainly: botbuilder's own client tries again by itself, which is the outbox's to decide.
 */
export class Connector {
  constructor(
    readonly login: BotLogin,
    readonly timeoutMs: number = TIMEOUT_MS,
  ) {}

  /**
   * @param serviceUrl where Teams wants this conversation's calls.
   * @param path below `v3/conversations`, each part already encoded.
   * @returns the answer's JSON; null where there is none.
   * @throws {ConnectorError} where Teams says no; {@link LoginRefused}; another error where nothing answers.
   */
  async call(
    method: 'GET' | 'POST' | 'PUT',
    serviceUrl: string,
    path: string,
    body?: object,
  ): Promise<unknown> {
    const token = await this.login.token();
    const response = await fetch(`${serviceUrl.replace(/\/$/, '')}/v3/conversations${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      // The token goes to nobody that the address doesn't name.
      redirect: 'error',
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    // Where the connection ends in the middle, nobody knows what was done: that is no answer.
    const answer = parsed(await response.text());
    if (response.ok) return answer;
    if (response.status === 401) this.login.forget(token);
    const code = refusal.safeParse(answer).data?.error.code ?? '';
    throw new ConnectorError(response.status, code, retryAfter(response));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
