/** One HTTP port, opened with time limits and closed with manners. */

import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Listening {
  /** The port that was bound: the asked one, or the one that the system chose for 0. */
  readonly port: number;
  /** Takes no more, lets what is under way finish for up to five seconds, then cuts it. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Place {
  readonly port: number;
  readonly host: string;
}

const GRACE_MS = 5_000;

const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the idle time of common load balancers, so that they never meet a connection just closed.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};

/** Resolves when the port takes connections; rejects when it can't be had. */
export async function listen(handler: RequestListener, { port, host }: Place): Promise<Listening> {
  const server = createServer(LIMITS);
  const connections = new Connections();
  server.on('connection', (socket) => connections.opened(socket));
  server.on('request', (req, res) => {
    connections.began(req.socket);
    res.once('close', () => connections.ended(req.socket));
    handler(req, res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    connections.closeIdle();
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await closed;
    clearTimeout(cut);
  };
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/**
 * Which connections have a request under way. Node's own notion of "idle" leaves
 * out those that a browser opened in advance and never used, and each of them
 * would hold up the end for the whole grace time.
 */
class Connections {
  readonly #underWay = new Map<Socket, number>();
  #closing = false;

  opened(socket: Socket): void {
    this.#underWay.set(socket, 0);
    socket.once('close', () => this.#underWay.delete(socket));
  }

  began(socket: Socket): void {
    this.#underWay.set(socket, (this.#underWay.get(socket) ?? 0) + 1);
  }

  ended(socket: Socket): void {
    const left = (this.#underWay.get(socket) ?? 1) - 1;
    if (this.#underWay.has(socket)) this.#underWay.set(socket, left);
    if (this.#closing && left === 0) socket.end();
  }

  closeIdle(): void {
    this.#closing = true;
    for (const [socket, requests] of this.#underWay) if (requests === 0) socket.destroy();
  }
}
