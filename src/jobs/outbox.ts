/** The outbox: does the talking after the commit, at least once, on whichever replica comes first. */

import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { TryLater } from '../chat/chat.js';
import type { Database } from '../store/driver.js';
import { type Job, jobDone, jobLater, leaseJobs } from '../store/jobs.js';

/** Does what is due. `again`: it is not settled, and wants looking at after so many seconds. */
export type Handler = (id: string) => Promise<{ readonly again: number } | undefined>;

export interface Outbox {
  /** There may be work: look now instead of at the next tick. */
  wake(): void;
  /** Finishes what is under way and takes nothing more. */
  stop(): Promise<void>;
}

/** Somebody waits for an answer: cards, which nobody's three seconds hang on, stand back so long, and come one by one. */
const COURTESY_MS = 50;
/** Other replicas and the command line leave work without waking us. */
const LOOK_EVERY_MS = 1000;
const LONGEST_WAIT_SECONDS = 300;

export interface OutboxOptions {
  readonly database: Database;
  /** By kind; a job of a kind that isn't here waits for somebody who knows it. */
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly log: Logger;
  readonly atOnce?: number;
  /** After a kill, another replica goes on after so long; a handler has to be done before. */
  readonly leaseSeconds?: number;
  readonly peopleWait?: () => boolean;
}

/** Starts working off jobs. */
export function startOutbox(options: OutboxOptions): Outbox {
  const { database, handlers, log, atOnce = 8, leaseSeconds = 60, peopleWait = () => false } = options;
  const kinds = Object.keys(handlers);
  const active = new Set<Promise<void>>();
  let stopped = false;
  let nudge = () => {};

  async function work(job: Job): Promise<void> {
    const handler = handlers[job.kind];
    try {
      if (!handler) throw new TryLater(`no handler for ${job.kind}`, LONGEST_WAIT_SECONDS);
      const outcome = await handler(job.payload.id);
      if (outcome) await jobLater(database, job, 'it waits for a person', outcome.again);
      else await jobDone(database, job);
    } catch (error) {
      await putBack(job, error);
    }
  }

  async function putBack(job: Job, error: unknown): Promise<void> {
    const asked = error instanceof TryLater ? error.afterSeconds : undefined;
    const seconds =
      asked ?? Math.min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** Math.min(job.attempts, 12)) * (0.5 + Math.random());
    const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const level = error instanceof TryLater ? 'warn' : 'error';
    log[level]({ job: job.key, attempts: job.attempts, seconds, err: error }, 'outbox: put back');
    await jobLater(database, job, says, seconds).catch((fault) =>
      log.error({ err: fault }, 'outbox: lease runs out instead'),
    );
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      let wakeUp = () => {};
      const woken = new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      nudge = wakeUp;
      if (peopleWait()) await wait(COURTESY_MS);
      const room = (peopleWait() ? 1 : atOnce) - active.size;
      const jobs = room <= 0 ? [] : await leaseJobs(database, room, kinds, leaseSeconds).catch(complain);
      for (const job of jobs) track(work(job));
      if (jobs.length === 0 && !stopped) await Promise.race([woken, wait(LOOK_EVERY_MS), ...active]);
    }
    await Promise.all(active);
  }

  function track(run: Promise<void>): void {
    active.add(run);
    run.finally(() => active.delete(run));
  }

  async function complain(error: unknown): Promise<Job[]> {
    log.error({ err: error }, 'outbox: the database did not answer');
    await wait(LOOK_EVERY_MS);
    return [];
  }

  const running = loop();
  return {
    wake: () => nudge(),
    stop: async () => {
      stopped = true;
      nudge();
      await running;
    },
  };
}
