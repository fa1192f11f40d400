/** The memory that one more idle terminal takes of the process in which the bastion is. */

import { type Figure, type Measurement, median } from './figure.js';
import { asked } from './forked.js';
import type { Memory } from './memory.js';
import { type Door, openSshStage } from './ssh-stage.js';
import { enter, type User } from './ssh-user.js';

const SESSIONS = 100;
const WARM = 20;
const TIMES = 3;
const FLAGS = ['--expose-gc'];
const GOAL = 1000;

/** Signs in to it once more. */
type Entry = (n: number) => Promise<User>;

export const sessionMemory: Measurement = {
  id: 'session_memory_kb',
  async measure() {
    const stage = await openSshStage(1);
    try {
      const grant = await stage.grant(0);
      const [ours, bare]: [Memory[], Memory[]] = [[], []];
      for (let n = 0; n < TIMES; n++) {
        const [bastion, relay] = [await stage.startBastion(FLAGS), await stage.startRelay(FLAGS)];
        ours.push(await oneTakes(bastion, async () => enter(bastion.port, grant, await stage.ticket(grant))));
        bare.push(await oneTakes(relay, (user) => enter(relay.port, `user${user}`, '')));
      }
      return figure(ours, bare);
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
  for (let n = 0; n < count; n++) {
    const user = await entry(n);
    users.push(user);
    // Once the shell has said its first word, the session is whole.
    const heard = user.hears(/ready/);
    user.types('echo re""ady\n');
    await heard;
  }
  return users;
}

async function leave(users: readonly User[]): Promise<void> {
  for (const user of users) user.leave();
  await Promise.all(users.map(({ gone }) => gone));
}

function figure(ours: readonly Memory[], bare: readonly Memory[]): Figure {
  const of = (all: readonly Memory[], which: keyof Memory) => median(all.map((each) => each[which]));
  const [value, baseline] = [of(ours, 'rss'), of(bare, 'rss')];
  return {
    ...{ id: 'session_memory_kb', value, baseline, unit: 'kB', goal: GOAL, aim: `< ${GOAL}` },
    met: value < GOAL,
    notes: [
      `${SESSIONS} idle terminals, resident: ${ours.map(({ rss }) => rss.toFixed(0)).join(', ')}`,
      `of it in use: ${of(ours, 'held').toFixed(0)}, by the relay ${of(bare, 'held').toFixed(0)}`,
      'baseline: a bare relay of ssh2, without gate or recording',
    ],
  };
}
