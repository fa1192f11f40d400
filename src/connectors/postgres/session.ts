/** Connections to a PostgreSQL server for the length of one call, which has one time limit over all of them. */

import { Socket } from 'node:net';
import pg from 'pg';
import type { Secret } from '../../config/secret.js';
import { faultOf, tooLate } from './faults.js';
import type { Server } from './settings.js';

export type Row = Readonly<Record<string, unknown>>;

/** One connection. */
export interface Session {
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

export interface SignIn {
  readonly user: string;
  readonly database: string;
  readonly password: Secret;
  /** Told when the server asks for the password. */
  readonly onAsked?: () => void;
}

const GOODBYE_MS = 500;

/**
 * Nothing is looked up in a schema that somebody there could write into, no statement waits for ever, and
 * where this process has gone without a word the server soon lets go of its locks.
 */
function settle(ms: number): string {
  const limit = Math.ceil(ms);
  return `set search_path = pg_catalog; set statement_timeout = ${limit}; set lock_timeout = ${limit};
    set idle_in_transaction_session_timeout = ${limit}; set client_min_messages = error;
    set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`;
}

/** Every connection of one call, and the time that is left for it. */
export class Call {
  readonly #end: number;
  readonly #open: { readonly client: pg.Client; readonly socket: Socket }[] = [];
  #late = false;

  constructor(
    readonly server: Server,
    limitMs: number,
  ) {
    this.#end = performance.now() + limitMs;
  }

  /** Milliseconds, at least 1. */
  left(): number {
    return Math.max(1, this.#end - performance.now());
  }

  /** Throws once the time is over: for loops. */
  stillInTime(): void {
    if (this.#late || this.left() <= 1) throw tooLate(this.server);
  }

  async signIn({ user, database, password, onAsked }: SignIn): Promise<Session> {
    const socket = new Socket();
    const client = new pg.Client({
      host: this.server.host,
      port: this.server.port,
      user,
      database,
      ssl: this.server.tls ?? false,
      stream: () => socket,
      application_name: 'keyturn',
      connectionTimeoutMillis: Math.ceil(this.left()),
      // Said here, so that nothing of this process's environment is taken instead.
      options: '-c search_path=pg_catalog',
      client_encoding: 'UTF8',
      password: () => {
        onAsked?.();
        return password.reveal();
      },
    });
    client.on('error', () => {}); // a lost connection fails the query that needs it
    this.#open.push({ client, socket });
    await client.connect();
    await client.query(settle(this.left()));
    return {
      query: async <R extends Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query<R>(text, values.length > 0 ? [...values] : undefined)).rows,
    };
  }

  /** Does it within the limit, and lets go of every connection whatever becomes of it. */
  async run<T>(act: () => Promise<T>): Promise<T> {
    const alarm = setTimeout(() => {
      this.#late = true;
      this.#drop();
    }, this.left());
    try {
      return await act();
    } catch (error) {
      throw this.#late ? tooLate(this.server) : faultOf(error, this.server);
    } finally {
      clearTimeout(alarm);
      await this.#close();
    }
  }

  #drop(): void {
    for (const { socket } of this.#open) socket.destroy();
  }

  /** A server that has gone silent is not waited for. */
  async #close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise((resolve) => {
      timer = setTimeout(resolve, GOODBYE_MS);
    });
    const live = this.#open.filter(({ socket }) => !socket.destroyed);
    await Promise.race([Promise.allSettled(live.map(({ client }) => client.end())), enough]);
    clearTimeout(timer);
    this.#drop();
  }
}
