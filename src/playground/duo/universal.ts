/** Universal Prompt: health check, authorize and token, checked as Duo checks them. */

import { randomUUID } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { keepNewest } from '../values.js';
import { Impossible } from './pushes.js';
import type { Users } from './users.js';

export interface UniversalContext {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly users: Users;
  /** `https://host:port`, known once the server listens. */
  readonly url: () => string;
  readonly now: () => number;
  /** The time of a login that happens now, as its token tells it. */
  readonly loggedInAt: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A prompt in somebody's browser. */
export interface Prompt {
  readonly id: string;
  readonly username: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce?: string;
  readonly bypass: boolean;
}

/** What a test may bend in a token that is otherwise as Duo makes it. `undefined` takes a claim out. */
export interface Tampering {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  /** Sent back instead of the state that came. */
  readonly state?: string;
}

/** A prompt that Duo refuses to show, in a sentence for the browser. */
export class NoPrompt extends Error {}

interface Code {
  readonly prompt: Prompt;
  readonly answer: 'allow' | 'deny';
  readonly txid: string;
  readonly at: number;
  readonly loggedInAt: number;
  readonly tampering: Tampering;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export class UniversalPrompt {
  readonly #prompts = new Map<string, Prompt>();
  readonly #codes = new Map<string, Code>();
  readonly #spent = new Map<string, true>();

  constructor(private readonly context: UniversalContext) {}

  async healthCheck(form: URLSearchParams): Promise<Reply> {
    const wrong = await this.#assertionFault(form, '/oauth/v1/health_check');
    const timestamp = Math.floor(this.context.now() / 1000);
    if (wrong === null) return { status: 200, body: { stat: 'OK', response: { timestamp } } };
    const message_detail = wrong;
    return {
      status: 400,
      body: { stat: 'FAIL', code: 40002, message: 'invalid_client', message_detail, timestamp },
    };
  }

  /** Reads the signed request that a browser brings. @throws {NoPrompt} */
  async open(query: URLSearchParams): Promise<Prompt> {
    const asked = await this.#request(query);
    const { duo_uname, state, redirect_uri, nonce } = asked;
    if (typeof duo_uname !== 'string' || !duo_uname) throw new NoPrompt('duo_uname is missing.');
    if (typeof state !== 'string' || state.length < 22 || state.length > 1024)
      throw new NoPrompt('state must have 22 to 1024 characters.');
    if (typeof redirect_uri !== 'string' || redirect_uri !== query.get('redirect_uri'))
      throw new NoPrompt('redirect_uri does not match.');
    const user = this.context.users.find(duo_uname);
    const status = user?.status ?? 'active';
    if (!user || !['active', 'bypass'].includes(status))
      throw new NoPrompt('Your account can’t log in here.');
    const prompt: Prompt = {
      id: randomUUID(),
      username: user.username,
      redirectUri: redirect_uri,
      state,
      ...(typeof nonce === 'string' ? { nonce } : {}),
      bypass: status === 'bypass',
    };
    this.#prompts.set(prompt.id, prompt);
    keepNewest(this.#prompts);
    return prompt;
  }

  async #request(query: URLSearchParams): Promise<JWTPayload> {
    const { clientId } = this.context;
    if (query.get('client_id') !== clientId) throw new NoPrompt('client_id is unknown.');
    if (query.get('response_type') !== 'code' || query.get('scope') !== 'openid')
      throw new NoPrompt('response_type must be code, and scope openid.');
    const payload = await this.#verified(query.get('request') ?? '', this.context.url());
    const good =
      payload?.client_id === clientId && payload.response_type === 'code' && payload.scope === 'openid';
    if (!payload || !good) throw new NoPrompt('The signed request is not good.');
    return payload;
  }

  /** Somebody answers a prompt; where the browser goes then. An answer counts once. */
  answer(id: string, answer: 'allow' | 'deny', tampering: Tampering = {}): string {
    const prompt = this.#prompts.get(id);
    if (!prompt) throw new Impossible('This prompt is over.');
    this.#prompts.delete(id);
    const code = randomUUID().replaceAll('-', '');
    const times = { at: this.context.now(), loggedInAt: this.context.loggedInAt() };
    this.#codes.set(code, { prompt, answer, txid: randomUUID(), ...times, tampering });
    keepNewest(this.#codes);
    const url = new URL(prompt.redirectUri);
    url.searchParams.set('duo_code', code);
    url.searchParams.set('state', tampering.state ?? prompt.state);
    return url.href;
  }

  async token(form: URLSearchParams): Promise<Reply> {
    if (form.get('grant_type') !== 'authorization_code') return no('unsupported_grant_type', 'grant_type');
    if (form.get('client_assertion_type') !== assertionType)
      return no('invalid_client', 'client_assertion_type');
    const wrong = await this.#assertionFault(form, '/oauth/v1/token');
    if (wrong !== null) return no('invalid_client', wrong);
    const name = form.get('code') ?? '';
    const code = this.#codes.get(name);
    // Single use: gone whatever becomes of this exchange.
    this.#codes.delete(name);
    if (!code || this.context.now() - code.at > 60_000) return no('invalid_grant', 'The code is not good.');
    if (form.get('redirect_uri') !== code.prompt.redirectUri) return no('invalid_grant', 'redirect_uri');
    const id_token = await this.#idToken(code);
    return {
      status: 200,
      body: { id_token, access_token: randomUUID(), expires_in: 300, token_type: 'Bearer' },
    };
  }

  async #idToken({ prompt, answer, txid, loggedInAt, tampering }: Code): Promise<string> {
    const seconds = Math.floor(this.context.now() / 1000);
    const { clientId, clientSecret } = this.context;
    const [result, status] =
      answer === 'deny' ? ['deny', 'deny'] : ['allow', prompt.bypass ? 'bypass' : 'allow'];
    const status_msg = result === 'allow' ? 'Login Successful' : 'Login request denied.';
    const claims = {
      iss: `${this.context.url()}/oauth/v1/token`,
      aud: clientId,
      sub: prompt.username,
      iat: seconds,
      exp: seconds + 300,
      auth_time: Math.floor(loggedInAt / 1000),
      preferred_username: prompt.username,
      auth_result: { result, status, status_msg },
      auth_context: {
        txid,
        timestamp: Math.floor(loggedInAt / 1000),
        user: { name: prompt.username, key: 'DUFAKE', groups: [] },
        application: { name: 'Keyturn', key: clientId },
        factor: prompt.bypass ? 'not_available' : 'duo_push',
        event_type: 'authentication',
        result: result === 'allow' ? 'success' : 'failure',
        reason: prompt.bypass ? 'bypass_user' : 'user_approved',
      },
      ...(prompt.nonce ? { nonce: prompt.nonce } : {}),
      ...tampering.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS512' })
      .sign(bytes(tampering.secret ?? clientSecret));
  }

  /** What is wrong with a client assertion, or null. Each jti counts once. */
  async #assertionFault(form: URLSearchParams, path: string): Promise<string | null> {
    const { clientId } = this.context;
    if (form.get('client_id') !== clientId) return 'client_id';
    const payload = await this.#verified(form.get('client_assertion') ?? '', `${this.context.url()}${path}`);
    if (!payload || payload.sub !== clientId) return 'client_assertion';
    if (!payload.jti || payload.jti.length > 64) return 'jti';
    if (this.#spent.has(payload.jti)) return 'jti was used before';
    this.#spent.set(payload.jti, true);
    keepNewest(this.#spent);
    return null;
  }

  /** HS512 with the client secret, from this client, for this audience, for at most five minutes. */
  async #verified(token: string, audience: string): Promise<JWTPayload | null> {
    const now = this.context.now();
    try {
      const { payload } = await jwtVerify(token, bytes(this.context.clientSecret), {
        algorithms: ['HS512'],
        issuer: this.context.clientId,
        audience,
        requiredClaims: ['exp'],
        currentDate: new Date(now),
        clockTolerance: 60,
      });
      return (payload.exp ?? 0) > now / 1000 + 360 ? null : payload;
    } catch {
      return null;
    }
  }
}

const bytes = (secret: string) => new TextEncoder().encode(secret);

function no(error: string, error_description: string): Reply {
  return { status: error === 'invalid_client' ? 401 : 400, body: { error, error_description } };
}
