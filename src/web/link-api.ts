/** `POST` to a link's page: who may speak here at all, how often, and what is answered. */

import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import { fault } from './faults.js';
import { type Acted, ask, type Caller, enter, type LinkDesk, look, show, status } from './link-acts.js';
import type { LinkAnswers } from './link-answers.js';
import { type LinkBody, MOST_BODY_BYTES, readBytes, readLinkBody } from './link-body.js';
import type { Metrics } from './metrics.js';
import { pageRefusal, type SaidNo, sayNo } from './page-refusals.js';
import { addressKey, type Rate, RateLimit } from './rate-limit.js';
import { hashToken } from './token.js';

export interface LinkApiOptions extends LinkDesk {
  readonly publicUrl: string;
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly rates?: { readonly perToken: Rate; readonly perAddress: Rate };
}

type Ctx = Context<{ Bindings: HttpBindings }>;

/** A page asks about once a second; many people may share the address of an office or of a proxy. */
const RATES = { perToken: { burst: 300, perSecond: 4 }, perAddress: { burst: 500, perSecond: 50 } };

/** The handler of `POST`, for every path that a link opens. */
export function linkApi(options: LinkApiOptions) {
  const { log } = options;
  const origin = new URL(options.publicUrl).origin;
  const { perToken, perAddress } = options.rates ?? RATES;
  const byAddress = new RateLimit(perAddress);
  const byToken = new RateLimit(perToken);
  return async (c: Ctx): Promise<Response> => {
    const alien = notOurs(c, origin);
    if (alien) options.metrics?.unverified.inc({ kind: 'web' });
    const no = alien ?? tooOften(byAddress, addressKey(c.env.incoming.socket.remoteAddress));
    if (no) return refuse(c, no);
    const read = await readBody(c);
    if ('no' in read) return refuse(c, read.no);
    const { body } = read;
    const caller = { tokenHash: hashToken(body.token), browserHash: hashToken(body.browser) };
    const slower = tooOften(byToken, caller.tokenHash);
    if (slower) return refuse(c, slower);
    try {
      const acted = await act(options, caller, body);
      note(options, body.act, acted);
      return 'refused' in acted ? refuse(c, sayNo(acted.refused, acted.facts)) : c.json(acted.answer);
    } catch (err) {
      if (body.act === 'claim') options.metrics?.reveals.inc({ outcome: 'fault' });
      const { says, reference } = fault(log, err, { act: body.act });
      return refuse(c, { status: 500, body: { refused: 'fault', says, reference } });
    }
  };
}

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

function tooOften(limit: RateLimit, key: string): SaidNo | null {
  const wait = limit.take(key);
  return wait === 0 ? null : pageRefusal('too-often', wait);
}

async function readBody(c: Ctx): Promise<{ readonly body: LinkBody } | { readonly no: SaidNo }> {
  const declared = Number(c.req.header('content-length') ?? 0);
  const bytes = declared > MOST_BODY_BYTES ? null : await readBytes(c.req.raw.body, MOST_BODY_BYTES);
  if (bytes === null) return { no: pageRefusal('too-large') };
  const body = readLinkBody(bytes);
  return body ? { body } : { no: pageRefusal('malformed') };
}

function act(desk: LinkDesk, caller: Caller, body: LinkBody): Promise<Acted<keyof LinkAnswers>> {
  switch (body.act) {
    case 'look':
      return look(desk, caller);
    case 'ask':
      return ask(desk, caller);
    case 'status':
      return status(desk, caller);
    case 'claim':
      return show(desk, caller);
    case 'enter':
      return enter(desk, caller, body.password);
  }
}

/** Counts and logs by the link's public handle; polling only where somebody debugs. */
function note({ log, metrics }: LinkApiOptions, what: LinkBody['act'], acted: Acted<keyof LinkAnswers>) {
  const outcome = 'refused' in acted ? acted.refused.code : 'done';
  const level = what === 'look' || what === 'status' ? 'debug' : 'info';
  log[level]({ act: what, outcome, link: acted.facts?.link.id }, 'link');
  if (what === 'claim') metrics?.reveals.inc({ outcome: outcome === 'done' ? 'shown' : outcome });
  if ('refused' in acted) metrics?.refusals.inc({ code: outcome });
}

function refuse(c: Ctx, { status, body, retryAfter }: SaidNo): Response {
  if (retryAfter !== undefined) c.header('retry-after', String(retryAfter));
  return c.json(body, status);
}

/** Everything but opening the page and posting to it. */
export const onlyPageMethods: MiddlewareHandler = async (c, next) => {
  if (['GET', 'HEAD', 'POST'].includes(c.req.method)) return next();
  return c.text('This page can be opened, nothing else.', 405, { allow: 'GET, HEAD, POST' });
};
