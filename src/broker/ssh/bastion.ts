/** The SSH server through which a grant’s holder reaches the target, without ever having its secret. */

import { createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { Logger } from '../../config/logging.js';
import type { Secret } from '../../config/secret.js';
import { fingerprintOf, readPrivateKey } from '../../connectors/ssh/keys.js';
import { ALGORITHMS } from '../../connectors/ssh/sign-in.js';
import type { Gate, Passage } from '../gate.js';
import { guard } from './admission.js';
import { type Doorkeeper, doorkeeper, plainAddress } from './doorkeeper.js';
import { LIMITS, type Limits } from './limits.js';
import { BANNER } from './notices.js';
import { BrokeredSession } from './session.js';

export interface BastionOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  /** Ed25519 or ECDSA, in OpenSSH or PEM form, without a passphrase. */
  readonly hostKey: Secret;
  readonly gate: Gate;
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
}

export interface Bastion {
  readonly port: number;
  /** `SHA256:…` of its host key, for people to compare. */
  readonly fingerprint: string;
  /** Ends every session, and resolves when the end of each is on record. */
  stop(): Promise<void>;
}

/** What a connection is served with. */
interface Service {
  readonly config: ssh2.ServerConfig;
  readonly gate: Gate;
  readonly log: Logger;
  readonly limits: Limits;
  readonly door: Doorkeeper;
  readonly sockets: Set<Socket>;
  readonly sessions: Set<BrokeredSession>;
  /** What has to be on record before it is stopped. */
  readonly unfinished: Set<Promise<unknown>>;
}

/** @throws Error where the host key can’t be used, or the port can’t be had. */
export async function startBastion(options: BastionOptions): Promise<Bastion> {
  const { gate, log, port, host } = options;
  const hostKey = usable(options.hostKey);
  const limits = { ...LIMITS, ...options.limits };
  const config: ssh2.ServerConfig = {
    hostKeys: [{ key: hostKey }],
    algorithms: ALGORITHMS,
    banner: BANNER,
    ident: 'Keyturn',
    keepaliveInterval: limits.keepaliveMs,
    keepaliveCountMax: 2,
  };
  const service: Service = {
    ...{ config, gate, log, limits, door: doorkeeper(limits) },
    ...{ sockets: new Set(), sessions: new Set(), unfinished: new Set() },
  };
  const server = createServer({ noDelay: true }, (socket) => receive(socket, service));
  await listening(server, port, host);
  server.on('error', (error) => log.error({ err: error }, 'the bastion’s port has a fault'));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    fingerprint: fingerprintOf(hostKey.getPublicSSH()),
    stop: () => stop(server, service),
  };
}

function usable(secret: Secret): ssh2.ParsedKey {
  const wanted = 'has to be an ed25519 or ECDSA key in OpenSSH or PEM form, without a passphrase';
  try {
    const key = readPrivateKey(secret);
    // With an RSA key, ssh2 would offer SHA-1 too, whatever it is told.
    if (/^(?:ssh-ed25519|ecdsa-sha2-nistp\d+)$/.test(key.type)) return key;
  } catch {
    // Said below, in words that fit.
  }
  throw new Error(`The bastion’s host key ${wanted}.`);
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** From the first byte on, until it is let in or gone. */
function receive(socket: Socket, service: Service): void {
  const { door, limits, log, sockets } = service;
  const address = plainAddress(socket.remoteAddress);
  if (!door.arrive(address)) return void socket.destroy();
  let isIn = false;
  const late = setTimeout(() => socket.destroy(), limits.loginGraceMs);
  sockets.add(socket);
  // No client of SSH goes on listening after its last word.
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(late);
    sockets.delete(socket);
    door.leave(address, isIn);
  });
  const fault = (error: unknown) => {
    log.debug({ address, err: error }, 'a connection to the bastion broke');
    socket.destroy();
  };
  const enter = (user: ssh2.Connection, passage: Passage) => {
    isIn = true;
    clearTimeout(late);
    door.admitted(address);
    begin(user, socket, passage, service);
  };
  const server = new ssh2.Server(service.config, (connection) => {
    connection.on('error', fault);
    const dismiss = () => void socket.destroy();
    guard(
      { connection, address, isGone: () => socket.destroyed, dismiss },
      {
        ...{ gate: service.gate, limits },
        enter: (passage) => enter(connection, passage),
        missed: (passage) => finish(service, missed(passage, service)),
        fault: (error) => log.error({ err: error }, 'nobody could be let in at the bastion'),
      },
    );
  });
  server.injectSocket(socket);
}

function begin(user: ssh2.Connection, socket: Socket, passage: Passage, service: Service): void {
  const { gate, limits, log, sessions } = service;
  log.info({ session: passage.session, grant: passage.grant }, 'a session begins');
  const session = new BrokeredSession({ user, socket, passage, gate, limits, log });
  sessions.add(session);
  finish(
    service,
    session.done.then(() => sessions.delete(session)),
  );
}

/** Whoever was let in had hung up meanwhile. */
async function missed(passage: Passage, { gate, log }: Service): Promise<void> {
  passage.recorder.failed.catch(() => {});
  try {
    await passage.recorder.close();
    await gate.ended(passage.session, 'left');
  } catch (error) {
    log.error({ session: passage.session, err: error }, 'the end of a session could not be put on record');
  }
}

function finish(service: Service, work: Promise<unknown>): void {
  service.unfinished.add(work);
  work.finally(() => service.unfinished.delete(work));
}

async function stop(server: Server, { sockets, sessions, unfinished }: Service): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const ending = [...sessions].map((session) => session.end('bastion-stopped'));
  const sessionSockets = new Set([...sessions].map(({ socket }) => socket));
  for (const socket of sockets) if (!sessionSockets.has(socket)) socket.destroy();
  await Promise.all(ending);
  await Promise.all(unfinished);
  await closed;
}
