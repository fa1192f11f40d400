/**
 * What waits to be kept, in its order: cut into pieces, written a few at a time by one writer. Nothing is ever dropped:
 * who brings more than is written waits for room, and where nothing can be written for a while the recording has failed.
 */

import { setTimeout as wait } from 'node:timers/promises';

export interface QueueLimits {
  /** Of one piece, in bytes of plain text. */
  readonly pieceBytes: number;
  /** Whatever is there is written after so long, whole piece or not. */
  readonly pieceMs: number;
  /** Above it whoever writes waits for room. */
  readonly roomBytes: number;
  /** Above it the recording has failed. */
  readonly mostBytes: number;
  /** So long a write is tried. */
  readonly patienceMs: number;
}

export const LIMITS: QueueLimits = {
  pieceBytes: 64 * 1024,
  pieceMs: 400,
  roomBytes: 1024 * 1024,
  mostBytes: 4 * 1024 * 1024,
  patienceMs: 5_000,
};

/** As many pieces at once as are sealed and sent in one statement. */
const BATCH = 16;
const RETRY_MS = 100;

export interface Piece {
  readonly channel: number;
  readonly n: number;
  readonly text: string;
}

/** Why a recording could not be kept. Says nothing of what was in it. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

interface Waiting {
  readonly bytes: number;
  readonly piece: Piece | null;
  /** Anything else that has its place in the order. */
  readonly write: (() => Promise<void>) | null;
}

interface Open {
  n: number;
  text: string[];
  bytes: number;
}

export class PieceQueue {
  readonly #open = new Map<number, Open>();
  readonly #waiting: Waiting[] = [];
  readonly #write: (pieces: readonly Piece[]) => Promise<void>;
  readonly #limits: QueueLimits;
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #room: { readonly promise: Promise<void>; readonly open: () => void } | null = null;
  #error: RecordingError | null = null;
  #fail: (error: RecordingError) => void = () => {};
  readonly failed: Promise<never>;

  /** @param write keeps pieces; called again with the same ones where it failed. */
  constructor(write: (pieces: readonly Piece[]) => Promise<void>, limits: QueueLimits = LIMITS) {
    this.#write = write;
    this.#limits = limits;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    // Whoever looks later still sees it; nobody has to.
    this.failed.catch(() => undefined);
  }

  get error(): RecordingError | null {
    return this.#error;
  }

  /** A line of a channel's cast. */
  add(channel: number, text: string, bytes: number): void {
    if (this.#error) return;
    const open = this.#open.get(channel) ?? { n: 0, text: [], bytes: 0 };
    this.#open.set(channel, open);
    if (open.bytes > 0 && open.bytes + bytes > this.#limits.pieceBytes) this.#cut(channel, open);
    open.text.push(text);
    open.bytes += bytes;
    this.#bytes += bytes;
    this.#timer ??= setTimeout(() => this.#cutAll(), this.#limits.pieceMs).unref();
    if (this.#bytes > this.#limits.mostBytes) this.#over('more came than could be written');
  }

  /** Something else to be written, after what came before it. */
  after(write: () => Promise<void>): void {
    if (this.#error) return;
    this.#cutAll();
    this.#waiting.push({ bytes: 0, piece: null, write });
    this.#start();
  }

  /** Null while there is room; otherwise resolves once there is, or none is needed any more. */
  room(): Promise<void> | null {
    if (this.#error || this.#bytes <= this.#limits.roomBytes) return null;
    if (!this.#room) {
      let open = () => {};
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      this.#room = { promise, open };
    }
    return this.#room.promise;
  }

  /** How many pieces of a channel there are when all of it is cut. */
  close(channel: number): number {
    const open = this.#open.get(channel);
    if (!open) return 0;
    if (open.bytes > 0) this.#cut(channel, open);
    return open.n;
  }

  /** Resolves when everything that was added is kept. @throws RecordingError where it can't be. */
  async drain(): Promise<void> {
    this.#cutAll();
    while (this.#writing) await this.#writing;
    if (this.#error) throw this.#error;
  }

  #cut(channel: number, open: Open): void {
    open.n += 1;
    const piece = { channel, n: open.n, text: open.text.join('') };
    this.#waiting.push({ bytes: open.bytes, piece, write: null });
    open.text = [];
    open.bytes = 0;
    this.#start();
  }

  #cutAll(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const [channel, open] of this.#open) if (open.bytes > 0) this.#cut(channel, open);
  }

  #start(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
      // Something may have come after the writer looked for the last time.
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #writeAll(): Promise<void> {
    // What else comes in this turn goes with it.
    await Promise.resolve();
    while (!this.#error) {
      const next = this.#waiting[0];
      if (!next) return;
      const others = this.#waiting.findIndex(({ piece }) => piece === null);
      const most = others === -1 ? BATCH : Math.min(BATCH, others);
      const taken = next.piece ? this.#waiting.splice(0, most) : this.#waiting.splice(0, 1);
      const pieces = taken.flatMap(({ piece }) => piece ?? []);
      await this.#insist(next.write ?? (() => this.#write(pieces)));
      this.#written(taken.reduce((sum, { bytes }) => sum + bytes, 0));
    }
  }

  /** Again and again, as long as there is patience. */
  async #insist(write: () => Promise<void>): Promise<void> {
    const late = Date.now() + this.#limits.patienceMs;
    const stop = new AbortController();
    // A database that never answers must not be waited for longer than one that says no.
    const patience = wait(this.#limits.patienceMs, 'late' as const, { signal: stop.signal, ref: false });
    patience.catch(() => undefined);
    for (;;) {
      const tried = write().then(
        () => 'kept' as const,
        () => 'not-kept' as const,
      );
      const outcome = await Promise.race([tried, patience]);
      if (outcome === 'kept' || this.#error) return stop.abort();
      if (outcome === 'late' || Date.now() + RETRY_MS >= late) {
        stop.abort();
        return this.#over(`nothing could be written for ${this.#limits.patienceMs / 1000} seconds`);
      }
      await wait(RETRY_MS);
    }
  }

  #written(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes > this.#limits.roomBytes / 2 && !this.#error) return;
    this.#room?.open();
    this.#room = null;
  }

  /** Nothing more is taken or held. */
  #over(why: string): void {
    if (this.#error) return;
    this.#error = new RecordingError(`The recording can’t be kept: ${why}.`);
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#open.clear();
    this.#room?.open();
    this.#room = null;
    this.#fail(this.#error);
  }
}
