/** Moving bytes from one side to the other, never faster than they are taken, so that memory doesn’t grow. */

import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type ssh2 from 'ssh2';
import type { Recorder } from '../gate.js';

/** What a socket may hold back: ssh2 writes into it whatever the other side’s windows allow, and those may be huge. */
const MOST_UNSENT = 1024 * 1024;
const MOST_QUEUED = 512 * 1024;
const FEW_QUEUED = 128 * 1024;

/** Whether these bytes may pass. It has been written down then. */
export type Tap = (data: Buffer) => boolean;

/** The TCP socket under a connection of ssh2. */
export function socketOf(side: ssh2.Client | ssh2.Connection): Socket {
  return (side as unknown as { readonly _sock: Socket })._sock;
}

/** Passes on all that comes; at its end, calls `ended`. */
export function pump(from: Readable, to: Writable, socket: Socket, tap: Tap, ended: () => void): void {
  const goOn = () => {
    if (to.writableNeedDrain) to.once('drain', goOn);
    else if (isFull(socket)) socket.once('drain', goOn);
    else from.resume();
  };
  from.on('data', (data: Buffer) => {
    if (!tap(data)) return;
    if (to.write(data) && !isFull(socket)) return;
    from.pause();
    goOn();
  });
  from.on('end', ended);
}

function isFull(socket: Socket): boolean {
  return socket.writableLength > MOST_UNSENT && socket.writableNeedDrain;
}

/**
 * Holds back the targets of a whole session while its recording has no room: what it shows faster than that is written
 * has to wait, in every one of its channels, and is never dropped.
 */
export class Valve {
  readonly #outlets = new Set<Outlet>();
  #isShut = false;

  constructor(private readonly recorder: Pick<Recorder, 'room'>) {}

  get isShut(): boolean {
    return this.#isShut;
  }

  add(outlet: Outlet): void {
    this.#outlets.add(outlet);
  }

  remove(outlet: Outlet): void {
    this.#outlets.delete(outlet);
  }

  /** To be asked after anything was written down. */
  check(): void {
    const room = this.#isShut ? null : this.recorder.room?.();
    if (!room) return;
    this.#isShut = true;
    for (const each of this.#outlets) each.flow();
    room.then(() => {
      this.#isShut = false;
      for (const each of this.#outlets) each.flow();
    });
  }
}

interface Part {
  readonly data: Buffer;
  readonly isError: boolean;
}

/**
 * What goes to the user on one channel: output and errors, one write at a time. Two at once would meet a fault of ssh2
 * 1.17: when the window opens again it may send an old piece of output twice, or forget the errors.
 */
export class Outlet {
  readonly #queue: Part[] = [];
  readonly #sources: Readable[] = [];
  #queued = 0;
  #open = 0;
  #busy = false;
  #stopped = false;
  #drained: (() => void) | null = null;

  constructor(
    private readonly channel: ssh2.ServerChannel,
    private readonly socket: Socket,
    private readonly valve: Valve,
  ) {
    valve.add(this);
  }

  add(from: Readable, isError: boolean, tap: Tap): void {
    this.#sources.push(from);
    this.#open += 1;
    from.on('data', (data: Buffer) => {
      if (!tap(data) || this.#stopped) return;
      this.#queue.push({ data, isError });
      this.#queued += data.length;
      this.valve.check();
      this.flow();
      if (!this.#busy) this.#next();
    });
    if (this.valve.isShut) from.pause();
    from.on('end', () => {
      this.#open -= 1;
      if (this.#open === 0) this.valve.remove(this);
      this.#settle();
    });
  }

  /** Resolves when every source has ended and all of it has gone out. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
      this.#settle();
    });
  }

  /** Nothing more goes out. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.valve.remove(this);
  }

  /** Takes from its sources, or doesn’t, as there is room for it. */
  flow(): void {
    if (this.#stopped) return;
    const isFull = this.valve.isShut || this.#queued > MOST_QUEUED;
    if (isFull) for (const each of this.#sources) each.pause();
    else if (this.#queued < FEW_QUEUED) for (const each of this.#sources) each.resume();
  }

  #next(): void {
    if (this.#stopped) return;
    this.#busy = isFull(this.socket) || this.#queue.length > 0;
    if (isFull(this.socket)) {
      this.socket.once('drain', () => this.#next());
      return;
    }
    const part = this.#queue.shift();
    if (part) this.#send(part);
    else this.#settle();
  }

  #send(part: Part): void {
    this.#queued -= part.data.length;
    this.flow();
    if (part.isError) forgetUnsent(this.channel);
    const to = part.isError ? this.channel.stderr : this.channel;
    to.write(part.data, () => this.#next());
  }

  #settle(): void {
    if (this.#open === 0 && !this.#busy) this.#drained?.();
  }
}

/**
 * Drops the piece of output that waits for the window to open. ssh2 also keeps the last one that has been sent after
 * waiting, and would send it again in the place of an error that waits.
 */
export function forgetUnsent(channel: ssh2.ServerChannel): void {
  Object.assign(channel, { _chunk: undefined, _chunkcb: undefined });
}
