/** Carries what happened to the app: Socket Mode where a socket is open, signed HTTP otherwise. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fields, Seen } from '../types.js';
import type { Workspace } from '../workspace.js';
import { type Bend, compose, type Delivered, type Kind, openWire, type Sent } from './http-delivery.js';
import type { Sockets } from './sockets.js';

export class Courier {
  readonly #wire = openWire();
  readonly #stopped = new AbortController();

  constructor(
    readonly sockets: Sockets,
    readonly ackTimeoutMs: number,
    readonly retryDelaysMs: readonly number[],
  ) {}

  /** Slack gives every delivery three seconds and no second chance, events excepted. */
  async carry(
    workspace: Workspace,
    kind: Kind,
    payload: Fields,
    retry?: { num: number; reason: string },
  ): Promise<Seen> {
    const { team } = workspace;
    if (workspace.options.appToken && this.sockets.connected(team) > 0) {
      const ack = await this.sockets.send(team, kind, payload, this.ackTimeoutMs, retry);
      if (!ack.ok)
        return { ok: false, status: 0, error: 'operation_timeout', ms: ack.ms, via: 'socket', attempts: 1 };
      return { ok: true, status: 200, body: ack.payload ?? '', ms: ack.ms, via: 'socket', attempts: 1 };
    }
    const bend = retry ? { retryNum: retry.num, retryReason: retry.reason } : {};
    return seen(await this.deliver(workspace, kind, payload, bend));
  }

  /** One HTTP delivery, bent as a test asks. */
  deliver(workspace: Workspace, kind: Kind, payload: Fields, bend: Bend = {}): Promise<Delivered> {
    return this.resend(compose(kind, payload, workspace.options.signingSecret, workspace.eventsUrl, bend));
  }

  /** The very same bytes, signature and timestamp again. */
  resend(sent: Sent): Promise<Delivered> {
    return this.#wire.send(sent, this.ackTimeoutMs);
  }

  /**
   * An event: tried at once, then up to three times more. Resolves with the first try;
   * `settled` with the last.
   */
  async event(workspace: Workspace, payload: Fields): Promise<Seen> {
    const first = await this.carry(workspace, 'event', payload);
    const settled = this.#retry(workspace, payload, first);
    settled.catch(() => {});
    return { ...first, settled };
  }

  async #retry(workspace: Workspace, payload: Fields, first: Seen): Promise<Seen> {
    let last = first;
    for (const [n, delay] of this.retryDelaysMs.slice(0, 3).entries()) {
      if (last.ok || noRetry.has(last)) return last;
      if (delay > 0) await pause(delay, undefined, { signal: this.#stopped.signal, ref: false });
      if (this.#stopped.signal.aborted) return last;
      const next = await this.carry(workspace, 'event', payload, { num: n + 1, reason: reasonOf(last) });
      if (noRetry.has(next)) return { ...next, attempts: n + 2 };
      last = { ...next, attempts: n + 2 };
    }
    return last;
  }

  stop(): void {
    this.#stopped.abort();
    this.#wire.close();
  }
}

/** Answers that carried `X-Slack-No-Retry: 1`: the app asked not to be told again. */
const noRetry = new WeakSet<Seen>();

/** Slack's words for a failed try. */
function reasonOf(last: Seen): string {
  if (last.error === 'operation_timeout') return 'http_timeout';
  return last.error === 'dispatch_failed' ? 'connection_failed' : 'http_error';
}

function seen(delivered: Delivered): Seen {
  const { status, body, ms } = delivered;
  const ok = status >= 200 && status < 300;
  const error = delivered.error ?? (status >= 500 ? 'http_service_error' : 'http_client_error');
  const result: Seen = { ok, status, body, ms, via: 'http', attempts: 1, ...(ok ? {} : { error }) };
  if (delivered.headers['x-slack-no-retry'] === '1') noRetry.add(result);
  return result;
}
