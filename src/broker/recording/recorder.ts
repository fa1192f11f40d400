/** Writes down what a session shows, as it happens: a cast a channel, sealed, in the database; hashed, and closed with its hash. */

import { createHash, type Hash } from 'node:crypto';
import type { ClosedCast, Recorded, RecordingSummary } from '../../core/recording.js';
import { type ChannelRecorder, type FileOperation, type Recorder, RecordingFull } from '../gate.js';
import { Cast, type CastLine, shortened } from './cast.js';
import { hashOfCasts } from './hash.js';
import { LIMITS, type Piece, PieceQueue, type QueueLimits } from './queue.js';
import { type Seals, sealPiece } from './seals.js';

export interface NewChannel {
  readonly session: string;
  readonly channel: number;
  readonly kind: ChannelOpening['kind'];
  readonly columns: number;
  readonly rows: number;
  readonly sealedCommand: string | null;
}

export interface KeptPiece {
  readonly channel: number;
  readonly n: number;
  readonly sealed: string;
}

/** Where recordings are kept. Each call may be repeated with the same, and adds nothing then. */
export interface Keeping {
  /** When it began, by the database's clock. */
  begin(recorded: Recorded): Promise<Date>;
  addChannel(channel: NewChannel): Promise<void>;
  addPieces(session: string, pieces: readonly KeptPiece[]): Promise<void>;
  end(session: string, summary: RecordingSummary, casts: readonly ClosedCast[]): Promise<void>;
}

export interface RecordingDesk {
  readonly keeping: Keeping;
  readonly seals: Seals;
  /** Told of a recording that is closed and kept, before `close` resolves: it puts the hash on the audit trail. */
  recorded(session: string, summary: RecordingSummary): Promise<void>;
  readonly limits?: QueueLimits;
  /** Bytes of output that are recorded of one session; 1 GiB unless told. */
  readonly mostOutput?: number;
  /** Seconds since something; never goes back. */
  readonly clock?: () => number;
}

/** Hours of what people read, and minutes of what nobody does: who lets that run on shall not fill everybody's database. */
const MOST_OUTPUT = 1024 ** 3;

type ChannelOpening = Parameters<Recorder['channel']>[0];

/** A recorder for the session. @throws where it can't be begun: then there has to be no session. */
export async function openRecorder(desk: RecordingDesk, of: Recorded): Promise<Recorder> {
  const begunAt = await desk.keeping.begin(of);
  return new SessionRecorder(desk, of, begunAt);
}

class SessionRecorder implements Recorder {
  readonly #desk: RecordingDesk;
  readonly #of: Recorded;
  readonly #queue: PieceQueue;
  readonly #begunAt: Date;
  readonly #start: number;
  readonly #channels: ChannelCast[] = [];
  #left: number;
  #closing: Promise<void> | null = null;

  constructor(desk: RecordingDesk, of: Recorded, begunAt: Date) {
    this.#desk = desk;
    this.#of = of;
    this.#begunAt = begunAt;
    this.#start = this.#now();
    this.#left = desk.mostOutput ?? MOST_OUTPUT;
    this.#queue = new PieceQueue((pieces) => this.#keep(pieces), desk.limits ?? LIMITS);
  }

  get failed(): Promise<never> {
    return this.#queue.failed;
  }

  room(): Promise<void> | null {
    return this.#queue.room();
  }

