/** Auth API v2: ping, check, preauth, enroll, auth and auth_status, as https://duo.com/docs/authapi has them. */

import { randomBytes } from 'node:crypto';
import type { Pushes } from './pushes.js';
import { Refused } from './signature.js';
import type { DuoUser, PushFact } from './types.js';
import type { Users } from './users.js';

export interface AuthApiContext {
  readonly users: Users;
  readonly pushes: Pushes;
  readonly now: () => number;
  readonly longPollMs: number;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
}

type Params = Readonly<Record<string, string>>;
type Answer = Record<string, unknown>;

const routes: Readonly<
  Record<string, (context: AuthApiContext, params: Params) => Answer | Promise<Answer>>
> = {
  'GET /auth/v2/check': ({ now }) => ({ time: Math.floor(now() / 1000) }),
  'POST /auth/v2/preauth': preauth,
  'POST /auth/v2/enroll': enroll,
  'POST /auth/v2/auth': auth,
  'GET /auth/v2/auth_status': authStatus,
};

/** Answers one call whose signature is good. @throws {Refused} */
export async function serveAuthApi(
  context: AuthApiContext,
  method: string,
  path: string,
  params: Params,
): Promise<Answer> {
  const route = `${method} ${path}`;
  const serve = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (!serve) throw new Refused(40401, 'Resource not found');
  return serve(context, params);
}

/** What becomes of a user before any factor: `auth` goes on, the others are the end. */
function standing(context: AuthApiContext, username: string): { result: string; status_msg: string } {
  const user = context.users.find(username);
  if (!user) return unknown(context.users.newUsers);
  const status = user.status ?? 'active';
  if (status === 'bypass') return { result: 'allow', status_msg: 'Account is in bypass mode.' };
  if (status === 'disabled') return { result: 'deny', status_msg: 'Your account is disabled.' };
  if (status === 'locked-out') return { result: 'deny', status_msg: 'Your account is locked out.' };
  if (status === 'unenrolled') return unknown('enroll');
  return { result: 'auth', status_msg: 'Account is active' };
}

function unknown(policy: 'enroll' | 'deny' | 'allow') {
  const says = {
    enroll: 'Enroll an authentication device to proceed',
    deny: 'Access denied.',
    allow: 'Allowed by policy.',
  };
  const portal = policy === 'enroll' ? { enroll_portal_url: 'https://localhost/portal?code=0123456789' } : {};
  return { result: policy, status_msg: says[policy], ...portal };
}

function preauth(context: AuthApiContext, params: Params): Answer {
  const username = named(params);
  const found = standing(context, username);
  const user = context.users.find(username);
  if (found.result !== 'auth' || !user) return found;
  const announced = params.client_supports_verified_push === '1';
  const offers = announced && canVerify(user) && user.codeIn !== 'status';
  return {
    ...found,
    devices: [device(user, announced)],
    ...(offers ? context.pushes.offer(user.username) : {}),
  };
}

const canVerify = (user: DuoUser) => user.hasPhone !== false && user.verifiedPush !== 'off';

function device(user: DuoUser, announced: boolean): Answer {
  if (user.hasPhone === false) return { device: 'DHFZTOKEN0000000000', type: 'token', name: '0' };
  // Where policy wants verified push, a client that can't show a code is offered none at all.
  const push = announced || user.verifiedPush !== 'required' ? ['auto', 'push'] : [];
  return {
    device: 'DPFZRS9FB0D46QFTM891',
    type: 'phone',
    number: 'XXX-XXX-0100',
    name: '',
    display_name: 'Phone (XXX-XXX-0100)',
    capabilities: [...push, 'mobile_otp'],
  };
}

function enroll(context: AuthApiContext, params: Params): Answer {
  const username = params.username ?? `user-${randomBytes(6).toString('hex')}`;
  if (context.users.find(username)) throw new Refused(40002, 'Invalid request parameters', 'username');
  context.users.set({ username, status: 'unenrolled' });
  const code = randomBytes(10).toString('hex');
  return {
    username,
    user_id: `DU${randomBytes(9).toString('hex').toUpperCase()}`,
    activation_code: `duo://${code}`,
    activation_url: `https://localhost/activate/${code}`,
    expiration: Math.floor(context.now() / 1000) + 86_400,
  };
}

function auth(context: AuthApiContext, params: Params): Answer {
  const username = named(params);
  if (params.factor !== 'push' && params.factor !== 'auto')
    throw new Refused(40002, 'Invalid request parameters', 'factor');
  if (params.async !== '1') throw new Refused(40002, 'Invalid request parameters', 'async');
  if (!params.device) throw new Refused(40001, 'Missing required request parameters', 'device');
  const facts = pushinfo(params.pushinfo ?? '');
  const user = context.users.find(username);
  const { result } = standing(context, username);
  if (!user || result === 'enroll') throw new Refused(40002, 'Invalid request parameters', 'username');
  const draft = { username: user.username, type: params.type ?? 'Login', facts };
  if (result !== 'auth') return { txid: settledAtOnce(context.pushes, draft, result === 'allow') };
  if (user.hasPhone === false) throw new Refused(40002, 'Invalid request parameters', 'device');
  const offer = params.txid === undefined ? undefined : context.pushes.take(params.txid, user.username);
  if (params.txid !== undefined && !offer) throw new Refused(40002, 'Invalid request parameters', 'txid');
  const codeInStatus = !offer && canVerify(user) && user.codeIn === 'status';
  if (!offer && !codeInStatus && user.verifiedPush === 'required')
    throw new Refused(40002, 'Invalid request parameters', 'factor');
  const arrivesIn = context.users.delayOf(user.username);
  const verified = offer && params.txid ? { offer: { txid: params.txid, code: offer.code } } : {};
  return { txid: context.pushes.send({ ...draft, ...verified, codeInStatus, arrivesIn }) };
}

/** A bypass user is let in, and one who is locked out refused, without a phone. */
function settledAtOnce(
  pushes: Pushes,
  draft: { username: string; type: string; facts: readonly PushFact[] },
  allowed: boolean,
): string {
  const txid = pushes.send({ ...draft, codeInStatus: false, arrivesIn: null });
  pushes.end(txid, allowed ? 'bypassed' : 'locked-out');
  return txid;
}

async function authStatus(context: AuthApiContext, params: Params): Promise<Answer> {
  const invalid = new Refused(40002, 'Invalid request parameters', 'txid');
  const found = await context.pushes.status(params.txid ?? '', context.longPollMs, context.gone);
  // Duo says the same of a txid it does not know and of a poll in which nothing happened.
  if (!found) throw invalid;
  return { ...found };
}

/** Duo takes either a name or an id; this one only knows names. */
function named(params: Params): string {
  if (!params.username) throw new Refused(40001, 'Missing required request parameters', 'username');
  return params.username;
}

/** URL-encoded pairs, less than 20,000 bytes. */
function pushinfo(encoded: string): PushFact[] {
  if (Buffer.byteLength(encoded) >= 20_000)
    throw new Refused(40002, 'Invalid request parameters', 'pushinfo');
  return [...new URLSearchParams(encoded)].map(([label, value]) => ({ label, value }));
}
