/** 200 MB through the bastion with its whole assembly, against the same scp directly to the same sshd. */

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SshPrograms } from '../support/ssh-program.js';
import { type Figure, type Measurement, median } from './figure.js';
import { LOGIN, openSshStage, type SshStage } from './ssh-stage.js';

const MEGABYTES = 200;
const ROUNDS = 4;
const GOAL = 0.6;
const FILE = 'file';

/** Somewhere to sign in: the target itself, or what stands in front of it. */
interface Way {
  readonly programs: SshPrograms;
  /** Whom to sign in as, and what is typed. */
  credential(): Promise<readonly [login: string, typed: string]>;
}

type Direction = 'download' | 'upload';
/** In this order: what is downloaded was uploaded. */
const DIRECTIONS: readonly Direction[] = ['upload', 'download'];
type Seconds = Record<Direction, number[]>;

export const bastionRatio: Measurement = {
  id: 'bastion_ratio',
  async measure() {
    const stage = await openSshStage(1);
    const opened: SshPrograms[] = [];
    try {
      const all = (await waysOf(stage, opened)).map((way) => ({ way, took: none() }));
      const sent = join(all[0]?.way.programs.folder as string, 'sent');
      await fill(sent);
      for (let round = 0; round <= ROUNDS; round++) {
        // Who goes first changes, so that neither always follows the other's dirt.
        for (const { way, took } of round % 2 === 0 ? all : all.toReversed())
          for (const direction of DIRECTIONS) {
            const seconds = await transfer(way, direction, sent);
            if (round > 0) took[direction].push(seconds);
            else if (direction === 'download') await check(way, sent);
          }
      }
      const [ours, theirs] = all.map(({ took }) => took) as [Seconds, Seconds];
      return figure(ours, theirs);
    } finally {
      for (const programs of opened) await programs.close();
      await stage.close();
    }
  },
};

const none = (): Seconds => ({ download: [], upload: [] });

/** Through the bastion, and directly. */
async function waysOf(stage: SshStage, opened: SshPrograms[]): Promise<[Way, Way]> {
  const bastion = await stage.startBastion();
  const to = async (port: number, credential: Way['credential']): Promise<Way> => {
    const programs = await SshPrograms.with(port, await hostKeyAt(port));
    opened.push(programs);
    return { programs, credential };
  };
  const grant = await stage.grant(0);
  return [
    await to(bastion.port, async () => [grant, await stage.ticket(grant)]),
    await to(stage.sshd.port, async () => [LOGIN, stage.password]),
  ];
}

async function hostKeyAt(port: number): Promise<string> {
  const scanned = await promisify(execFile)('ssh-keyscan', [
    '-t',
    'ed25519',
    '-p',
    String(port),
    '127.0.0.1',
  ]);
  return scanned.stdout.trim().replace(/^\S+ /, '');
}

/** Makes the file that is sent to and fro, of what can't be compressed. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let n = 0; n < MEGABYTES; n++) await file.write(randomBytes(1024 * 1024));
  await file.close();
}

/** How many seconds it takes, as whoever waits for it sees it: from the start of scp to its end. */
async function transfer({ programs, credential }: Way, direction: Direction, sent: string): Promise<number> {
  const [login, ticket] = await credential();
  const there = `${login}@127.0.0.1:${FILE}`;
  const here = join(programs.folder, FILE);
  const started = performance.now();
  const paths = direction === 'upload' ? [sent, there] : [there, here];
  const { code, stderr } = await programs.run('scp', paths, { ticket });
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`scp ended with ${code}: ${stderr}`);
  return seconds;
}

/** What was uploaded and then downloaded has to be what was sent. */
async function check({ programs }: Way, sent: string): Promise<void> {
  const [before, after] = await Promise.all([sent, join(programs.folder, FILE)].map(hashOf));
  if (before !== after) throw new Error('what arrived is not what was sent');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

function figure(ours: Seconds, theirs: Seconds): Figure {
  const ratio = (of: Seconds, direction: Direction) =>
    median(of[direction].map((seconds, round) => (theirs[direction][round] as number) / seconds));
  const worse = ratio(ours, 'download') < ratio(ours, 'upload') ? 'download' : 'upload';
  const value = ratio(ours, worse);
  const rate = (of: Seconds, direction: Direction) => (MEGABYTES / median(of[direction])).toFixed(0);
  const each = DIRECTIONS.map(
    (d) => `${d} ${ratio(ours, d).toFixed(2)}: ${rate(ours, d)} MB a second, directly ${rate(theirs, d)}`,
  );
  return {
    ...{ id: 'bastion_ratio', value, unit: 'ratio', baseline: MEGABYTES / median(theirs[worse]) },
    ...{ goal: GOAL, aim: `≥ ${GOAL}`, met: value >= GOAL },
    notes: [...each, `scp of ${MEGABYTES} MB; baseline: MB a second directly`],
  };
}
