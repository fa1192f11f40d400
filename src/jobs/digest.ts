/** The daily digest: this only wakes; a unique row a local day decides, so that one is sent whatever the replicas. */

import cron from 'node-cron';
import type { Logger } from 'pino';
import type { Introductions } from '../chat/introduce.js';
import { approversOf, digestDue, sendDigest } from '../core/digest.js';
import { digestFacts, lastDigest } from '../store/digest.js';
import type { Database } from '../store/driver.js';
import { allIdentities, unlinked } from '../store/identities.js';
import type { StorePorts } from '../store/store.js';

const ATTEMPTS = 10;
/** A workspace is asked for so many of those whom no chat knows yet; the others have another day. */
const MOST_LOOKED_FOR = 50;

interface Options {
  readonly database: Database;
  readonly ports: StorePorts;
  readonly introductions: Pick<Introductions, 'reach'>;
  readonly log: Logger;
}

/** Writes the digest that is due, a missed one included. Returns its day; null where none is due, or another replica was first. */
export async function writeDueDigest(options: Options): Promise<string | null> {
  const { database, ports } = options;
  if ((await dueNow(options)) === null) return null;
  await lookForApprovers(options);
  for (let n = 1; n <= ATTEMPTS; n++) {
    const facts = await digestFacts(database, ports.facts);
    const change = sendDigest(facts);
    if (change === null) return null;
    if ((await ports.store.commit(change)) === 'done')
      return digestDue(facts.now, facts.directory, facts.last);
    await ports.pause(n);
  }
  return null;
}

async function dueNow({ database, ports }: Options): Promise<string | null> {
  const last = await lastDigest(database);
  const { now, directory } = await ports.facts.facts();
  return last && digestDue(now, directory, last);
}

/** Who was never written to is looked for first: a digest that cries wolf is not read. */
async function lookForApprovers({ database, ports, introductions, log }: Options): Promise<void> {
  const { directory } = await ports.facts.facts();
  const strangers = unlinked(approversOf(directory), await allIdentities(database));
  const wanted = strangers.slice(0, MOST_LOOKED_FOR).map(({ id }) => id);
  await introductions
    .reach(wanted)
    .catch((err: unknown) => log.warn({ err }, 'digest: nobody could be looked for in the chats'));
}

export interface Digests {
  stop(): Promise<void>;
}

/** Looks at once, for a digest that was missed, and then six times a minute. */
export function startDigests(options: Options): Digests {
  const look = () =>
    writeDueDigest(options).then(
      (day) => {
        if (day !== null) options.log.info({ day }, 'digest: written');
      },
      (err: unknown) => options.log.error({ err }, 'digest: it waits for the next look'),
    );
  let running = look();
  const again = () => {
    running = running.then(look);
    return running;
  };
  const task = cron.schedule('*/10 * * * * *', again, { name: 'digest', noOverlap: true });
  return {
    stop: async () => {
      await task.stop();
      await running;
    },
  };
}
