/** Memory at rest: everything configured, one request asked for, approved and confirmed in each chat, and then nothing. */

import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/postgres-server.js';
import { type Running, startProgram } from '../support/process.js';
import { type Measurement, median } from './figure.js';
import { type FullStage, openFullStage, SLACK_CHANNEL, TENANT, teamsUser, WORKSPACE } from './full-stage.js';
import { accountName, emailOf, lead, slackUser, tech } from './office.js';
import { untilReady } from './ready.js';

const TIMES = 3;
const GOAL_MB = 220;
const ACCOUNTS = 100;
/** At rest: it has not grown by a megabyte for so long. */
const REST_MS = 5000;
const NEVER_MS = 30_000;

export const rss: Measurement = {
  id: 'rss_mb',
  async measure() {
    const stage = await openFullStage({ accounts: ACCOUNTS, confirmed: true });
    try {
      const ours: number[] = [];
      const highest: number[] = [];
      const bare: number[] = [];
      for (let n = 0; n < TIMES; n++) {
        const { running } = await stage.start();
        // People are there when the file has been applied.
        if (n === 0) await stage.prepare(0);
        await askInSlack(stage, 2 * n);
        await askInTeams(stage, 2 * n + 1);
        await stage.settled();
        const [mine, theirs] = await Promise.all([atRest(running), bareAtRest()]);
        ours.push(mine);
        bare.push(theirs);
        highest.push(await megabytes(running, 'VmHWM'));
        await running.kill();
      }
      const [value, baseline] = [median(ours), median(bare)];
      return {
        ...{ id: 'rss_mb', value, baseline, unit: 'MB', goal: GOAL_MB, aim: `< ${GOAL_MB}` },
        met: value < GOAL_MB,
        notes: [
          `${ours.map((mb) => mb.toFixed(0)).join(', ')}; at its highest: ${median(highest).toFixed(0)}`,
          "baseline: Node, the chats' libraries and a port",
        ],
      };
    } finally {
      await stage.close();
    }
  },
};

async function askInSlack(stage: FullStage, index: number): Promise<void> {
  const words = `${accountName(index)} 1h the printer is on fire again`;
  await stage.inSlack('slash', WORKSPACE, slackUser(tech(index)), SLACK_CHANNEL, '/access', words);
  await stage.settled();
  const { channel, message } = await leadsCard(stage, 'slack', index);
  await stage.inSlack('click', WORKSPACE, slackUser(lead(index)), { channel, ts: message }, 'approve');
  await granted(stage, index);
}

async function askInTeams(stage: FullStage, index: number): Promise<void> {
  await stage.inTeams(
    'says',
    TENANT,
    teamsUser(tech(index)),
    `${accountName(index)} 1h the printer is on fire again`,
  );
  await stage.settled();
  const { channel, message } = await leadsCard(stage, 'teams', index);
  const where = { conversation: channel, id: message };
  await stage.inTeams('presses', TENANT, teamsUser(lead(index)), where, 'Approve');
  await granted(stage, index);
}

/** Where the lead's own copy of the newest card about an account is. */
async function leadsCard({ database }: FullStage, platform: string, index: number) {
  const text = `select p.channel, p.message from keyturn.postings p join keyturn.requests r on r.id = p.subject
    join keyturn.people h on p.place = 'person:' || h.id
    where p.kind = 'request' and p.platform = $1 and h.email = $2 and r.client || '/' || r.account = $3`;
  const rows = await database.run<{ channel: string; message: string }>({ name: 'leads_card', text }, [
    platform,
    emailOf(lead(index)),
    accountName(index),
  ]);
  if (!rows[0]) throw new Error(`nobody was asked for ${accountName(index)}`);
  return rows[0];
}

/** Resolves when the phone has confirmed it and the cards have been brought. */
async function granted(stage: FullStage, index: number): Promise<void> {
  const text = `select count(*)::int as n from keyturn.grants where client || '/' || account = $1`;
  const until = performance.now() + NEVER_MS;
  for (;;) {
    const [row] = await stage.database.run<{ n: number }>({ name: 'granted_of', text }, [accountName(index)]);
    if (row?.n === 1) return stage.settled();
    if (performance.now() > until) throw new Error(`${accountName(index)} was never granted`);
    await pause(50);
  }
}

async function bareAtRest(): Promise<number> {
  const port = await freePort();
  const running = startProgram([], {
    file: 'dist/bench/bare-chats.js',
    env: { PORT: String(port) },
    flags: [],
  });
  try {
    await untilReady(port, running);
    return await atRest(running);
  } finally {
    await running.kill();
  }
}

/** What it has when it has stopped growing. */
async function atRest(running: Running): Promise<number> {
  const began = performance.now();
  let [most, since] = [0, began];
  for (;;) {
    const now = await megabytes(running, 'VmRSS');
    if (now > most + 1) [most, since] = [now, performance.now()];
    if (performance.now() - since >= REST_MS) return now;
    if (performance.now() - began > NEVER_MS) throw new Error(`it goes on growing: ${now.toFixed(0)} MB`);
    await pause(100);
  }
}

/** What the system says of the process's memory: now, or the most that it ever had. */
async function megabytes({ pid }: Running, which: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}
