/**
 * A Microsoft Teams that runs here: real HTTP, real keys and tokens, Teams' own limits and refusals.
 *
 * `FakeTeams.start({ tenants })` listens; a bot takes from it `metadataUrl` (who may speak to it), `loginUrl(tenant)`
 * (its tokens) and, from each activity, the `serviceUrl`; `setEndpoint(tenant, url)` says where the bot listens.
 *
 * People: `says`, `presses`, `searches`, `submitsDialog`, `closesDialog`, `installs`, `uninstalls`, `blocks`, `unblocks`,
 * `joins`, `parts`, `leaves`, `changes` — each by tenant and object id, each resolving with what that person `Seen`.
 * They press what is on the card as they see it; `tamper` sends the same with one thing wrong.
 *
 * To look at: `chat`, `channel`, `dialog`, `toasts`, `screen`; `reads`, `buttons`, `inputs` of a message; `calls` of
 * the bot, `deliveries` to it; `until(() => …)` waits for any of it.
 *
 * Trouble: `failNext(operation, failure)`, `down(outage)`, `replay(delivered)`, `deliver(tenant, activity, tamper)`.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../http.js';
import { type Failure, Limits } from './api/limits.js';
import { doorOf, serveBot } from './api/serve.js';
import { Courier } from './deliver/courier.js';
import type { Tamper } from './deliver/tamper.js';
import { Humans } from './human/human.js';
import { servePlay } from './human/play-http.js';
import { type Keys, theKeys } from './keys.js';
import { TeamsPeople } from './people.js';
import { Tenant } from './tenant.js';
import type {
  CallRecord,
  Change,
  Delivered,
  FakeTeamsOptions,
  Fields,
  Operation,
  TenantOptions,
} from './types.js';

/** `refused`: connections are cut; so is `true`. `unavailable`: 503. `hang`: no answer ever. */
export type Outage = boolean | 'refused' | 'unavailable' | 'hang';

const mostKept = 10_000;

/** Teams' server, and Microsoft's login beside it. People's acts and what is there to see are inherited. */
export class FakeTeams extends TeamsPeople {
  /** The bots' calls so far, without tokens and secrets; the last 10,000. */
  readonly calls: CallRecord[] = [];
  /** What was sent to the bots, with its answers; the last 10,000. */
  readonly deliveries: Delivered[] = [];

  readonly #server: Server;
  readonly #options: FakeTeamsOptions;
  readonly #keys: Keys;
  readonly #now: () => number;
  readonly #limits: Limits;
  readonly #courier: Courier;
  readonly #humans = new Map<string, Humans>();
  readonly #underWay = new Set<ServerResponse>();
  #down: Outage = false;
  #url = '';

  /** Starts a fake Teams and resolves when it listens. */
  static async start(options: FakeTeamsOptions): Promise<FakeTeams> {
    const teams = new FakeTeams(options, await theKeys());
    const host = options.host ?? '127.0.0.1';
    await new Promise<void>((resolve, reject) => {
      teams.#server.once('error', reject);
      teams.#server.listen(options.port ?? 0, host, resolve);
    });
    teams.#url = `http://${host}:${(teams.#server.address() as AddressInfo).port}`;
    return teams;
  }

