/** The Web API's door: who calls, whether they may now, which method. Refusals are HTTP 200 with `ok: false`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, readBody, readFields } from '../../http.js';
import { text } from '../../values.js';
import type { Fields } from '../types.js';
import type { Workspace } from '../workspace.js';
import { type Call, type Method, SlackError } from './call.js';
import { chatMethods } from './chat.js';
import { fileMethods } from './files.js';
import type { Limits } from './limits.js';
import { peopleMethods } from './people.js';
import { checkScope } from './scopes.js';
import { viewMethods } from './views.js';

const botMethods: Readonly<Record<string, Method>> = {
  ...{ ...chatMethods, ...fileMethods, ...peopleMethods, ...viewMethods },
};

/** One call as it was heard and answered; tests read these. */
export interface CallRecord {
  readonly team: string;
  readonly method: string;
  readonly args: Fields;
  readonly status: number;
  readonly answer: Fields;
  readonly at: number;
}

export interface WebApiContext {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly limits: Limits;
  readonly url: () => string;
  readonly now: () => number;
  /** A one-time address for Socket Mode. */
  readonly openSocket: (workspace: Workspace) => string;
  readonly record: (call: CallRecord) => void;
}

interface Reply {
  readonly status: number;
  readonly body: Fields;
  readonly headers?: Record<string, string>;
  readonly lost?: boolean;
}

const no = (error: string, extra: Fields = {}): Reply => ({
  status: 200,
  body: { ok: false, error, ...extra },
});

/** Answers one request to `/api/<method>`. */
export async function serveWebApi(
  context: WebApiContext,
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
): Promise<void> {
  const query = new URL(request.url ?? '/', 'http://slack.invalid').searchParams;
  const body = await readBody(request);
  const read = readFields(body, request.headers['content-type'] ?? '');
  const args: Fields = { ...Object.fromEntries(query), ...(typeof read === 'string' ? {} : read) };
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? text(args.token);
  delete args.token;
  const reply = typeof read === 'string' ? no(read) : respond(context, method, args, token);
  if (reply.lost) return void request.socket.destroy();
  answer(response, reply.status, reply.body, reply.headers);
}

/** A token opens one team: the bot's for everything, the app's only for Socket Mode. */
function ownerOf(
  context: WebApiContext,
  token: string,
): { workspace: Workspace; kind: 'bot' | 'app' } | undefined {
  for (const workspace of context.workspaces.values()) {
    if (token === workspace.options.botToken) return { workspace, kind: 'bot' };
    if (token === workspace.options.appToken) return { workspace, kind: 'app' };
  }
  return undefined;
}

function respond(context: WebApiContext, method: string, args: Fields, token: string): Reply {
  const isSocketMethod = method === 'apps.connections.open';
  if (!isSocketMethod && !Object.hasOwn(botMethods, method))
    return no('unknown_method', { req_method: method });
  if (!token) return no('not_authed');
  const owner = ownerOf(context, token);
  if (!owner) return no('invalid_auth');
  const { workspace, kind } = owner;
  if (isSocketMethod !== (kind === 'app') && method !== 'auth.test') return no('not_allowed_token_type');
  const reply = limited(context, workspace, method, args) ?? run(context, workspace, method, args);
  const { status, body } = reply;
  context.record({ team: workspace.team, method, args, status, answer: body, at: context.now() });
  return reply;
}

const ratelimited = (seconds: number): Reply => ({
  status: 429,
  body: { ok: false, error: 'ratelimited' },
  headers: { 'retry-after': String(seconds) },
});

/** Ordered failures first, then Slack's own limits. */
function limited(
  context: WebApiContext,
  workspace: Workspace,
  method: string,
  args: Fields,
): Reply | undefined {
  const failure = context.limits.nextFailure(method);
  if (failure?.lost) return { ...run(context, workspace, method, args), lost: true };
  if (failure) {
    const status = failure.status ?? (failure.retryAfter ? 429 : 200);
    if (status === 429) return ratelimited(failure.retryAfter ?? 1);
    return { status, body: { ok: false, error: failure.error ?? 'internal_error' } };
  }
  const wait = context.limits.wait(workspace.team, method, text(args.channel));
  return wait > 0 ? ratelimited(wait) : undefined;
}

function run(context: WebApiContext, workspace: Workspace, method: string, args: Fields): Reply {
  try {
    if (method === 'apps.connections.open')
      return { status: 200, body: { ok: true, url: context.openSocket(workspace) } };
    const call: Call = { workspace, args, url: context.url() };
    const { scopes } = workspace.options;
    checkScope(method, scopes);
    const headers = scopes ? { 'x-oauth-scopes': scopes.join(',') } : {};
    return { status: 200, body: { ok: true, ...botMethods[method]?.(call) }, headers };
  } catch (error) {
    if (error instanceof SlackError) return no(error.code, error.extra);
    throw error;
  }
}
