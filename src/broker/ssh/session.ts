/** One connection of somebody who was let in: its channels, its target, and every way in which it ends. */

import type { Socket } from 'node:net';
import type ssh2 from 'ssh2';
import type { Logger } from '../../config/logging.js';
import { type Gate, type Passage, type Recorder, RecordingFull, type SessionEnd } from '../gate.js';
import { type OpenChannel, SessionChannel } from './channel.js';
import { socketOf, Valve } from './flow.js';
import { allowForwarding, type Forwarding } from './forwarding.js';
import { gather } from './gather.js';
import type { Limits } from './limits.js';
import { ending } from './notices.js';
import { reachTarget } from './upstream.js';

export interface SessionOptions {
  readonly user: ssh2.Connection;
  readonly socket: Socket;
  readonly passage: Passage;
  readonly gate: Gate;
  readonly limits: Limits;
  readonly log: Logger;
}

/** From the last words to the end of the connection: what a client needs to show them. */
const LAST_WORDS_MS = 300;
/** How long a client may take to open a channel in which it can be told that the target wasn’t reached. */
const FIRST_CHANNEL_MS = 3_000;
const CLOSE_MS = 300;
/** More than the windows that ssh2 gives allow one side to send ahead. */
const MOST_WAITING = 8 * 1024 * 1024;

export class BrokeredSession implements Forwarding {
  /** Resolves when it is over and that is on record. Never rejects. */
  readonly done: Promise<void>;
  readonly socket: Socket;
  readonly recorder: Recorder;
  readonly valve: Valve;
  readonly upstream: Promise<ssh2.Client>;
  over: string | null = null;
  readonly #channels = new Set<OpenChannel>();
  readonly #closed: Promise<void>;
  #stopWatching: (() => void) | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastByte = performance.now();
  #target: ssh2.Client | null = null;
  #wasTold = false;
  #tell: (() => void) | null = null;
  #reported: Promise<void> = Promise.resolve();
  #finished: () => void = () => {};

