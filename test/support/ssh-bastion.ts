/** A bastion in front of a real sshd, with a gate in memory, and OpenSSH’s programs beside it. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import type { SessionEnd } from '../../src/broker/gate.js';
import { type Bastion, startBastion } from '../../src/broker/ssh/bastion.js';
import type { Limits } from '../../src/broker/ssh/limits.js';
import { newKey, publicHalf } from '../../src/connectors/ssh/keys.js';
import { MemoryGate } from './ssh-gate.js';
import { type Finished, type Running, SshPrograms, type Way } from './ssh-program.js';
import { type Sshd, startSshd } from './sshd.js';

export const GRANT = 'G-8F3KQ2';
export const LOGIN = 'brkadm';

export interface Stage {
  readonly sshd: Sshd;
  readonly bastion: Bastion;
  readonly gate: MemoryGate;
  readonly programs: SshPrograms;
  /** What LOGIN signs in with at the target. */
  readonly password: string;
  /** Every line of the log. */
  readonly log: string[];
  /** ssh with a fresh ticket. */
  ssh(args: readonly string[], way?: Way): Promise<Finished>;
  startSsh(args: readonly string[], way?: Way): Running;
  /** Resolves once as many sessions are over, and on record. */
  over(count: number): Promise<void>;
  /** Resolves with why the session that began last is over, once it is. */
  lastEnd(): Promise<SessionEnd>;
  close(): Promise<void>;
}

export async function openStage(limits: Partial<Limits> = {}): Promise<Stage> {
  const sshd = await startSshd({ config: ['AcceptEnv *', 'Subsystem sftp internal-sftp'] });
  const password = `Pw-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  await sshd.addUser(LOGIN, password);
  const { host, port, hostKey } = sshd;
  const gate = new MemoryGate({ host, port, hostKey, username: LOGIN, secret: password });
  const log: string[] = [];
  const own = newKey();
  const bastion = await startBastion({
    ...{ port: 0, host: '127.0.0.1', hostKey: own, gate },
    ...{ limits, log: pino({ level: 'trace' }, { write: (line) => void log.push(line) }) },
  });
  const { type, blob } = publicHalf(own);
  const programs = await SshPrograms.with(bastion.port, `${type} ${blob}`);
  const ended = gate.ended.bind(gate);
  const looking = new Set<() => void>();
  gate.ended = async (session, why) => {
    await ended(session, why);
    for (const look of looking) look();
  };
  const once = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (isSo()) resolve();
      };
      looking.add(look);
      look();
    });
  const startSsh = (args: readonly string[], way: Way = {}) =>
    programs.start('ssh', [`${GRANT}@127.0.0.1`, ...args], { ticket: gate.ticket(GRANT), ...way });
  return {
    ...{ sshd, bastion, gate, programs, password, log, startSsh },
    ssh: (args, way = {}) => startSsh(args, { input: '', ...way }).finished,
    over: async (count) => {
      await once(() => gate.ends.length >= count);
    },
    async lastEnd() {
      const session = gate.lastSession;
      await once(() => gate.endOf.has(session));
      return gate.endOf.get(session) as SessionEnd;
    },
    async close() {
      await programs.close();
      await bastion.stop();
      await sshd.close();
    },
  };
}

/** Makes a key pair beside the programs, and gives its path and fingerprint. */
export async function newKeyPair(programs: SshPrograms, kind: 'ed25519' | 'rsa' | 'ecdsa', name: string) {
  const path = join(programs.folder, name);
  const ran = promisify(execFile);
  await ran('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', path]);
  const { stdout } = await ran('ssh-keygen', ['-lf', `${path}.pub`]);
  return { path, fingerprint: stdout.split(' ')[1] ?? '', public: await readFile(`${path}.pub`, 'utf8') };
}
