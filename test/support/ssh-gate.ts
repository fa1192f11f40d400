/** A gate and recordings in memory, so that the bastion can be tried without the rest of Keyturn. */

import type { ChannelRecorder, Gate, Opening, Passage, Recorder, SessionEnd } from '../../src/broker/gate.js';
import { Secret } from '../../src/config/secret.js';

export interface Kept {
  readonly kind: string;
  readonly command: string | null;
  readonly size: string;
  readonly output: Buffer[];
  readonly resized: string[];
  readonly files: string[];
  /** Undefined while it runs. */
  exit: number | null | undefined;
}

export class MemoryRecorder implements Recorder {
  readonly channels: Kept[] = [];
  readonly failed: Promise<never>;
  isClosed = false;
  /** Makes it fail, as a disk that is full. */
  fail: (error: Error) => void = () => {};

  constructor() {
    this.failed = new Promise((_resolve, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  channel({ kind, command, columns, rows }: Parameters<Recorder['channel']>[0]): ChannelRecorder {
    const kept: Kept = {
      ...{ kind, command, size: `${columns}x${rows}`, output: [] },
      ...{ resized: [], files: [], exit: undefined },
    };
    this.channels.push(kept);
    return {
      output: (data) => kept.output.push(Buffer.from(data)),
      resize: (toColumns, toRows) => kept.resized.push(`${toColumns}x${toRows}`),
      file: ({ act, path, bytes, to }) =>
        kept.files.push([act, path, to, bytes].filter((x) => x != null).join(' ')),
      end: (code) => {
        kept.exit = code;
      },
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  get output(): string {
    return Buffer.concat(this.channels.flatMap(({ output }) => output)).toString('utf8');
  }

  get files(): string[] {
    return this.channels.flatMap(({ files }) => files);
  }
}

/** Where every admitted connection leads. */
export type Way = Pick<Passage, 'host' | 'port' | 'username' | 'hostKey'> & {
  readonly secret: string;
  readonly portForwarding?: boolean;
  readonly idleSeconds?: number;
};

interface Watched {
  readonly cut: (why: SessionEnd) => void;
}

export class MemoryGate implements Gate {
  readonly #tickets = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  readonly watched = new Map<string, Watched>();
  readonly openings: Opening[] = [];
  readonly recorders: MemoryRecorder[] = [];
  readonly ends: SessionEnd[] = [];
  readonly endOf = new Map<string, SessionEnd>();
  readonly shownKeys: (readonly string[])[] = [];
  #count = 0;

  constructor(public way: Way) {}

  /** A fresh ticket for this grant. */
  ticket(grant: string): string {
    this.#count += 1;
    const ticket = `t-${this.#count}-${Math.random().toString(36).slice(2)}`;
    this.#tickets.set(ticket, grant);
    return ticket;
  }

  register(grant: string, fingerprint: string): void {
    this.#keys.set(fingerprint, grant);
  }

  get last(): MemoryRecorder {
    const last = this.recorders.at(-1);
    if (!last) throw new Error('nobody was let in');
    return last;
  }

  async admit(opening: Opening): Promise<Passage | null> {
    this.openings.push(opening);
    const { grant, credential } = opening;
    const known =
      credential.kind === 'ticket'
        ? this.#tickets.get(credential.ticket)
        : this.#keys.get(credential.fingerprint);
    if (known !== grant) return null;
    if (credential.kind === 'ticket') this.#tickets.delete(credential.ticket);
    const recorder = new MemoryRecorder();
    this.recorders.push(recorder);
    const { secret, portForwarding = false, idleSeconds = 600, ...where } = this.way;
    const session = `X-${this.recorders.length}`;
    return { session, grant, ...where, secret: new Secret(secret), portForwarding, idleSeconds, recorder };
  }

  async knowsKey(grant: string, fingerprint: string): Promise<boolean> {
    return this.#keys.get(fingerprint) === grant;
  }

  watch(session: string, cut: (why: SessionEnd) => void): () => void {
    this.watched.set(session, { cut });
    return () => this.watched.delete(session);
  }

  /** The last session is over, for this reason. */
  cut(why: SessionEnd): void {
    this.watched.get(this.lastSession)?.cut(why);
  }

  get lastSession(): string {
    return `X-${this.recorders.length}`;
  }

  async ended(session: string, why: SessionEnd): Promise<void> {
    this.ends.push(why);
    this.endOf.set(session, why);
  }

  async wrongHostKey(_session: string, shown: readonly string[]): Promise<void> {
    this.shownKeys.push(shown);
  }
}
