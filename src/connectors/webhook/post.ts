/** One POST of signed JSON, bounded in time and size. A redirect is not followed. */

import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { TargetError } from '../connector.js';
import { SIGNATURE } from './signature.js';

export interface Answered {
  readonly status: number;
  readonly signature: string | undefined;
  readonly body: string;
}

const MOST_BYTES = 64 * 1024;

export interface Posted {
  readonly url: URL;
  readonly body: string;
  readonly signature: string;
  readonly limitMs: number;
}

/** @throws TargetError `unreachable` or `untrusted` */
export async function post(posted: Posted): Promise<Answered> {
  const deadline = AbortSignal.timeout(posted.limitMs);
  try {
    return await send(posted, deadline);
  } catch (error) {
    throw faultOf(posted.url, deadline.aborted ? new Error('no answer in time') : (error as Error));
  }
}

function send({ url, body, signature }: Posted, signal: AbortSignal): Promise<Answered> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'keyturn',
    [SIGNATURE]: signature,
  };
  // A connection of its own: a pooled one may have been closed by the other side just now.
  const options = { method: 'POST', headers, signal, agent: false } as const;
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'https:'
        ? overHttps(url, { ...options, minVersion: 'TLSv1.2' })
        : overHttp(url, options);
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > MOST_BYTES) response.destroy(new Oversized('its answer was too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        const given = response.headers[SIGNATURE];
        const body = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, signature: [given].flat()[0], body });
      });
    });
    sent.end(body);
  });
}

class Oversized extends Error {}

const NOT_WHO_IT_SHOULD_BE =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET)_|ERR_TLS_CERT|INVALID_CA|INVALID_PURPOSE|ERR_SSL_|HPE_)/;

function faultOf(url: URL, error: Error): TargetError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const why = code || error.message;
  if (NOT_WHO_IT_SHOULD_BE.test(code) || error instanceof Oversized)
    return new TargetError(
      'untrusted',
      `The webhook at ${url.host} can’t show that it is the right one: ${why}. Look at its certificate, and at who answers there.`,
      { cause: error },
    );
  return new TargetError(
    'unreachable',
    `The webhook at ${url.host} didn’t answer: ${why}. Check that it runs; Keyturn tries again.`,
    { cause: error },
  );
}
