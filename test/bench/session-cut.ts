/** From the commit of a revoke to the last byte of a live session, whichever replica carries it. */

import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, type Measurement, percentile } from './figure.js';
import { type Door, LOGIN, openSshStage, type SshStage } from './ssh-stage.js';
import { enter, type User } from './ssh-user.js';

const REPLICAS = 2;
const LIVE = 40;
const ROUNDS = 3;
const GOAL_MS = 2000;
/** So that they fall anywhere between two looks of a replica. */
const APART_MS = 100;
/** Says which process it is, again and again, fifty times a second. */
const STREAM = `exec perl -e '$| = 1; while (1) { print "process $$ is here\\n"; select undef, undef, undef, 0.02 }'`;
/** Is told processes, a line each, and says each again once there is none any more. */
const WATCH = `exec perl -e '
  $| = 1; my (%left, $told);
  while (1) {
    my $ready = ""; vec($ready, 0, 1) = 1;
    if (select($ready, undef, undef, 0.01)) { sysread(STDIN, $told, 1000, length $told) or exit }
    while ($told =~ s/^(\\d+)\\n//) { $left{$1} = 1 }
    for (keys %left) { if (!kill 0, $_) { print "gone $_\\n"; delete $left{$_} } }
  }'`;

/** In milliseconds after the word was given. */
interface Cut {
  readonly lastByte: number;
  readonly targetsEnd: number;
}

/** Somebody in a session, and how it is ended from elsewhere: resolves when that is said. */
interface Live {
  readonly user: User;
  revoke(): Promise<void>;
}

export const sessionCut: Measurement = {
  id: 'session_cut_p99_ms',
  async measure() {
    const stage = await openSshStage(LIVE);
    try {
      const doors: Door[] = [];
      for (let n = 0; n < REPLICAS; n++) doors.push(await stage.startBastion());
      const relay = await stage.startRelay();
      const watch = await enter(stage.sshd.port, LOGIN, stage.password, WATCH);
      const ours: Cut[] = [];
      for (let round = 0; round < ROUNDS; round++)
        ours.push(...(await cutAll(await inSessions(stage, doors), watch)));
      const theirs = await cutAll(await inRelay(relay), watch);
      return figure(ours, theirs);
    } finally {
      await stage.close();
    }
  },
};

/** A grant and a session each, spread over the replicas. */
async function inSessions(stage: SshStage, doors: readonly Door[]): Promise<Live[]> {
  const all: Live[] = [];
  for (let n = 0; n < LIVE; n++) {
    const grant = await stage.grant(n);
    const { port } = doors[n % doors.length] as Door;
    const user = await enter(port, grant, await stage.ticket(grant), STREAM);
    all.push({ user, revoke: () => stage.revoke(grant) });
  }
  return all;
}

/** The same through what hears at once that it has to end them. */
async function inRelay({ port, child }: Door): Promise<Live[]> {
  const all: Live[] = [];
  for (let n = 0; n < LIVE; n++) {
    const user = await enter(port, `user${n}`, '', STREAM);
    all.push({ user, revoke: async () => void child.send(`user${n}`) });
  }
  return all;
}

/** Ends one after the other while the others go on. */
async function cutAll(all: readonly Live[], watch: User): Promise<Cut[]> {
  const cuts: Promise<Cut>[] = [];
  for (const { user, revoke } of all) {
    const { line } = await user.hears(/^process \d+ is here$/);
    const process = line.split(' ')[1];
    const over = watch.hears(new RegExp(`^gone ${process}$`));
    watch.types(`${process}\n`);
    await pause(Math.random() * APART_MS);
    await revoke();
    const said = performance.now();
    cuts.push(
      Promise.all([over, user.gone]).then(([{ at }]) => ({
        ...{ lastByte: Math.max(0, user.lastByte() - said), targetsEnd: at - said },
      })),
    );
  }
  return Promise.all(cuts);
}

function figure(ours: readonly Cut[], theirs: readonly Cut[]): Figure {
  const p99 = (cuts: readonly Cut[], of: keyof Cut) =>
    percentile(
      cuts.map((cut) => cut[of]),
      0.99,
    );
  const told = (cuts: readonly Cut[], of: keyof Cut) => {
    const all = cuts.map((cut) => cut[of]);
    return `median ${percentile(all, 0.5).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms`;
  };
  const [value, baseline] = [p99(ours, 'lastByte'), p99(theirs, 'lastByte')];
  return {
    ...{ id: 'session_cut_p99_ms', value, baseline, unit: 'ms', goal: GOAL_MS, aim: `< ${GOAL_MS}` },
    met: value < GOAL_MS,
    notes: [
      `${ours.length} cuts of ${LIVE} live sessions on ${REPLICAS} replicas: ${told(ours, 'lastByte')}`,
      `the target's own process gone: p99 ${p99(ours, 'targetsEnd').toFixed(0)} ms, ${told(ours, 'targetsEnd')}`,
      `baseline: a bare relay of ssh2 that is told directly, ${told(theirs, 'lastByte')}, its process gone: ${told(theirs, 'targetsEnd')}`,
    ],
  };
}