  private constructor(options: FakeTeamsOptions, keys: Keys) {
    super();
    // Many readers of one stream are normal here, not a leak.
    this.setMaxListeners(0);
    this.#options = options;
    this.#keys = keys;
    this.#now = options.clock ?? Date.now;
    this.#limits = new Limits(options.rateLimits ?? true, this.#now);
    const record = (delivered: Delivered) => {
      keep(this.deliveries, delivered);
      this.emit('delivered', delivered);
    };
    this.#courier = new Courier(keys, this.#now, options.answerTimeoutMs ?? 15_000, record);
    for (const tenant of options.tenants) this.#add(tenant);
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  #add(options: TenantOptions): void {
    const changed = (users?: readonly string[]) =>
      this.emit('change', { tenant: options.tenant, ...(users ? { users } : {}) });
    const tenant = new Tenant(options, this.#now, changed, () => this.#url);
    this.tenants.set(tenant.id, tenant);
    this.#humans.set(tenant.id, new Humans(tenant, this.#courier));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (await this.serveHumans(request, response)) return;
      const { pathname } = new URL(request.url ?? '/', 'http://teams.invalid');
      const door = doorOf(request.method ?? 'GET', pathname);
      if (door) await this.#forBots(request, response, door);
      else if (this.#options.fallback) await this.#options.fallback(request, response);
      else answer(response, 404, { error: { code: 'NotFound', message: 'There is nothing here.' } });
    } catch (error) {
      // A fault of the fake must be seen, and must not look like one of Teams' refusals.
      answer(response, 500, { error: { code: 'FakeTeamsFault', message: String(error) } });
    }
  }

  #forBots(
    request: IncomingMessage,
    response: ServerResponse,
    door: NonNullable<ReturnType<typeof doorOf>>,
  ): Promise<void> | void {
    const outage = this.#down;
    if (outage === 'hang') return void request.resume();
    if (outage === 'unavailable')
      return answer(response, 503, { error: { code: 'ServiceError', message: 'Service unavailable.' } });
    if (outage) return void request.socket.destroy();
    this.#underWay.add(response);
    response.once('close', () => this.#underWay.delete(response));
    const context = {
      tenants: this.tenants,
      keys: this.#keys,
      limits: this.#limits,
      now: this.#now,
      url: () => this.#url,
      record: (call: CallRecord) => this.#record(call),
    };
    return serveBot(context, request, response, door);
  }

  #record(call: CallRecord): void {
    keep(this.calls, call);
    this.emit('call', call);
  }

  /**
   * Answers what the page asks below `/play/teams/`. The page's own server delegates to this, so that page and Teams
   * share an origin. False: the path is somebody else's, and nothing was touched.
   */
  async serveHumans(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname } = new URL(request.url ?? '/', 'http://teams.invalid');
    if (!pathname.startsWith('/play/teams/')) return false;
    const subscribe = (listener: (change: Change) => void, end: () => void) => {
      this.on('change', listener).once('stop', end);
      return () => void this.off('change', listener).off('stop', end);
    };
    const humans = (tenant: string) => this.humans(tenant);
    await servePlay({ tenants: this.tenants, humans, subscribe }, request, response, pathname.slice(12));
    return true;
  }

  /** Stops: calls under way are still answered, streams end, deliveries without an answer are given up. */
  async stop(): Promise<void> {
    this.#courier.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.emit('stop');
    const answered = Promise.allSettled([...this.#underWay].map((response) => once(response, 'close')));
    // A call that hangs is not waited for.
    await Promise.race([answered, pause(200, undefined, { ref: false })]);
    this.#server.closeAllConnections();
    await closed;
  }

  /** `http://host:port`, without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  /** Where a bot learns which keys Teams signs with. */
  get metadataUrl(): string {
    return `${this.#url}/v1/.well-known/openidconfiguration`;
  }

  /** The login of a tenant; its tokens are at `/oauth2/v2.0/token` below it. */
  loginUrl(tenant: string): string {
    return `${this.#url}/${this.tenant(tenant).id}`;
  }

  /** What activities of a tenant carry as their `serviceUrl`. */
  serviceUrl(tenant: string): string {
    return this.tenant(tenant).serviceUrl;
  }

  /** The address that serves every tenant, for a bot that has heard nothing yet: the token says whose it is. */
  get globalServiceUrl(): string {
    return `${this.#url}/teams/`;
  }

  /** Where the bot of a tenant listens, once that is known. */
  setEndpoint(tenant: string, url: string): void {
    this.tenant(tenant).endpoint = url;
  }

  override humans(tenant: string): Humans {
    this.tenant(tenant);
    return this.#humans.get(tenant) as Humans;
  }

  /** Sends an activity as given, under a right token or a tampered one. No state changes. */
  deliver(tenant: string, activity: Fields, tamper?: Tamper): Promise<Delivered> {
    return this.#courier.deliver(this.tenant(tenant), activity, tamper);
  }

  /** Sends the same bytes under the same token again, as somebody who recorded them would. */
  replay(delivered: Delivered): Promise<Delivered> {
    return this.#courier.resend(delivered);
  }

  /** The next calls of an operation fail like this, before anything else is looked at. */
  failNext(operation: Operation, failure: Failure): void {
    this.#limits.failNext(operation, failure);
  }

  /** Microsoft goes away, for bots only, until `false` brings it back. People still see their screens. */
  down(outage: Outage): void {
    this.#down = outage;
  }

  setRateLimits(enforced: boolean): void {
    this.#limits.enforced = enforced;
  }
}

function keep<T>(all: T[], one: T): void {
  all.push(one);
  if (all.length > mostKept) all.shift();
}
