/** One signed HTTPS call to Duo's Auth API. Never throws: what went wrong is a value, and none of it an allow. */

import { Agent, request } from 'node:https';
import constants from '@duosecurity/duo_api/lib/constants.js';
import signer from '@duosecurity/duo_api/lib/duo_sig.js';
import type { Secret } from '../config/secret.js';
import { type Failed, type Failure, oneLine } from './provider.js';

export interface DuoKeys {
  /** May carry a port. */
  readonly host: string;
  readonly integrationKey: string;
  readonly secretKey: Secret;
}

export interface DuoCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** For the whole call, from connecting to the last byte. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** More than any answer of the Auth API holds. */
const sizeCap = 64 * 1024;

export class DuoHttp {
  readonly #agent: Agent;

  /** `ca` is for tests: otherwise only Duo's own authorities are trusted, as in Duo's own clients. */
  constructor(
    private readonly keys: DuoKeys,
    ca?: string,
  ) {
    this.#agent = new Agent({ ca: ca ?? constants.DUO_PINNED_CERT, keepAlive: true, minVersion: 'TLSv1.2' });
  }

  /** Signs and sends. A redirect is not followed. */
  async call(call: DuoCall): Promise<Answered | Failed> {
    const deadline = AbortSignal.timeout(call.timeoutMs);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      return await this.#send(call, signal);
    } catch (error) {
      if (deadline.aborted && !call.signal?.aborted)
        return { failed: 'too-slow', detail: `no answer in ${call.timeoutMs} ms` };
      if (call.signal?.aborted) return { failed: 'aborted', detail: 'the caller stopped waiting' };
      return networkFailure(error);
    }
  }

  /** Ends idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  #send({ method, path, params }: DuoCall, signal: AbortSignal): Promise<Answered> {
    const { host, integrationKey, secretKey } = this.keys;
    // Duo's v5: a GET signs its query, a POST the bytes of its body.
    const isGet = method === 'GET';
    const query = isGet ? new URLSearchParams(params).toString() : '';
    const body = isGet ? '' : JSON.stringify(params);
    const date = new Date().toUTCString();
    const signed = isGet ? params : {};
    const authorization = signer.signV5(
      ...([integrationKey, secretKey.reveal(), method, host, path, signed, date, body] as const),
    );
    const type = isGet
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const url = new URL(`https://${host}${path}${query && `?${query}`}`);
    const headers = { host, date, authorization, 'user-agent': 'keyturn', ...type };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: this.#agent, signal }, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          parts.push(part);
          if (size > sizeCap) response.destroy(new Oversized());
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

class Oversized extends Error {}

const untrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET)_|ERR_TLS_CERT_ALTNAME|INVALID_CA|INVALID_PURPOSE)/;

/** What an error of the network means. Its message may hold addresses, never keys. */
export function networkFailure(error: unknown): Failed {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const detail = oneLine([code, message].filter(Boolean).join(': '), 200);
  const parser = code.startsWith('HPE_') || error instanceof Oversized;
  const failed: Failure = untrusted.test(code) ? 'untrusted' : parser ? 'garbage' : 'unreachable';
  return { failed, detail: error instanceof Oversized ? 'the answer was too long' : detail };
}
