/** The way from the page to the newcomer's played computer: a WebSocket that only this machine's own page may open. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { TERMINAL_PATH, type TerminalWord } from '../page/terminal-contract.js';
import { isOwnPage } from '../play-door.js';
import { Keyboard } from '../typing/keyboard.js';
import { parsed } from '../values.js';
import { sitDown } from './computer.js';
import type { Handed, Reach, Seat } from './seat.js';

const MOST_OPEN = 32;
const LONGEST_WORD = 128 * 1024;

const size = { columns: z.int().min(2).max(1_000), rows: z.int().min(1).max(1_000) };
const word: z.ZodType<TerminalWord> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    handed: z
      .strictObject({
        line: z.string().min(1).max(1_000),
        ticket: z.string().max(200).nullable(),
        hostKey: z.string().max(200).nullable(),
      })
      .nullable(),
    ...size,
  }),
  z.strictObject({ kind: z.literal('type'), text: z.string().max(65_536) }),
  z.strictObject({ kind: z.literal('size'), ...size }),
]);

export class Entrance {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LONGEST_WORD });

  constructor(private readonly reach: Reach) {}

  /** Takes the connection where it is for a terminal; false, and nothing was touched, where it isn't. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if ((request.url ?? '').replace(/[?#].*$/s, '') !== TERMINAL_PATH) return false;
    const isOwn = request.headers.origin !== undefined && isOwnPage(request);
    if (!isOwn) socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    else if (this.#server.clients.size >= MOST_OPEN)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    else this.#server.handleUpgrade(request, socket, head, (client) => welcome(client, this.reach));
    return true;
  }

  /** Ends every terminal. */
  stop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

function welcome(client: WebSocket, reach: Reach): void {
  let hear: ((word: TerminalWord) => void) | null = null;
  const left = new AbortController();
  client.on('error', () => client.terminate());
  client.on('close', () => left.abort());
  client.on('message', (data) => {
    const read = word.safeParse(parsed(String(data)));
    if (!read.success || (read.data.kind === 'start') !== (hear === null))
      return client.close(1008, 'That is no word of a terminal.');
    if (read.data.kind === 'start') hear = seatAt(client, read.data, left.signal, reach);
    else hear?.(read.data);
  });
}

type Start = Extract<TerminalWord, { kind: 'start' }>;

/** Somebody sits down. Returns who hears what they do. */
function seatAt(
  client: WebSocket,
  start: Start,
  left: AbortSignal,
  reach: Reach,
): (word: TerminalWord) => void {
  const handed: Handed | null = start.handed;
  const show = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => {
      if (left.aborted) return resolve();
      client.send(bytes, { binary: true }, () => resolve());
    });
  const say = (text: string) => void show(Buffer.from(text.replace(/\r?\n/g, '\r\n')));
  const keyboard = new Keyboard(say);
  type Borrower = Parameters<Seat['lend']>[0];
  let borrower: Borrower | null = null;
  const seat: Seat = {
    ...{ keyboard, handed, say, show, left },
    size: { columns: start.columns, rows: start.rows },
    lend: (to) => {
      borrower = to;
      return () => {
        if (borrower === to) borrower = null;
      };
    },
  };
  left.addEventListener('abort', () => keyboard.end());
  sitDown(seat, reach).then(
    () => client.close(1000),
    () => client.close(1011, 'The played computer has a fault.'),
  );
  return (word) => {
    if (word.kind === 'type') {
      if (borrower) borrower.key(word.text);
      else keyboard.read(word.text);
    } else if (word.kind === 'size') {
      Object.assign(seat.size, { columns: word.columns, rows: word.rows });
      borrower?.resized();
    }
  };
}
