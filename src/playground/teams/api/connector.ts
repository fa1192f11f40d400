/** The connector's REST API, below each serviceUrl: which call it is, whose it is, and the answer. */
import { fields } from '../../values.js';
import type { Tenant } from '../tenant.js';
import type { Fields, Operation } from '../types.js';
import { createConversation, remove, send, update } from './activities.js';
import type { Limits } from './limits.js';
import { caller, type LoginContext } from './login.js';
import { member, members, pagedMembers } from './members.js';
import { badRequest, type Reply, tooFast, unauthorized } from './refusal.js';

export interface ConnectorContext extends LoginContext {
  readonly limits: Limits;
}

/** What came with a call. A body that is not JSON is the text itself. */
export interface Asked {
  readonly authorization: string | undefined;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

interface Call {
  readonly operation: Operation;
  readonly tenant: Tenant;
  readonly conversation: string;
  /** An activity's or a member's. */
  readonly id: string;
  readonly body: Fields;
  readonly query: URLSearchParams;
  readonly paged: boolean;
}

const path =
  /^\/(?:teams|(emea)\/([^/]+))\/v3\/conversations(?:\/([^/]+)\/(activities|members|pagedmembers)(?:\/([^/]+))?)?\/?$/;

export type Route = Pick<Call, 'operation' | 'conversation' | 'id' | 'paged'> & { readonly named?: string };

/** Which call a request is; undefined for a path that the connector has not. */
export function routeOf(method: string, pathname: string): Route | undefined {
  const found = path.exec(pathname);
  if (!found) return undefined;
  const [, , named, conversation = '', noun = '', id = ''] = found.map((one) => one && decoded(one));
  const operation = operations[`${method} ${noun}${id ? ' id' : ''}`];
  return (
    operation && { operation, conversation, id, paged: noun === 'pagedmembers', ...(named ? { named } : {}) }
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const operations: Readonly<Record<string, Operation>> = {
  'POST ': 'createConversation',
  'POST activities': 'sendActivity',
  'POST activities id': 'sendActivity',
  'PUT activities id': 'updateActivity',
  'DELETE activities id': 'deleteActivity',
  'GET members': 'getMembers',
  'GET pagedmembers': 'getMembers',
  'GET members id': 'getMember',
};

/** Does one call of a bot, or throws the `Refusal`. `heard` is told whose bot it is as soon as that is known. */
export async function connectorReply(
  context: ConnectorContext,
  route: Route,
  { authorization, query, body }: Asked,
  heard: (tenant: string) => void,
): Promise<Reply> {
  const tenant = await caller(context, authorization);
  heard(tenant.id);
  if (route.named && route.named !== tenant.id) throw unauthorized();
  return perform(context, { ...route, tenant, body: bodyOf(body), query });
}

function bodyOf(body: unknown): Fields {
  if (typeof body === 'string') throw badRequest('The body is not JSON.');
  return fields(body);
}

/** Sending is 201, changing 200, as the Bot Framework's REST reference has it. */
function perform({ limits }: ConnectorContext, call: Call): Reply {
  const { operation, tenant, conversation, id, body } = call;
  const seconds = limits.wait(operation, tenant.id, conversation);
  if (seconds > 0) throw tooFast(seconds);
  if (operation === 'createConversation') return { status: 201, body: createConversation(tenant, body) };
  if (operation === 'sendActivity')
    return { status: 201, body: send(tenant, conversation, body, id || undefined) };
  if (operation === 'updateActivity') return { status: 200, body: update(tenant, conversation, id, body) };
  if (operation === 'deleteActivity') {
    remove(tenant, conversation, id);
    return { status: 200, body: {} };
  }
  if (operation === 'getMember') return { status: 200, body: member(tenant, conversation, id) };
  const all = call.paged ? pagedMembers(tenant, conversation, call.query) : members(tenant, conversation);
  return { status: 200, body: all };
}
