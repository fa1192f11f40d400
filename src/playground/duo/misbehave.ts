/** A server that fails: late, never, cut, or with something else than an answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Misbehaviour } from './types.js';

export class Misbehaviours {
  readonly #next = new Map<string, Misbehaviour[]>();
  readonly #always = new Map<string, Misbehaviour>();

  /** The next call of a path fails like this. */
  failNext(path: string, how: Misbehaviour): void {
    this.#next.set(path, [...(this.#next.get(path) ?? []), how]);
  }

  /** Every call of a path fails like this, until null. */
  fail(path: string, how: Misbehaviour | null): void {
    if (how) this.#always.set(path, how);
    else this.#always.delete(path);
  }

  take(path: string): Misbehaviour | undefined {
    return this.#next.get(path)?.shift() ?? this.#always.get(path);
  }
}

/** Fails one call; the status that was sent, 0 where none was. */
export function misbehave(how: Misbehaviour, request: IncomingMessage, response: ServerResponse): number {
  request.resume();
  if (how === 'hang') return 0;
  if (how === 'cut') {
    request.socket.destroy();
    return 0;
  }
  if (how === 'trickle') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 10).unref();
    response.on('close', () => clearInterval(drip));
    return 200;
  }
  const type = how.raw === undefined ? 'application/json' : 'text/html';
  response.writeHead(how.status, { 'content-type': type });
  response.end(how.raw ?? JSON.stringify(how.body ?? {}));
  return how.status;
}
