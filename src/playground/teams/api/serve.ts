/** The doors of Microsoft's servers to a bot: metadata, keys, login and connector; outages and ordered failures first. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { answer, readBody } from '../../http.js';
import { parsed } from '../../values.js';
import { metadata, publishedKeys } from '../keys.js';
import type { CallRecord, Operation } from '../types.js';
import { type ConnectorContext, connectorReply, type Route, routeOf } from './connector.js';
import type { Failure } from './limits.js';
import { login } from './login.js';
import { Refusal, type Reply } from './refusal.js';

export interface ServeContext extends ConnectorContext {
  readonly url: () => string;
  readonly record: (call: CallRecord) => void;
}

interface Door {
  readonly operation: Operation;
  readonly route?: Route;
  /** Whose login it is. */
  readonly tenant?: string;
}

const fixed: Readonly<Record<string, Operation>> = {
  'GET /v1/.well-known/openidconfiguration': 'metadata',
  'GET /v1/.well-known/openid-configuration': 'metadata',
  'GET /v1/.well-known/keys': 'keys',
};

const tokenPath = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;

/** Which door a request is at; undefined for a path that Microsoft's servers have not. */
export function doorOf(method: string, pathname: string): Door | undefined {
  const operation = fixed[`${method} ${pathname}`];
  if (operation) return { operation };
  const tenant = method === 'POST' ? tokenPath.exec(pathname)?.[1] : undefined;
  if (tenant) return { operation: 'token', tenant };
  const route = routeOf(method, pathname);
  return route && { operation: route.operation, route };
}

/** Answers one request of a bot. */
export async function serveBot(
  context: ServeContext,
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
): Promise<void> {
  const body = await readBody(request);
  const failure = context.limits.nextFailure(door.operation) ?? {};
  if (failure.delayMs) await pause(failure.delayMs, undefined, { ref: false });
  const call = recordOf(door, body);
  if (failure.hang || failure.cut) {
    context.record({ ...call, status: 0 });
    if (failure.cut) request.socket.destroy();
    return;
  }
  let tenant = door.tenant;
  const heard = (id: string) => {
    tenant = id;
  };
  const reply = await orRefused(() => replyTo(context, request, { door, failure, body }, heard));
  context.record({ ...call, ...(tenant ? { tenant } : {}), status: reply.status });
  if (failure.lost) return void request.socket.destroy();
  answer(response, reply.status, reply.body, reply.headers);
}

async function orRefused(reply: () => Promise<Reply>): Promise<Reply> {
  try {
    return await reply();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error;
  }
}

async function replyTo(
  context: ServeContext,
  request: IncomingMessage,
  { door, failure, body }: { door: Door; failure: Failure; body: string },
  heard: (tenant: string) => void,
): Promise<Reply> {
  if (failure.status) throw ordered(failure);
  const { operation, route, tenant = '' } = door;
  if (operation === 'metadata') return { status: 200, body: metadata(context.url()) };
  if (operation === 'keys') return { status: 200, body: publishedKeys(context.keys) };
  if (!route) return login(context, tenant, new URLSearchParams(body));
  const { searchParams: query } = new URL(request.url ?? '/', 'http://teams.invalid');
  const asked = { authorization: request.headers.authorization, query, body: jsonOf(body) };
  return connectorReply(context, route, asked, heard);
}

const jsonOf = (body: string): unknown => (body ? (parsed(body) ?? body) : {});

const ordered = ({
  status = 500,
  code = 'ServiceError',
  message = 'Ordered by a test.',
  retryAfter,
}: Failure) =>
  new Refusal(status, code, message, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });

/** Tokens are in headers and secrets in the login's form: neither is kept. */
function recordOf({ operation, route, tenant }: Door, body: string): Omit<CallRecord, 'status'> {
  return {
    operation,
    ...(tenant ? { tenant } : {}),
    ...(route?.conversation ? { conversation: route.conversation } : {}),
    ...(route?.id ? { activityId: route.id } : {}),
    ...(route && body ? { body: jsonOf(body) } : {}),
  };
}
