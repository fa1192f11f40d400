/** The clock's work: what has run out is put on record. Access itself ended at its time, whoever was awake. */

import cron from 'node-cron';
import type { Logger } from 'pino';
import { KEYTURN } from '../core/audit.js';
import { perform } from '../core/perform.js';
import { expireAll } from '../core/revoke.js';
import { endCodes } from '../store/codes.js';
import { forgetOldRuns } from '../store/deployment.js';
import type { Database } from '../store/driver.js';
import { dueByTheClock, warnOfEnds } from '../store/requests.js';
import type { StorePorts } from '../store/store.js';

const MOST_AT_ONCE = 200;
/** An embedded database stands still for a commit, so it isn't a long one. */
const MOST_GRANTS = 1000;

export interface Clock {
  stop(): Promise<void>;
}

/**
 * Warns of the ends that are near, tells others of what nobody decides, and ends every request and grant whose time
 * is up: everything that is due now, so a missed tick loses nothing. Returns how much of it was put on record.
 */
export async function endWhatIsDue(database: Database, ports: StorePorts): Promise<number> {
  await warnOfEnds(database, MOST_GRANTS);
  await endCodes(database, MOST_AT_ONCE);
  let ended = await endAllGrants(ports);
  const due = await dueByTheClock(database, MOST_AT_ONCE);
  for (const { verb, id } of due) {
    const outcome = await perform(ports, KEYTURN, { verb, id });
    if ('done' in outcome) ended += 1;
  }
  return ended;
}

/** All there are, each thousand as one change; where something has moved meanwhile, the rest come one by one. Returns how many. */
async function endAllGrants(ports: StorePorts): Promise<number> {
  for (let ended = 0; ; ) {
    const facts = await ports.facts.ofDue(MOST_GRANTS);
    const found = facts.holdings.length;
    if (found < 2 || (await ports.store.commit(expireAll(facts))) !== 'done') return ended;
    ended += found;
  }
}

/** Looks every second. node-cron only wakes; the database decides what is due. */
export function startClock(database: Database, ports: StorePorts, log: Logger): Clock {
  let running = Promise.resolve();
  const tick = async () => {
    try {
      while ((await endWhatIsDue(database, ports)) >= MOST_AT_ONCE);
    } catch (error) {
      log.error({ err: error }, 'clock: the database did not answer; everything due waits for the next tick');
    }
  };
  const hourly = cron.schedule('0 7 * * * *', () =>
    forgetOldRuns(database).catch((err) => log.error({ err }, 'clock')),
  );
  const task = cron.schedule('* * * * * *', () => (running = tick()), { name: 'clock', noOverlap: true });
  return {
    stop: async () => {
      await hourly.stop();
      await task.stop();
      await running;
    },
  };
}