  constructor(private readonly options: SessionOptions) {
    const { user, socket, passage, gate } = options;
    this.socket = socket;
    this.recorder = passage.recorder;
    this.valve = new Valve(passage.recorder);
    socket.setMaxListeners(0);
    this.done = new Promise((resolve) => {
      this.#finished = resolve;
    });
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.once('close', () => this.end('left'));
    socket.on('data', () => this.#checkFlood('fromUser'));
    passage.recorder.failed.catch((error) => this.#unrecordable(error));
    this.upstream = this.#connect();
    user.on('session', (accept, reject) => this.#session(accept, reject));
    if (passage.portForwarding) allowForwarding(user, this);
    else user.on('request', (_accept, reject) => reject?.());
    const stop = gate.watch(passage.session, (why) => this.end(why));
    if (this.over === null) this.#stopWatching = stop;
    else stop();
    if (this.over === null) this.#watchIdle();
  }

  /** Ends it on both sides. Only the first reason counts. */
  end(why: SessionEnd): Promise<void> {
    if (this.over !== null) return this.done;
    this.over = ending(why);
    this.#stopWatching?.();
    clearTimeout(this.#idle);
    for (const channel of this.#channels) if (channel.cut(this.over)) this.#wasTold = true;
    this.#leaveTarget();
    this.#finish(why);
    return this.done;
  }

  record(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#unrecordable(error);
      return false;
    }
  }

  pass(act: () => void): boolean {
    if (this.over !== null) return false;
    this.#lastByte = performance.now();
    return this.record(act);
  }

  told(): void {
    this.#wasTold = true;
    this.#tell?.();
  }

  add(channel: OpenChannel, closed: (act: () => void) => void): boolean {
    if (this.over !== null || this.#channels.size >= this.options.limits.channels) return false;
    this.#channels.add(channel);
    closed(() => this.#channels.delete(channel));
    return true;
  }

  #session(accept: () => ssh2.Session, reject: () => void): void {
    if (this.#channels.size >= this.options.limits.channels) {
      reject();
      return;
    }
    const session = accept();
    const channel = new SessionChannel(session, this);
    this.#channels.add(channel);
    session.on('close', () => this.#channels.delete(channel));
  }

  /** Settles only where the target lets Keyturn in: else the session ends. */
  #connect(): Promise<ssh2.Client> {
    const { passage, gate, log } = this.options;
    return new Promise((resolve) => {
      reachTarget(passage).then((reached) => {
        if ('client' in reached) {
          this.#connected(reached.client, resolve);
          return;
        }
        const { session } = passage;
        if (reached.why === 'wrong-host-key') {
          log.error({ session, shown: reached.shown }, 'the target of a session shows another host key');
          this.#reported = gate.wrongHostKey(session, reached.shown);
          // Awaited, and logged, when the session is over.
          this.#reported.catch(() => {});
        } else log.warn({ session, err: reached.fault }, 'the target of a session did not let Keyturn in');
        this.end(reached.why);
      });
    });
  }

  #connected(target: ssh2.Client, resolve: (target: ssh2.Client) => void): void {
    if (this.over !== null) return void target.destroy();
    this.#target = target;
    socketOf(target).setMaxListeners(0);
    socketOf(target).on('data', () => this.#checkFlood('fromTarget'));
    gather([this.socket, socketOf(target)]);
    target.on('error', () => this.end('target-left'));
    target.on('close', () => this.end('target-left'));
    resolve(target);
  }

  /** Not at once: a reset would overtake the last that was said, which is what ends the user’s programs. */
  #leaveTarget(): void {
    const target = this.#target;
    if (!target) return;
    target.end();
    const late = setTimeout(() => socketOf(target).destroy(), CLOSE_MS);
    socketOf(target).once('close', () => clearTimeout(late));
  }

  async #finish(why: SessionEnd): Promise<void> {
    const { passage, gate, log } = this.options;
    const { session } = passage;
    const closed = this.#close(why);
    const isKept = await this.#tried('a recording could not be closed', () => passage.recorder.close());
    await closed;
    await this.#tried('a wrong host key could not be reported', () => this.#reported);
    const end = isKept ? why : 'not-recordable';
    await this.#tried('the end of a session could not be put on record', () => gate.ended(session, end));
    log.info({ session, why: end }, 'a session is over');
    this.#finished();
  }

  /** Whether it went well; where not, the log says so. */
  async #tried(otherwise: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const { session } = this.options.passage;
      this.options.log.error({ session, err: error }, otherwise);
      return false;
    }
  }

  /** Leaves the client time to show what it was told, and closes the connection even where it doesn’t. */
  async #close(why: SessionEnd): Promise<void> {
    const { user, socket } = this.options;
    const isBeginning = why === 'target-refused' || why === 'wrong-host-key';
    if (isBeginning && !this.#wasTold) {
      const told = new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
      await this.#within(FIRST_CHANNEL_MS, told);
    }
    if (this.#wasTold) await this.#within(LAST_WORDS_MS);
    user.end();
    await this.#within(CLOSE_MS);
    socket.destroy();
    await this.#closed;
  }

  /** Resolves after this time, or sooner where the connection is closed or this promise is kept. */
  async #within(ms: number, sooner?: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([late, this.#closed, ...(sooner ? [sooner] : [])]);
    clearTimeout(timer);
  }

  #unrecordable(error: unknown): void {
    if (this.over !== null) return;
    this.options.log.error(
      { session: this.options.passage.session, err: error },
      'a session can not be recorded',
    );
    this.end(error instanceof RecordingFull ? 'recording-full' : 'not-recordable');
  }

  #watchIdle(): void {
    const left = this.#lastByte + this.options.passage.idleSeconds * 1_000 - performance.now();
    if (left <= 0) this.end('idle');
    else this.#idle = setTimeout(() => this.#watchIdle(), left);
  }

  /** A side that sends more than it was allowed to would fill the memory: ssh2 takes it all. */
  #checkFlood(from: 'fromUser' | 'fromTarget'): void {
    for (const channel of this.#channels)
      if (channel.waiting()[from] > MOST_WAITING) {
        this.options.log.error(
          { session: this.options.passage.session },
          'a side of a session sent too much ahead',
        );
        return void this.end(from === 'fromUser' ? 'left' : 'target-left');
      }
  }
}
