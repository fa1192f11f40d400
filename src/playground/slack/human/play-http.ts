/** What the browser page talks to: `/play/slack/state`, `/stream`, `/act` and `/file`. Loopback and same origin only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from '../../http.js';
import { answerAtDoor, isOwnPage } from '../../play-door.js';
import { fields, text } from '../../values.js';
import type { Change, Fields, Seen } from '../types.js';
import type { Workspace } from '../workspace.js';
import type { Humans } from './human.js';
import { Impossible, warning } from './seen.js';
import { pictureFor, screenOf } from './state.js';

export { isOwnPage } from '../../play-door.js';

export interface PlayContext {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly humans: (team: string) => Humans;
  /** `end` is called when the fake stops. Returns how to leave. */
  readonly subscribe: (listener: (change: Change) => void, end: () => void) => () => void;
}

/** Answers one request below `/play/slack/`. */
export async function servePlay(
  context: PlayContext,
  request: IncomingMessage,
  response: ServerResponse,
  verb: string,
): Promise<void> {
  if (verb === 'file' && request.method === 'GET' && isOwnPage(request))
    return showFile(context, request, response);
  const door = {
    state: (query: URLSearchParams) => stateOf(context, query),
    nobody: 'No such person in that workspace.',
    act: (given: Fields) => act(context, given),
    subscribe: context.subscribe,
  };
  return answerAtDoor(door, request, response, verb);
}

/** A picture's bytes, for whom it was shown to. */
function showFile({ workspaces }: PlayContext, request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://play.invalid');
  const asked = (name: string) => searchParams.get(name) ?? '';
  const workspace = workspaces.get(asked('team'));
  const found = workspace && pictureFor(workspace, asked('user'), asked('id'));
  if (found) {
    const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    response.writeHead(200, { ...headers, 'content-type': found.type }).end(found.bytes);
  } else answer(response, 404, { ok: false, error: 'There is no such picture.' });
}

function stateOf(context: PlayContext, query: URLSearchParams): unknown {
  const workspace = context.workspaces.get(query.get('team') ?? '');
  return workspace && screenOf(workspace, query.get('user') ?? '');
}

async function act(context: PlayContext, given: Fields): Promise<Fields> {
  if (!context.workspaces.has(text(given.team))) return { ok: false, error: 'There is no such workspace.' };
  try {
    return await perform(context.humans(text(given.team)), given);
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    return { ok: false, error: error.message };
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
