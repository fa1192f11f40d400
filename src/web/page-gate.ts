/** The gate before every page's `POST`: who may speak here at all, how often, and what may be said. */

import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import type { Caller } from './door-acts.js';
import { fault } from './faults.js';
import type { Metrics } from './metrics.js';
import { MOST_BODY_BYTES, readBytes } from './page-body.js';
import { pageRefusal, type SaidNo } from './page-refusals.js';
import { addressKey, type Rate, RateLimit } from './rate-limit.js';
import { hashToken } from './token.js';

export interface GateOptions {
  readonly publicUrl: string;
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly rates?: { readonly perToken: Rate; readonly perAddress: Rate };
}

/** A page asks about once a second; many people may share the address of an office or of a proxy. */
const RATES = { perToken: { burst: 300, perSecond: 4 }, perAddress: { burst: 500, perSecond: 50 } };

interface PageBody {
  readonly act: string;
  readonly token: string;
  readonly browser: string;
}

/** A page's `POST`: whoever gets through the gate is handed on, with the hashes that stand for link and browser. */
export function gated<Body extends PageBody>(
  options: GateOptions,
  read: (bytes: Uint8Array) => Body | null,
  handle: (c: Ctx, caller: Caller, body: Body) => Promise<Response>,
) {
  const origin = new URL(options.publicUrl).origin;
  const { perToken, perAddress } = options.rates ?? RATES;
  const byAddress = new RateLimit(perAddress);
  const byToken = new RateLimit(perToken);
  return async (c: Ctx): Promise<Response> => {
    const alien = notOurs(c, origin);
    if (alien) options.metrics?.unverified.inc({ kind: 'web' });
    const no = alien ?? tooOften(byAddress, addressKey(c.env.incoming.socket.remoteAddress));
    if (no) return refuse(c, no);
    const found = await readBody(c, read);
    if ('no' in found) return refuse(c, found.no);
    const { body } = found;
    const caller = { tokenHash: hashToken(body.token), browserHash: hashToken(body.browser) };
    const slower = tooOften(byToken, caller.tokenHash);
    if (slower) return refuse(c, slower);
    try {
      return await handle(c, caller, body);
    } catch (err) {
      const { says, reference } = fault(options.log, err, { act: body.act });
      return refuse(c, { status: 500, body: { refused: 'fault', says, reference } });
    }
  };
}

export type Ctx = Context<{ Bindings: HttpBindings }>;

/** Only our own page speaks here. Each sign has to be there: a missing one is a "no" too. */
function notOurs(c: Ctx, origin: string): SaidNo | null {
  const site = c.req.header('sec-fetch-site');
  const ours =
    c.req.header('origin') === origin &&
    c.req.header('x-keyturn') === '1' &&
    (site === undefined || site === 'same-origin');
  if (!ours) return pageRefusal('not-ours');
  return c.req.header('content-type') === 'application/json' ? null : pageRefusal('not-json');
}

/** A "no" where `key` has to wait, and for how long. */
function tooOften(limit: RateLimit, key: string): SaidNo | null {
  const wait = limit.take(key);
  return wait === 0 ? null : pageRefusal('too-often', wait);
}

/** The body, as `read` takes it from its bytes. */
async function readBody<Body>(
  c: Ctx,
  read: (bytes: Uint8Array) => Body | null,
): Promise<{ readonly body: Body } | { readonly no: SaidNo }> {
  const declared = Number(c.req.header('content-length') ?? 0);
  const bytes = declared > MOST_BODY_BYTES ? null : await readBytes(c.req.raw.body, MOST_BODY_BYTES);
  if (bytes === null) return { no: pageRefusal('too-large') };
  const body = read(bytes);
  return body ? { body } : { no: pageRefusal('malformed') };
}

/** Says "no", and when to try again. */
export function refuse(c: Ctx, { status, body, retryAfter }: SaidNo): Response {
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  return c.json(body, status);
}

/** Everything but opening the page and posting to it. */
export const onlyPageMethods: MiddlewareHandler = async (c, next) => {
  if (['GET', 'HEAD', 'POST'].includes(c.req.method)) return next();
  return c.text('This page can be opened, nothing else.', 405, { allow: 'GET, HEAD, POST' });
};
