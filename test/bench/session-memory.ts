/** The memory that one more idle terminal takes of the process in which the bastion is. */

import type { Figure, Measurement } from './figure.js';
import { asked } from './forked.js';
import type { Memory } from './memory.js';
import { type Door, openSshStage } from './ssh-stage.js';
import { enter, type User } from './ssh-user.js';

const SESSIONS = 100;
const WARM = 12;
/** So many sign in at once. */
const LANES = 4;
const FLAGS = ['--expose-gc'];
const GOAL = 500;

/** Signs in once more, one after the other in each lane. */
type Entry = (lane: number) => Promise<User>;

export const sessionMemory: Measurement = {
  id: 'session_memory_kb',
  async measure() {
    const stage = await openSshStage(LANES);
    try {
      const [bastion, relay] = [await stage.startBastion(FLAGS), await stage.startRelay(FLAGS)];
      // A grant has one ticket at a time, so each lane has a grant.
      const grants: string[] = [];
      for (let lane = 0; lane < LANES; lane++) grants.push(await stage.grant(lane));
      const ours = await oneTakes(bastion, async (lane) => {
        const grant = grants[lane] as string;
        return enter(bastion.port, grant, await stage.ticket(grant));
      });
      return figure(ours, await oneTakes(relay, (lane) => enter(relay.port, `lane${lane}`, '')));
    } finally {
      await stage.close();
    }
  },
};

/** In kilobytes, once some have come and gone: what is loaded and made only once is not of a session. */
async function oneTakes({ child }: Door, entry: Entry): Promise<Memory> {
  await leave(await sit(WARM, entry));
  const before = (await asked(child, 'memory')) as Memory;
  const users = await sit(SESSIONS, entry);
  const after = (await asked(child, 'memory')) as Memory;
  await leave(users);
  const each = (of: keyof Memory) => (after[of] - before[of]) / 1024 / SESSIONS;
  return { rss: each('rss'), held: each('held') };
}

async function sit(count: number, entry: Entry): Promise<User[]> {
  const users: User[] = [];
  const sitDown = async (lane: number) => {
    for (let n = lane; n < count; n += LANES) {
      const user = await entry(lane);
      users.push(user);
      // Once the shell answers, the session is whole.
      const heard = user.hears(/ready/);
      user.types('echo re""ady\n');
      await heard;
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => sitDown(lane)));
  return users;
}

async function leave(users: readonly User[]): Promise<void> {
  for (const user of users) user.leave();
  await Promise.all(users.map(({ gone }) => gone));
}

function figure(ours: Memory, bare: Memory): Figure {
  const [value, baseline] = [ours.rss, bare.rss];
  return {
    ...{ id: 'session_memory_kb', value, baseline, unit: 'kB', goal: GOAL, aim: `< ${GOAL}` },
    met: value < GOAL,
    notes: [
      `resident, each of ${SESSIONS} idle terminals; of it in use: ${ours.held.toFixed(0)}`,
      `baseline: a bare relay of ssh2, without gate or recording; in use: ${bare.held.toFixed(0)}`,
    ],
  };
}
