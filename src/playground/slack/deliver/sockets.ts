/** Socket Mode: envelopes over a WebSocket instead of signed requests. docs.slack.dev/apis/events-api/using-socket-mode */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { fields, parsed, text, token } from '../../values.js';
import type { Fields } from '../types.js';
import type { Workspace } from '../workspace.js';
import type { Kind } from './http-delivery.js';

const envelopeTypes: Readonly<Record<Kind, string>> = {
  slash: 'slash_commands',
  interaction: 'interactive',
  event: 'events_api',
};

export interface SocketAck {
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly ms: number;
}

export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Map<string, Workspace>();
  readonly #open = new Map<string, WebSocket[]>();
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  readonly #pulse: NodeJS.Timeout;
  #turn = 0;

  constructor(readonly connectedOrGone: (team: string) => void) {
    // Slack pings its clients; a client that hears nothing for 30 s hangs up.
    this.#pulse = setInterval(() => {
      for (const sockets of this.#open.values()) for (const socket of sockets) socket.ping();
    }, 10_000);
    this.#pulse.unref();
  }

  /** A one-time address on this server. */
  ticket(workspace: Workspace, base: string): string {
    const ticket = token(32);
    this.#tickets.set(ticket, workspace);
    return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${workspace.appId}`;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://slack.invalid');
    const ticket = url.searchParams.get('ticket') ?? '';
    const workspace = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (url.pathname !== '/link/' || !workspace) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    this.#server.handleUpgrade(request, socket, head, (client) => this.#welcome(workspace, client));
  }

  #welcome(workspace: Workspace, client: WebSocket): void {
    const { team } = workspace;
    const sockets = [...(this.#open.get(team) ?? []), client];
    this.#open.set(team, sockets);
    client.on('message', (data) => this.#heard(String(data)));
    client.on('error', () => client.terminate());
    client.on('close', () => {
      this.#open.set(
        team,
        (this.#open.get(team) ?? []).filter((one) => one !== client),
      );
      this.connectedOrGone(team);
    });
    client.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        debug_info: { host: 'applink', build_number: 1, approximate_connection_time: 18060 },
        connection_info: { app_id: workspace.appId },
      }),
    );
    this.connectedOrGone(team);
  }

  #heard(data: string): void {
    const answer = fields(parsed(data));
    const id = text(answer.envelope_id);
    this.#waiting.get(id)?.(answer.payload);
    this.#waiting.delete(id);
  }

  connected(team: string): number {
    return this.#open.get(team)?.length ?? 0;
  }

  /** Sends one envelope to one of the team's sockets and waits for its acknowledgement. */
  send(
    team: string,
    kind: Kind,
    payload: Fields,
    timeoutMs: number,
    retry?: { num: number; reason: string },
  ): Promise<SocketAck> {
    const sockets = this.#open.get(team) ?? [];
    const socket = sockets[this.#turn++ % Math.max(1, sockets.length)];
    const started = performance.now();
    return new Promise((resolve) => {
      if (!socket) return resolve({ ok: false, ms: 0 });
      const id = randomUUID();
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve({ ok: false, ms: performance.now() - started });
      }, timeoutMs);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve({ ok: true, payload: answer, ms: performance.now() - started });
      });
      socket.send(
        JSON.stringify({
          envelope_id: id,
          type: envelopeTypes[kind],
          payload,
          accepts_response_payload: kind !== 'event',
          ...(kind === 'event' ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' } : {}),
        }),
      );
    });
  }

  /** Slack refreshes connections: it says so, and the app comes back with a new one. */
  disconnect(team: string, reason = 'refresh_requested'): void {
    for (const socket of this.#open.get(team) ?? []) {
      socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink' } }));
      socket.close();
    }
  }

  /** Drops every connection without a word. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  stop(): void {
    clearInterval(this.#pulse);
    this.cut();
    this.#server.close();
  }
}
