/** What the browser page talks to: `/play/duo/state`, `/stream` and `/act`. Loopback and same origin only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { answer, readBody } from '../slack/http.js';
import { fields, parsed, text } from '../slack/values.js';
import type { Act, PhoneState } from './phone.js';
import { Impossible } from './pushes.js';
import type { Change } from './types.js';

export interface PlayContext {
  readonly phone: (username: string) => PhoneState | undefined;
  readonly act: (username: string, act: Act) => void;
  /** `end` is called when the fake stops. Returns how to leave. */
  readonly subscribe: (listener: (change: Change) => void, end: () => void) => () => void;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The Host must be loopback and the Origin the same: no page elsewhere may press what a phone shows. */
function isOwnPage(request: IncomingMessage): boolean {
  const origin = `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? ''}`;
  if (!URL.canParse(origin) || !loopback.has(new URL(origin).hostname)) return false;
  if (request.headers.origin !== undefined && request.headers.origin !== origin) return false;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Answers one request below `/play/duo/`. */
export async function servePlay(
  context: PlayContext,
  request: IncomingMessage,
  response: ServerResponse,
  verb: string,
): Promise<void> {
  if (!isOwnPage(request))
    return answer(response, 403, { ok: false, error: 'Only this machine’s own page may ask.' });
  const { searchParams } = new URL(request.url ?? '/', 'http://play.invalid');
  if (verb === 'state' && request.method === 'GET') return state(context, response, searchParams);
  if (verb === 'stream' && request.method === 'GET') return stream(context, response);
  if (verb === 'act' && request.method === 'POST') return act(context, request, response);
  answer(response, 404, { ok: false, error: 'There is nothing here.' });
}

function state(context: PlayContext, response: ServerResponse, query: URLSearchParams): void {
  const phone = context.phone(query.get('user') ?? '');
  if (phone) answer(response, 200, phone, { 'cache-control': 'no-store' });
  else answer(response, 404, { ok: false, error: 'Duo has no such user.' });
}

/** Server-Sent Events: one `change` for each change, a comment now and then to keep it open. */
function stream(context: PlayContext, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write(': welcome\n\n');
  const tell = (change: Change) => {
    response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  };
  const leave = context.subscribe(tell, () => response.end());
  const heartbeat = setInterval(() => response.write(': still here\n\n'), 15_000).unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

async function act(context: PlayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A form of another site can't send this content type without asking first.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return answer(response, 415, { ok: false, error: 'Send JSON.' });
  const given = fields(parsed(await readBody(request)));
  try {
    context.act(text(given.user), readAct(given));
    answer(response, 200, { ok: true });
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    answer(response, 200, { ok: false, error: error.message });
  }
}

function readAct(given: Record<string, unknown>): Act {
  const kind = text(given.kind);
  const txid = text(given.txid);
  if (kind === 'allow') return { kind, txid, ...(text(given.code) ? { code: text(given.code) } : {}) };
  if (kind === 'deny' || kind === 'fraud') return { kind, txid };
  const phone = text(given.phone);
  if (kind === 'phone' && (phone === 'on' || phone === 'slow' || phone === 'off')) return { kind, phone };
  throw new Impossible(`Nobody can “${kind}” here.`);
}
