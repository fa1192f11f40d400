/** What the browser page talks to: `/play/slack/state`, `/stream` and `/act`. Loopback and same origin only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, readBody } from '../http.js';
import type { Change, Fields, Seen } from '../types.js';
import { fields, parsed, text } from '../values.js';
import type { Workspace } from '../workspace.js';
import type { Humans } from './human.js';
import { Impossible, warning } from './seen.js';
import { screenOf } from './state.js';

export interface PlayContext {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly humans: (team: string) => Humans;
  /** `end` is called when the fake stops. Returns how to leave. */
  readonly subscribe: (listener: (change: Change) => void, end: () => void) => () => void;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * A page of another site could point its own name at 127.0.0.1 and read along (DNS
 * rebinding), or post across origins. The Host must be loopback, the Origin the same.
 */
export function isOwnPage(request: IncomingMessage): boolean {
  const host = request.headers.host ?? '';
  if (!URL.canParse(`http://${host}`) || !loopback.has(new URL(`http://${host}`).hostname)) return false;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Answers one request below `/play/slack/`. */
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
  const workspace = context.workspaces.get(query.get('team') ?? '');
  const screen = workspace && screenOf(workspace, query.get('user') ?? '');
  if (screen) answer(response, 200, screen, { 'cache-control': 'no-store' });
  else answer(response, 404, { ok: false, error: 'No such person in that workspace.' });
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
  const heartbeat = setInterval(() => response.write(': still here\n\n'), 15_000);
  heartbeat.unref();
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
  if (!context.workspaces.has(text(given.team)))
    return answer(response, 200, { ok: false, error: 'There is no such workspace.' });
  try {
    answer(response, 200, await perform(context.humans(text(given.team)), given));
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    answer(response, 200, { ok: false, error: error.message });
  }
}

type Act = (humans: Humans, given: Fields, user: string) => Promise<Fields>;

const acts: Readonly<Record<string, Act>> = {
  slash: async (humans, given, user) =>
    result(await humans.slash(user, text(given.channel), text(given.command), text(given.text))),
  click: async (humans, given, user) => result(await humans.click(user, placeOf(given), whatOf(given))),
  select: async (humans, given, user) =>
    result(
      await humans.select(user, placeOf(given), whatOf(given), given.selectedOption ?? given.value ?? null),
    ),
  submit: async (humans, given, user) =>
    result(await humans.submit(user, text(given.viewId), fields(given.values))),
  close: async (humans, given, user) => result(await humans.close(user, text(given.viewId))),
  options: async (humans, given, user) => {
    const offered = await humans.options(user, placeOf(given), whatOf(given), text(given.value));
    const found = offered.optionGroups
      ? { option_groups: offered.optionGroups }
      : { options: offered.options };
    return { ...result(offered), ...found };
  },
  shortcut: async (humans, given, user) => result(await humans.shortcut(user, text(given.callbackId))),
  message: async (humans, given, user) =>
    result(await humans.message(user, text(given.channel), text(given.text))),
  home: async (humans, _given, user) => result(await humans.openHome(user)),
};

async function perform(humans: Humans, given: Fields): Promise<Fields> {
  const kind = text(given.kind);
  const does = Object.hasOwn(acts, kind) ? acts[kind] : undefined;
  if (!does) throw new Impossible(`Nobody can “${kind}” here.`);
  return does(humans, given, text(given.user));
}

/** `errors` under inputs are an answer, not a failure: the window shows them. */
function result(seen: Seen): Fields {
  if (seen.ok) return { ok: true, ms: seen.ms };
  if (seen.errors) return { ok: true, errors: seen.errors, ms: seen.ms };
  return { ok: false, error: warning(seen.error), ms: seen.ms };
}

const placeOf = (given: Fields) =>
  given.viewId ? { viewId: text(given.viewId) } : { channel: text(given.channel), ts: text(given.ts) };

const whatOf = (given: Fields) => ({
  actionId: text(given.actionId),
  ...(given.blockId ? { blockId: text(given.blockId) } : {}),
});
