/** A Duo that runs here: real HTTPS under a certificate authority of its own, real signatures, Duo's own refusals. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answer, readBody } from '../http.js';
import { serveAuthApi } from './auth-api.js';
import { Authority } from './certificates.js';
import { Misbehaviours, misbehave } from './misbehave.js';
import { Phones } from './phone.js';
import { servePlay } from './play-http.js';
import { servePrompt } from './prompt-page.js';
import { Pushes } from './pushes.js';
import { Refused, verified } from './signature.js';
import type { CallRecord, Change, FakeDuoOptions, Misbehaviour } from './types.js';
import { UniversalPrompt } from './universal.js';
import { Users } from './users.js';

/** Duo's server. What people do on their phones is inherited. */
export class FakeDuo extends Phones {
  /** The calls so far, without keys; the last 10,000. */
  readonly calls: CallRecord[] = [];
  /** What a client has to trust, in PEM. */
  readonly ca: string;

  protected readonly pushing: Pushes;
  protected readonly known: Users;
  protected readonly prompting: UniversalPrompt;
  readonly #server: Server;
  readonly #options: FakeDuoOptions;
  readonly #misbehaviours = new Misbehaviours();
  readonly #now: () => number;
  #host = '';

  /** Starts a fake Duo and resolves when it listens. */
  static async start(options: FakeDuoOptions): Promise<FakeDuo> {
    const duo = new FakeDuo(options);
    await new Promise<void>((resolve, reject) => {
      duo.#server.once('error', reject);
      duo.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
    });
    duo.#host = `localhost:${(duo.#server.address() as AddressInfo).port}`;
    return duo;
  }

  private constructor(options: FakeDuoOptions) {
    super();
    // Many readers of one stream are normal here, not a leak.
    this.setMaxListeners(0);
    this.#options = options;
    this.#now = options.clock ?? Date.now;
    this.known = new Users(options.users, options.newUsers ?? 'enroll', options.slowMs ?? 5_000);
    this.pushing = new Pushes(this.#now, options.pushLifetimeMs ?? 60_000, (user) =>
      this.emit('change', { user }),
    );
    const loggedInAt = options.loginClock ?? this.#now;
    const context = { users: this.known, url: () => this.url, now: this.#now, loggedInAt };
    const sdk = options.webSdk ?? { clientId: '', clientSecret: 'unset' };
    this.prompting = new UniversalPrompt({ ...context, ...sdk });
    const authority = new Authority();
    this.ca = authority.ca;
    const { hosts = ['localhost', '127.0.0.1'], expiresAt } = options.certificate ?? {};
    this.#server = createServer(
      authority.issue(hosts, expiresAt),
      (request, response) => void this.#serve(request, response),
    );
    // A client that does not trust this server hangs up in the handshake: its matter, not a fault.
    this.#server.on('tlsClientError', () => undefined);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (await this.serveHumans(request, response)) return;
      const { pathname } = new URL(request.url ?? '/', 'https://duo.invalid');
      const how = this.#misbehaviours.take(pathname);
      if (how) return this.#record(request, pathname, {}, null, misbehave(how, request, response));
      if (pathname.startsWith('/auth/v2/')) await this.#authApi(request, response);
      else if (pathname.startsWith('/oauth/v1/')) await this.#oauth(request, response, pathname);
      else answer(response, 404, { code: 40401, message: 'Resource not found', stat: 'FAIL' });
    } catch (error) {
      // A fault of the fake must be seen, and must not look like one of Duo's refusals.
      answer(response, 500, { stat: 'FAIL', code: 50000, message: String(error) });
    }
  }

  /**
   * Answers what people's browsers ask: the page's `/play/duo/…` and the prompt. Local mode serves these from its own
   * page too, where a browser needs no certificate. False: the path is somebody else's, and nothing was touched.
   */
  async serveHumans(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname } = new URL(request.url ?? '/', 'https://duo.invalid');
    if (!pathname.startsWith('/play/duo/')) return servePrompt(this.prompting, request, response);
    const subscribe = (listener: (change: Change) => void, end: () => void) => {
      this.on('change', listener).once('stop', end);
      return () => void this.off('change', listener).off('stop', end);
    };
    const context = { phone: this.phone.bind(this), act: this.act.bind(this), subscribe };
    await servePlay(context, request, response, pathname.slice(10));
    return true;
  }

  async #authApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://duo.invalid');
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    let seen: Pick<CallRecord, 'params' | 'signed'> = { params: {}, signed: null };
    try {
      const { host = '' } = request.headers;
      const query = Object.fromEntries(searchParams);
      // Liveness alone is not signed.
      if (`${method} ${pathname}` === 'GET /auth/v2/ping') {
        answer(response, 200, { stat: 'OK', response: { time: Math.floor(this.#now() / 1000) } });
      } else {
        const keys = this.#options.authApi;
        if (!keys) throw new Refused(40301, 'Access forbidden');
        const call = { method, host, path: pathname, query, body, headers: request.headers };
        const { params, form } = verified(call, keys, this.#now());
        seen = { params, signed: form };
        const context = {
          users: this.known,
          pushes: this.pushing,
          now: this.#now,
          longPollMs: this.#options.longPollMs ?? 70_000,
          gone: gone.signal,
        };
        answer(response, 200, {
          stat: 'OK',
          response: await serveAuthApi(context, method, pathname, params),
        });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, message, detail } = error;
      const told = detail === undefined ? {} : { message_detail: detail };
      answer(response, Math.floor(code / 100), { stat: 'FAIL', code, message, ...told });
    }
    this.#record(request, pathname, seen.params, seen.signed, response.statusCode);
  }

  async #oauth(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const form = new URLSearchParams(await readBody(request));
    const routes: Record<string, typeof this.prompting.token> = {
      'POST /oauth/v1/health_check': (given) => this.prompting.healthCheck(given),
      'POST /oauth/v1/token': (given) => this.prompting.token(given),
    };
    const reply = await routes[`${request.method} ${pathname}`]?.(form);
    answer(response, reply?.status ?? 404, reply?.body ?? { error: 'not_found' });
    this.#record(request, pathname, {}, null, response.statusCode);
  }

  #record(
    request: IncomingMessage,
    path: string,
    params: CallRecord['params'],
    signed: CallRecord['signed'],
    status: number,
  ): void {
    const call = { method: request.method ?? '', path, signed, params, status };
    this.calls.push(call);
    if (this.calls.length > 10_000) this.calls.shift();
    this.emit('call', call);
  }

  /** The next call of a path fails like this. */
  failNext(path: string, how: Misbehaviour): void {
    this.#misbehaviours.failNext(path, how);
  }

  /** Every call of a path fails like this; null makes it well again. */
  fail(path: string, how: Misbehaviour | null): void {
    this.#misbehaviours.fail(path, how);
  }

  /** `localhost:port`: what stands as `host` in keyturn.yaml. */
  get host(): string {
    return this.#host;
  }

  /** `https://localhost:port`, without a slash at the end. */
  get url(): string {
    return `https://${this.#host}`;
  }

  /** Stops: polls and streams end, pushes are forgotten. */
  async stop(): Promise<void> {
    this.pushing.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.emit('stop');
    this.#server.closeAllConnections();
    await closed;
  }
}
