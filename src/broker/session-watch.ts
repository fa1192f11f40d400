/** Hears which of a replica's sessions have to be cut: one question for all of them, three times a second. */

import type { Logger } from '../config/logging.js';
import type { SessionEnd as Recorded } from '../core/session.js';
import type { Database } from '../store/driver.js';
import { sessionsLost, sessionsSeen, sessionsToCut } from '../store/sessions.js';
import type { SessionEnd } from './gate.js';

export interface WatchDesk {
  readonly database: Database;
  readonly log: Logger;
  /** Nobody carries this session any more: its end goes on record. */
  endLost(session: string): Promise<void>;
}

const LOOK_MS = 300;
const SAY_MS = 5_000;
/** Who hasn't said for so long that it carries a session is taken for dead. */
export const LEASE_SECONDS = 20;
/** Who can't hear for so long cuts by itself: before anybody else takes it for dead. */
const DEAF_MS = 10_000;

type Cut = (why: SessionEnd) => void;

export class SessionWatch {
  readonly #desk: WatchDesk;
  /** What this replica carries; null until somebody watches it. */
  readonly #carried = new Map<string, Cut | null>();
  #heardAt = 0;
  #isStopped = false;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #isLooking = false;

  constructor(desk: WatchDesk) {
    this.#desk = desk;
  }

  /** Finds what was left behind, at once and then every few seconds, and says what this replica carries. */
  async start(): Promise<void> {
    await this.#findLost();
    this.#again(SAY_MS, async () => {
      if (this.#carried.size > 0) await sessionsSeen(this.#desk.database, [...this.#carried.keys()]);
      await this.#findLost();
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  /** This replica carries the session from here on: it isn't lost, though nobody watches it yet. */
  carries(session: string): void {
    this.#carried.set(session, null);
    this.#look();
  }

  drops(session: string): void {
    this.#carried.delete(session);
  }

  watch(session: string, cut: Cut): () => void {
    this.#carried.set(session, cut);
    this.#look();
    return () => {
      if (this.#carried.get(session) === cut) this.#carried.set(session, null);
    };
  }

  /** Begins to look, where it isn't looking already; it ends when nothing is carried any more. */
  #look(): void {
    if (this.#isLooking || this.#isStopped) return;
    this.#isLooking = true;
    this.#heardAt = performance.now();
    this.#again(LOOK_MS, async () => {
      if (this.#carried.size === 0) return this.#restsUntilNext();
      try {
        const all = await sessionsToCut(this.#desk.database, [...this.#carried.keys()]);
        this.#heardAt = performance.now();
        for (const { id, why } of all) this.#cut(id, why);
      } finally {
        if (performance.now() - this.#heardAt > DEAF_MS) this.#cutAll();
      }
    });
  }

  #restsUntilNext(): 'rest' {
    this.#isLooking = false;
    return 'rest';
  }

  #cut(session: string, why: Recorded): void {
    const cut = this.#carried.get(session);
    if (!cut) return;
    this.#carried.set(session, null);
    try {
      cut(asTold(why));
    } catch (err) {
      // The others have to be cut all the same.
      this.#desk.log.error({ err, session }, 'a session could not be cut');
    }
  }

  /** What can't be asked can't be known to be still allowed. */
  #cutAll(): void {
    for (const session of this.#carried.keys()) this.#cut(session, 'bastion-stopped');
  }

  async #findLost(): Promise<void> {
    const lost = await sessionsLost(this.#desk.database, LEASE_SECONDS);
    for (const id of lost) if (!this.#carried.has(id)) await this.#desk.endLost(id);
  }

  /** Does it after so long, and again, one after the other, until it says that it rests. */
  #again(ms: number, act: () => Promise<unknown>): void {
    if (this.#isStopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const running = act()
        .catch((err) => {
          this.#desk.log.error({ err }, 'sessions could not be looked after');
          return undefined;
        })
        .then((said) => {
          this.#running.delete(running);
          if (said !== 'rest') this.#again(ms, act);
        });
      this.#running.add(running);
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

/** The bastion says it to whoever sits at the terminal; which pause or which key it was is not for them. */
function asTold(why: Recorded): SessionEnd {
  return why === 'holder-paused' || why === 'key-ended' ? 'grant-over' : why;
}