  channel(what: ChannelOpening): ChannelRecorder {
    const number = this.#channels.length + 1;
    this.#queue.after(() => this.#addChannel(number, what));
    const begun = this.#now();
    const { session, client, account } = this.#of;
    const spend = (bytes: number) => {
      if (bytes > this.#left) throw new RecordingFull('a session has shown as much as is recorded of one');
      this.#left -= bytes;
    };
    const cast = new ChannelCast({ number, queue: this.#queue, elapsed: () => this.#now() - begun, spend });
    cast.begin({
      ...{ columns: what.columns, rows: what.rows, command: what.command },
      begunAt: new Date(this.#begunAt.getTime() + (begun - this.#start) * 1000),
      title: `${client}/${account} ${session}`,
    });
    this.#channels.push(cast);
    return cast;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const casts = this.#channels.map((channel) => channel.close());
    const sum = (of: (cast: ClosedCast) => number) => casts.reduce((total, cast) => total + of(cast), 0);
    const summary: RecordingSummary = {
      hash: hashOfCasts(casts),
      bytes: sum(({ bytes }) => bytes),
      seconds: this.#now() - this.#start,
      events: this.#channels.reduce((total, { events }) => total + events, 0),
    };
    const { session } = this.#of;
    this.#queue.after(() => this.#desk.keeping.end(session, summary, casts));
    await this.#queue.drain();
    await this.#desk.recorded(session, summary);
  }

  async #addChannel(channel: number, what: ChannelOpening): Promise<void> {
    const { session, client } = this.#of;
    const { kind, columns, rows, command } = what;
    const place = { client, session, channel, n: 0 };
    const sealedCommand =
      command === null ? null : await sealPiece(this.#desk.seals, shortened(command), place);
    await this.#desk.keeping.addChannel({ session, channel, kind, columns, rows, sealedCommand });
  }

  async #keep(pieces: readonly Piece[]): Promise<void> {
    const { session, client } = this.#of;
    const kept = pieces.map(async ({ channel, n, text }) => {
      const sealed = await sealPiece(this.#desk.seals, text, { client, session, channel, n });
      return { channel, n, sealed };
    });
    await this.#desk.keeping.addPieces(session, await Promise.all(kept));
  }

  #now(): number {
    return this.#desk.clock?.() ?? performance.now() / 1000;
  }
}

interface CastOf {
  readonly number: number;
  readonly queue: PieceQueue;
  /** Seconds since the channel began. */
  readonly elapsed: () => number;
  /** Takes so many bytes from what the session may show. @throws RecordingFull */
  readonly spend: (bytes: number) => void;
}

class ChannelCast implements ChannelRecorder {
  readonly #cast = new Cast();
  readonly #hash: Hash = createHash('sha256');
  readonly #number: number;
  readonly #queue: PieceQueue;
  readonly #elapsed: () => number;
  readonly #spend: (bytes: number) => void;
  #bytes = 0;
  #seconds = 0;
  #exitCode: number | null = null;
  #closed: ClosedCast | null = null;
  events = 0;

  constructor(of: CastOf) {
    this.#number = of.number;
    this.#queue = of.queue;
    this.#elapsed = of.elapsed;
    this.#spend = of.spend;
  }

  begin(header: Parameters<Cast['header']>[0]): void {
    this.#add(this.#cast.header(header));
    if (header.command !== null) this.#add(this.#cast.marker(0, `$ ${header.command}`));
  }

  output(data: Uint8Array): void {
    this.#spend(data.length);
    for (const line of this.#cast.output(this.#at(), data)) this.#add(line);
  }

  resize(columns: number, rows: number): void {
    this.#add(this.#cast.resize(this.#at(), columns, rows));
  }

  file({ act, path, bytes, to }: FileOperation): void {
    const size = bytes === null ? '' : ` ${bytes} bytes`;
    const whither = to === undefined ? '' : ` → ${to}`;
    this.#add(this.#cast.marker(this.#at(), `${act} ${path}${whither}${size}`));
  }

  end(exitCode: number | null): void {
    this.#exitCode ??= exitCode;
    this.close();
  }

  /** Whatever comes after it is not of this cast. */
  close(): ClosedCast {
    if (this.#closed) return this.#closed;
    for (const line of this.#cast.rest(this.#at())) this.#add(line);
    this.#closed = {
      ...{ channel: this.#number, hash: this.#hash.digest('hex'), bytes: this.#bytes },
      ...{ seconds: this.#seconds, pieces: this.#queue.close(this.#number), exitCode: this.#exitCode },
    };
    return this.#closed;
  }

  #at(): number {
    this.#seconds = Math.max(this.#seconds, this.#elapsed());
    return this.#seconds;
  }

  #add({ text, isEvent }: CastLine): void {
    if (this.#closed) return;
    const bytes = Buffer.byteLength(text);
    this.#hash.update(text);
    this.#bytes += bytes;
    if (isEvent) this.events += 1;
    this.#queue.add(this.#number, text, bytes);
  }
}
