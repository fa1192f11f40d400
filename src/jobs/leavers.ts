/** Who has left: each chat is asked about everybody it knows, so that an event that was lost is caught. */

import { setTimeout as wait } from 'node:timers/promises';
import cron from 'node-cron';
import type { Logger } from 'pino';
import { type Chat, TryLater } from '../chat/chat.js';
import type { Introductions } from '../chat/introduce.js';
import { firstToRun, now } from '../store/deployment.js';
import type { Database } from '../store/driver.js';
import { allIdentities, type KnownIdentity } from '../store/identities.js';

interface Options {
  readonly database: Database;
  readonly chats: () => readonly Chat[];
  readonly introductions: Pick<Introductions, 'forget'>;
  readonly log: Logger;
}

const EVERY_SECONDS = 15 * 60;
/** A chat is asked about so many at once, and then left alone for a while: Slack allows 100 such questions a minute. */
const AT_ONCE = 5;
const PAUSE_MS = 3000;

export interface Leavers {
  stop(): Promise<void>;
}

/** Looks once in each quarter of an hour, on one replica. node-cron only wakes; the database's clock decides. */
export function startLeavers(options: Options): Leavers {
  const { database, log } = options;
  const over = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let last: number | null = null;
  const tick = async () => {
    try {
      const slot = Math.floor((await now(database)).getTime() / (EVERY_SECONDS * 1000));
      const isNew = slot !== last && (await firstToRun(database, `leavers ${slot}`));
      last = slot;
      if (isNew) await lookForLeavers(options, over.signal);
    } catch (error) {
      if (!over.signal.aborted)
        log.error(
          { err: error },
          'leavers: could not be looked for; the next look is in a quarter of an hour',
        );
    }
  };
  const task = cron.schedule('*/5 * * * * *', () => (running = tick()), { name: 'leavers', noOverlap: true });
  return {
    stop: async () => {
      over.abort();
      await task.stop();
      await running;
    },
  };
}

/** Asks about every linked account, chat by chat side by side, and treats the answer as the event would be. */
export async function lookForLeavers(options: Options, signal: AbortSignal): Promise<void> {
  const known = [...(await allIdentities(options.database)).values()].flat();
  const places = options
    .chats()
    .flatMap((chat) => chat.workspaces.map(({ platform, id }) => ({ chat, platform, id })));
  await Promise.all(
    places.map(({ chat, platform, id }) => {
      const here = known.filter((one) => one.platform === platform && one.workspace === id);
      return askAbout(options, chat, here, signal);
    }),
  );
}

async function askAbout(
  { introductions, log }: Options,
  chat: Chat,
  known: readonly KnownIdentity[],
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; n < known.length && !signal.aborted; n += AT_ONCE) {
    if (n > 0) await wait(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    const asked = known.slice(n, n + AT_ONCE).map(async ({ platform, workspace, userId }) => {
      const { standing } = await chat.profile(workspace, userId);
      if (standing === 'member' || standing === 'unknown') return;
      await introductions.forget({ platform, workspace, userId }, standing);
    });
    const failed = (await Promise.allSettled(asked)).flatMap((one) =>
      one.status === 'rejected' ? [one.reason] : [],
    );
    for (const reason of failed)
      if (!(reason instanceof TryLater))
        log.error({ err: reason }, 'leavers: somebody could not be asked about');
    // It asks for patience: whoever is left is asked about the next time.
    if (failed.some((reason) => reason instanceof TryLater)) return;
  }
}
