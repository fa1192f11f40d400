/** What Duo verifies of each signed call: the date, the integration key and the HMAC-SHA512, in v2 and v5 form. */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Duo's refusals by code; the HTTP status is the code's first three digits. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
  }
}

export interface Call {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

const fiveMinutes = 300_000;

/**
 * The parameters of a call whose signature is good.
 * @throws {Refused} with Duo's own code for what is wrong.
 */
export function verified(
  call: Call,
  keys: { readonly integrationKey: string; readonly secretKey: string },
  now: number,
): { readonly params: Record<string, string>; readonly form: 'v2' | 'v5' } {
  const date = call.headers.date ?? '';
  const [ikey, signature] = credentials(call.headers.authorization);
  if (!date || Number.isNaN(Date.parse(date))) throw new Refused(40104, 'Missing request timestamp');
  if (Math.abs(Date.parse(date) - now) > fiveMinutes)
    throw new Refused(40105, 'Request timestamp is too far from Duo service time');
  if (ikey !== keys.integrationKey)
    throw new Refused(40102, 'Invalid integration key in request credentials');
  const type = call.headers['content-type'] ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  const inBody = call.method !== 'GET';
  if (inBody && !isForm && !type.startsWith('application/json'))
    throw new Refused(40106, 'Invalid content type');
  const head = [date, call.method, call.host.toLowerCase(), call.path];
  const form = isForm && inBody ? Object.fromEntries(new URLSearchParams(call.body)) : {};
  const v2 = [...head, canonical(inBody ? form : call.query)];
  const v5 = [...head, canonical(inBody ? {} : call.query), sha512(inBody ? call.body : ''), sha512('')];
  // A form is v2's and a JSON body v5's: the other does not cover it.
  if ((isForm || !inBody) && matches(signature, v2, keys.secretKey))
    return { params: { ...(inBody ? form : call.query) }, form: 'v2' };
  if ((isForm && inBody) || !matches(signature, v5, keys.secretKey))
    throw new Refused(40103, 'Invalid signature in request credentials');
  return { params: inBody ? jsonParams(call.body) : { ...call.query }, form: 'v5' };
}

function credentials(header: string | undefined): [string, string] {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(header ?? '') ?? [];
  const decoded = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) throw new Refused(40101, 'Missing request credentials');
  return [decoded.slice(0, colon), decoded.slice(colon + 1)];
}

function matches(signature: string, lines: readonly string[], secret: string): boolean {
  const expected = createHmac('sha512', secret).update(lines.join('\n')).digest();
  const given = Buffer.from(/^[0-9a-f]{128}$/.test(signature) ? signature : '', 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Duo escapes everything but letters, digits and `_.~-`, and sorts by name. */
function canonical(params: Readonly<Record<string, string>>): string {
  const escaped = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const names = Object.keys(params).sort();
  return names.map((name) => `${escaped(name)}=${escaped(params[name] ?? '')}`).join('&');
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}

function jsonParams(body: string): Record<string, string> {
  const wrong = new Refused(40002, 'Invalid request parameters', 'Invalid JSON body');
  let found: unknown;
  try {
    found = JSON.parse(body);
  } catch {
    throw wrong;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw wrong;
  const entries = Object.entries(found);
  if (entries.some(([, value]) => typeof value !== 'string')) throw wrong;
  return Object.fromEntries(entries) as Record<string, string>;
}
