/** A Slack that runs here: real HTTP, real signatures, Slack's own limits and refusals. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../http.js';
import { serveUpload } from './api/files.js';
import { type Failure, Limits } from './api/limits.js';
import { type CallRecord, serveWebApi } from './api/web-api.js';
import { Courier } from './deliver/courier.js';
import type { Bend, Delivered, Kind } from './deliver/http-delivery.js';
import { ResponseUrls } from './deliver/response-urls.js';
import { Sockets } from './deliver/sockets.js';
import { Humans } from './human/human.js';
import { servePlay } from './human/play-http.js';
import { SlackPeople } from './people.js';
import type { Change, FakeSlackOptions, Fields, RateLimits } from './types.js';
import { Workspace } from './workspace.js';

/** `refused`: connections are cut. `unavailable`: 503. Only what the app calls; people still see their screens. */
export type Outage = 'refused' | 'unavailable' | false;

/** Slack's server. People's acts and what is there to see are inherited. */
export class FakeSlack extends SlackPeople {
  /** The app's calls so far, without tokens; the last 10,000. */
  readonly calls: CallRecord[] = [];
  #down: Outage = false;

  readonly #server: Server;
  readonly #now: () => number;
  readonly #limits: Limits;
  readonly #sockets: Sockets;
  readonly #courier: Courier;
  readonly #responseUrls: ResponseUrls;
  readonly #humans = new Map<string, Humans>();
  readonly #fallback: FakeSlackOptions['fallback'];
  readonly #underWay = new Set<ServerResponse>();
  #url = '';

  /** Starts a fake Slack and resolves when it listens. */
  static async start(options: FakeSlackOptions): Promise<FakeSlack> {
    const slack = new FakeSlack(options);
    const host = options.host ?? '127.0.0.1';
    await new Promise<void>((resolve, reject) => {
      slack.#server.once('error', reject);
      slack.#server.listen(options.port ?? 0, host, resolve);
    });
    slack.#url = `http://${host}:${(slack.#server.address() as AddressInfo).port}`;
    return slack;
  }

  private constructor(options: FakeSlackOptions) {
    super();
    // Many readers of one stream are normal here, not a leak.
    this.setMaxListeners(0);
    this.#now = options.clock ?? Date.now;
    this.#fallback = options.fallback;
    this.#limits = new Limits(options.rateLimits, this.#now);
    this.#sockets = new Sockets((team) => this.emit('change', { team }));
    this.#courier = new Courier(
      this.#sockets,
      options.ackTimeoutMs ?? 3000,
      options.retryDelaysMs ?? [0, 60_000, 300_000],
    );
    this.#responseUrls = new ResponseUrls(this.#now, () => this.#url);
    for (const workspace of options.workspaces) this.#add(workspace);
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      if (options.upgrade?.(request, socket, head)) return;
      if (this.#down) socket.destroy();
      else this.#sockets.upgrade(request, socket, head);
    });
  }

  #add(options: FakeSlackOptions['workspaces'][number]): void {
    const { team } = options;
    const changed = (users?: readonly string[]) => this.emit('change', { team, ...(users ? { users } : {}) });
    const workspace = new Workspace(options, this.#now, changed);
    this.workspaces.set(team, workspace);
    this.#humans.set(team, new Humans(workspace, this.#courier, this.#responseUrls));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname } = new URL(request.url ?? '/', 'http://slack.invalid');
      if (pathname.startsWith('/play/slack/')) await this.#play(request, response, pathname.slice(12));
      else if (/^\/(api|response|upload\/v1)\//.test(pathname))
        await this.#forApps(request, response, pathname);
      else if (this.#fallback) await this.#fallback(request, response);
      else answer(response, 404, { ok: false, error: 'not_found' });
    } catch (error) {
      // A fault of the fake must be seen, and must not look like one of Slack's refusals.
      answer(response, 500, { ok: false, error: 'fatal_error', detail: String(error) });
    }
  }

  #forApps(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> | void {
    this.#underWay.add(response);
    response.once('close', () => this.#underWay.delete(response));
    if (this.#down === 'refused') return void request.socket.destroy();
    if (this.#down === 'unavailable')
      return answer(response, 503, { ok: false, error: 'service_unavailable' });
    if (pathname.startsWith('/response/'))
      return this.#responseUrls.serve(request, response, pathname.slice(10));
    if (pathname.startsWith('/upload/v1/')) {
      const upload = { place: pathname.slice(11), failure: this.#limits.nextFailure('upload') };
      return serveUpload(this.workspaces.values(), request, response, upload);
    }
    const context = {
      workspaces: this.workspaces,
      limits: this.#limits,
      url: () => this.#url,
      now: this.#now,
      openSocket: (workspace: Workspace) => this.#sockets.ticket(workspace, this.#url),
      record: (call: CallRecord) => this.#record(call),
    };
    return serveWebApi(context, request, response, pathname.slice(5));
  }

  #record(call: CallRecord): void {
    this.calls.push(call);
    if (this.calls.length > 10_000) this.calls.shift();
    this.emit('call', call);
  }

  #play(request: IncomingMessage, response: ServerResponse, verb: string): Promise<void> {
    const subscribe = (listener: (change: Change) => void, end: () => void) => {
      this.on('change', listener).once('stop', end);
      return () => this.off('change', listener).off('stop', end);
    };
    const humans = (team: string) => this.humans(team);
    return servePlay({ workspaces: this.workspaces, humans, subscribe }, request, response, verb);
  }

  /** Stops: calls under way are still answered, streams and sockets end, retries are given up. */
  async stop(): Promise<void> {
    this.#courier.stop();
    this.#sockets.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.emit('stop');
    const answered = Promise.allSettled([...this.#underWay].map((response) => once(response, 'close')));
    // A caller that never finishes its request is not waited for.
    await Promise.race([answered, pause(500, undefined, { ref: false })]);
    this.#server.closeAllConnections();
    await closed;
  }

  /** `http://host:port`, without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  /** What an app takes as its `slackApiUrl`. */
  get apiUrl(): string {
    return `${this.#url}/api/`;
  }

  override humans(team: string): Humans {
    this.workspace(team);
    return this.#humans.get(team) as Humans;
  }

  /** Where the app of a team listens, once that is known. */
  setEventsUrl(team: string, url: string): void {
    this.workspace(team).eventsUrl = url;
  }

  /** Sends a payload over HTTP exactly as given, signed or badly signed. No state changes. */
  deliver(team: string, kind: Kind, payload: Fields, bend: Bend = {}): Promise<Delivered> {
    return this.#courier.deliver(this.workspace(team), kind, payload, bend);
  }

  /** Sends the same bytes again, as somebody who recorded them would. */
  replay(delivered: Delivered): Promise<Delivered> {
    return this.#courier.resend(delivered.request);
  }

  /** The next calls of a method fail like this, before any limit is counted; `upload` is where a file's bytes go. */
  failNext(method: string, failure: Failure): void {
    this.#limits.failNext(method, failure);
  }

  get down(): Outage {
    return this.#down;
  }

  /** Slack goes away, for apps only; open sockets are cut. `false` brings it back. */
  set down(outage: Outage) {
    this.#down = outage;
    if (outage) this.#sockets.cut();
  }

  setRateLimits(limits: Partial<RateLimits> | false): void {
    this.#limits.set(limits);
  }

  /** Slack asks the sockets of a team to reconnect. */
  disconnectSockets(team: string, reason?: string): void {
    this.#sockets.disconnect(team, reason);
  }

  socketsOf(team: string): number {
    return this.#sockets.connected(team);
  }
}
