/**
 * Where the played client's database is reached: always the same port, open from the start. The server behind it begins
 * with the first who knocks, so that it costs nothing before; where it can't begin, whoever knocks is told why.
 */

import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';

/** A running server, by its own port. */
export interface Behind {
  readonly port: number;
  stop(): Promise<void>;
}

export interface DatabaseDoor {
  readonly port: number;
  /** From now on whoever knocks has the server started. */
  open(start: () => Promise<Behind>): void;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const CANNOT_CONNECT_NOW = '57P03';
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const LONGEST_START = 10_000;

/** @param file where its port is kept, so that the next start has the same. */
export async function openDatabaseDoor(file: string): Promise<DatabaseDoor> {
  const kept = Number(await readFile(file, 'utf8').catch(() => 0));
  let begin: (start: () => Promise<Behind>) => void = () => {};
  const opened = new Promise<() => Promise<Behind>>((resolve) => {
    begin = resolve;
  });
  let running: Promise<Behind> | null = null;
  const behind = async () => {
    const start = await opened;
    running ??= start();
    return running;
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.pause();
    behind().then(
      ({ port }) => lead(socket, port),
      (error) => refuse(socket, error),
    );
  });
  const port = await listen(server, Number.isInteger(kept) && kept < 65_536 ? kept : 0).catch(() =>
    listen(server, 0),
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, String(port));
  return {
    port,
    open: (start) => begin(start),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await running?.then((it) => it.stop()).catch(() => undefined);
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function lead(socket: Socket, port: number): void {
  if (socket.destroyed) return;
  const server = connect(port, HOST);
  server.on('error', () => socket.destroy());
  server.on('close', () => socket.end());
  socket.on('close', () => server.destroy());
  socket.setNoDelay(true);
  server.setNoDelay(true);
  socket.pipe(server).pipe(socket);
}

/**
 * Says why in the protocol's own words, once the client has said who it is; it may ask for encryption before.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function refuse(socket: Socket, error: unknown): void {
  let said = Buffer.alloc(0);
  socket.on('data', (part: Buffer) => {
    said = Buffer.concat([said, part]);
    if (said.length > LONGEST_START) return void socket.destroy();
    while (said.length >= 8 && said.length >= said.readInt32BE(0)) {
      const kind = said.readInt32BE(4);
      if (kind !== SSL_REQUEST && kind !== GSS_REQUEST) return void socket.end(refusal(error));
      said = said.subarray(8);
      socket.write('N');
    }
  });
  socket.resume();
}

function refusal(error: unknown): Buffer {
  const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
  const message = `the played database can’t run on this computer: ${why}`;
  const fields = [`SFATAL`, `VFATAL`, `C${CANNOT_CONNECT_NOW}`, `M${message}`]
    .map((field) => `${field}\0`)
    .join('');
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
