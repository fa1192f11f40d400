/** One encrypted connection to a domain controller, signed in, with a time limit, and its failures as TargetErrors. */

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Attribute, type Change, Client, type Control, type Entry, type Filter } from 'ldapts';
import { bindReasonOf, CODE, codeOf, targetError } from './faults.js';
import type { Domain } from './settings.js';

/** What a call may take: aborted when its time is up, and when the connector closes. */
export interface Bounds {
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

/** A connection signed in as Keyturn. What fails is a TargetError, unless the method says otherwise. */
export interface Session {
  readonly domain: Domain;
  /** The entries under `base` that match, whichever their number. An absent base has none. */
  find(base: string, filter: Filter, attributes: string[]): Promise<readonly Entry[]>;
  /** The entry itself where it is there and matches; null else. */
  read(dn: string, attributes: string[], filter?: Filter, controls?: Control[]): Promise<Entry | null>;
  add(dn: string, attributes: Attribute[]): Promise<void>;
  modify(dn: string, changes: Change[], doing: string): Promise<void>;
  remove(dn: string, doing: string, controls?: Control[]): Promise<void>;
  /** Tries a change whose failure may not matter: the error, with its code, or null. Throws where the line is down. */
  attempt(dn: string, changes: Change[], doing: string): Promise<Error | null>;
}

/** Does `work` on a connection of its own, signed in as `domain.bindDn`. */
export function withSession<T>(
  domain: Domain,
  password: string,
  bounds: Bounds,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withLine(domain, bounds, async (line) => {
    await line.send('sign in', (client) => client.bind(domain.bindDn, password));
    return work(sessionOn(line, domain));
  });
}

/**
 * Signs in as `dn`, on a connection of its own.
 * `barred`: the password is right, but the login is switched off, expired, must change it or may not sign in now;
 * Windows and Samba say so only to who knows it. `wrong`: any other refusal.
 */
export function signIn(
  domain: Domain,
  dn: string,
  password: string,
  bounds: Bounds,
): Promise<{ readonly is: 'works' | 'barred' | 'wrong'; readonly reason: string | null }> {
  // A simple bind without a password succeeds and signs nobody in: RFC 4513, 5.1.2.
  if (password === '') return Promise.resolve({ is: 'wrong', reason: null });
  return withLine(domain, bounds, async (line) => {
    const error = await line.answer('sign in as the login', (client) => client.bind(dn, password));
    if (error === null) return { is: 'works', reason: null };
    if (codeOf(error) !== CODE.invalidCredentials)
      throw targetError(error, domain.name, 'sign in as the login');
    const reason = bindReasonOf(error);
    return { is: reason !== null && BARRED.has(reason) ? 'barred' : 'wrong', reason };
  });
}

/** Logon hours, workstation, expired password, switched off, logon type, expired login, must change. */
const BARRED = new Set(['530', '531', '532', '533', '569', '701', '773']);

interface Line {
  send<T>(doing: string, act: (client: Client) => Promise<T>): Promise<T>;
  /** The LDAP error that the act came to, or null. Anything else that fails is thrown. */
  answer(doing: string, act: (client: Client) => Promise<unknown>): Promise<Error | null>;
}

async function withLine<T>(domain: Domain, bounds: Bounds, work: (line: Line) => Promise<T>): Promise<T> {
  const sockets: Socket[] = [];
  const closing = new AbortController();
  const keep = <S extends Socket>(socket: S): S => {
    sockets.push(socket);
    // Later than whatever came before the end: an answer, or the reason.
    socket.once('close', () => setImmediate(() => closing.abort()));
    return socket;
  };
  const client = new Client({
    url: domain.url,
    timeout: bounds.limitMs,
    connectTimeout: bounds.limitMs,
    ...(!domain.startTls && { tlsOptions: domain.tls }),
    createConnection: ((...args: Parameters<typeof connect>) => keep(connect(...args))) as typeof connect,
    createSecureConnection: ((...args: Parameters<typeof connectTls>) =>
      keep(connectTls(...args))) as typeof connectTls,
  });
  const isOver = () => sockets.some((each) => each.destroyed) || (sockets.length > 0 && !client.isConnected);
  const closed = aborted(closing.signal, domain, 'keep the connection');
  const send: Line['send'] = async (doing, act) => {
    bounds.signal.throwIfAborted();
    // The library would quietly connect anew, and nobody would be signed in there.
    if (isOver()) throw targetError(null, domain.name, doing);
    // And where a StartTLS handshake is cut off, it would wait for ever.
    return Promise.race([act(client), closed]).catch((error: unknown) => {
      throw targetError(error, domain.name, doing);
    });
  };
  const line: Line = {
    send,
    async answer(doing, act) {
      let answer: Error | null = null;
      await send(doing, (it) =>
        act(it).catch((error: unknown) => {
          if (codeOf(error) === null) throw error;
          answer = error as Error;
        }),
      );
      return answer;
    },
  };
  try {
    const late = aborted(bounds.signal, domain, 'finish in time');
    return await Promise.race([late, begun(line, domain).then(() => work(line))]);
  } finally {
    // Said on a dead connection, the library would wait for its end.
    if (!isOver()) await Promise.race([client.unbind(), closed]).catch(() => undefined);
    for (const socket of sockets) socket.destroy();
  }
}

async function begun(line: Line, domain: Domain): Promise<void> {
  // A copy: the library writes its socket into what it is given.
  if (domain.startTls) await line.send('encrypt the line', (client) => client.startTLS({ ...domain.tls }));
}

/** Never resolves; rejects when the signal is given. Nobody need be listening by then. */
function aborted(signal: AbortSignal, domain: Domain, doing: string): Promise<never> {
  const never = new Promise<never>((_, reject) => {
    const stop = () => reject(targetError(null, domain.name, doing));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  never.catch(() => undefined);
  return never;
}

function sessionOn(line: Line, domain: Domain): Session {
  return {
    domain,
    async find(base, filter, attributes) {
      const { searchEntries } = await line.send('read the directory', (client) =>
        client.search(base, { scope: 'sub', filter, attributes, paged: true }),
      );
      return searchEntries;
    },
    async read(dn, attributes, filter, controls) {
      let entry: Entry | null = null;
      const error = await line.answer('read the directory', async (client) => {
        const options = { scope: 'base' as const, attributes, ...(filter && { filter }) };
        entry = (await client.search(dn, options, controls)).searchEntries[0] ?? null;
      });
      if (error && !ABSENT.has(codeOf(error))) throw targetError(error, domain.name, 'read the directory');
      return entry;
    },
    add: (dn, attributes) => line.send('make a login', (client) => client.add(dn, attributes)),
    modify: (dn, changes, doing) => line.send(doing, (client) => client.modify(dn, changes)),
    remove: (dn, doing, controls) => line.send(doing, (client) => client.del(dn, controls)),
    attempt: (dn, changes, doing) => line.answer(doing, (client) => client.modify(dn, changes)),
  };
}

/** What reading a name that isn't there, or isn't a name, comes to. */
const ABSENT: ReadonlySet<number | null> = new Set([CODE.noSuchObject, CODE.invalidDnSyntax]);
