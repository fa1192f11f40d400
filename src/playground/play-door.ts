/** The door of a played service to the browser page: `state`, `stream` and `act`. Loopback and same origin only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { answer, readBody } from './http.js';
import type { Fields } from './slack/types.js';
import { fields, parsed } from './values.js';

/** What is behind the door: people's screens, what they do, and who is told of changes. */
export interface Door {
  /** Somebody's screen, or undefined where there is no such person. */
  readonly state: (query: URLSearchParams) => unknown;
  /** The sentence for who asks after a person who isn't there. */
  readonly nobody: string;
  /** Does what was asked. What a person can't do is an answer with `ok: false`, not a throw. */
  readonly act: (given: Fields) => Promise<Fields>;
  /** `end` is called when the service stops. Returns how to leave. */
  readonly subscribe: (listener: (change: object) => void, end: () => void) => () => void;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * A page of another site could point its own name at 127.0.0.1 and read along (DNS
 * rebinding), or post across origins. The Host must be loopback, the Origin the same.
 */
export function isOwnPage(request: IncomingMessage): boolean {
  const own = `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? ''}`;
  if (!URL.canParse(own) || !loopback.has(new URL(own).hostname)) return false;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== own) return false;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Answers one request at the door; `verb` is the last part of its path. */
export async function answerAtDoor(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  verb: string,
): Promise<void> {
  if (!isOwnPage(request))
    return answer(response, 403, { ok: false, error: 'Only this machine’s own page may ask.' });
  const { searchParams } = new URL(request.url ?? '/', 'http://play.invalid');
  if (verb === 'state' && request.method === 'GET') return state(door, response, searchParams);
  if (verb === 'stream' && request.method === 'GET') return stream(door, response);
  if (verb === 'act' && request.method === 'POST') return act(door, request, response);
  answer(response, 404, { ok: false, error: 'There is nothing here.' });
}

function state(door: Door, response: ServerResponse, query: URLSearchParams): void {
  const screen = door.state(query);
  if (screen) answer(response, 200, screen, { 'cache-control': 'no-store' });
  else answer(response, 404, { ok: false, error: door.nobody });
}

/** Server-Sent Events: one `change` for each change, a comment now and then to keep it open. */
function stream(door: Door, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write(': welcome\n\n');
  const tell = (change: object) => {
    response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  };
  const leave = door.subscribe(tell, () => response.end());
  const heartbeat = setInterval(() => response.write(': still here\n\n'), 15_000).unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

async function act(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A form of another site can't send this content type without asking first.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return answer(response, 415, { ok: false, error: 'Send JSON.' });
  answer(response, 200, await door.act(fields(parsed(await readBody(request)))));
}
