/**
 * A real OpenSSH server in a world of its own: its own /etc, /home, /root, /run and processes, over the files of this machine.
 * So its logins and groups are real ones, and this machine’s are never touched. Everything is gone when its owner is gone,
 * however that happens: the first process of that world holds the other end of a pipe, and takes all with it.
 * Needs root, openssh-server, and the right to make namespaces (CAP_SYS_ADMIN).
 */

import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './postgres-server.js';

export interface Sshd {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` of its ed25519 and its RSA key. */
  readonly hostKey: string;
  readonly rsaHostKey: string;
  /** Runs a program in that world as root, and gives what it printed. @throws where it fails */
  run(command: readonly string[], input?: string): Promise<string>;
  /** Makes a login with a home that can sign in with this password, and is in these groups, made where missing. */
  addUser(login: string, password: string, groups?: readonly string[]): Promise<void>;
  /** What sshd, and PAM by it, have logged. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export interface SshdOptions {
  /** As Debian has it: yes. Without, a wrong password is answered at once. Default: no. */
  readonly pam?: boolean;
  /** Lines of sshd_config that come before all others, and so win. */
  readonly config?: readonly string[];
}

const HOST = '127.0.0.1';
const STARTED_WITHIN_MS = 15_000;

/** `$1` folder, `$2` sshd. Ends, and with it every process of this world, when its standard input does. */
const WORLD = `
mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /home && mkdir /home/.etc &&
cp -a /etc/. /home/.etc && mount --bind /home/.etc /etc && mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/sshd &&
for each in /root /var/mail /var/spool; do [ ! -d $each ] || mount -t tmpfs -o mode=755 tmpfs $each || exit 1; done
# A hash of passwords that is quick to try: thousands of them are, and what takes long here is nobody's strength.
sed -i 's/yescrypt/sha256 rounds=1000/' /etc/pam.d/common-password
rm -f /etc/nologin && "$2" -E "$1/log" -f "$1/config" || exit 1
echo ready
cat >/dev/null
rm -rf "$1"
`;

const ran = promisify(execFile);

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const program = needed();
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-sshd-'));
  const keys = { ed25519: join(folder, 'ed25519'), rsa: join(folder, 'rsa') };
  await ran('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keys.ed25519]);
  await ran('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', keys.rsa]);
  const port = await freePort();
  await writeFile(join(folder, 'config'), configOf(port, Object.values(keys), options));
  const log = () => readFile(join(folder, 'log'), 'utf8').catch(() => '');
  const world = spawn(
    'unshare',
    [...['--mount', '--pid', '--fork', '--mount-proc'], 'sh', '-c', WORLD, 'world', folder, program],
    { cwd: '/', detached: true },
  );
  const inside = await firstProcess(world, log);
  const run = (command: readonly string[], input = '') => enter(inside, command, input);
  return {
    host: HOST,
    port,
    hostKey: await fingerprint(keys.ed25519),
    rsaHostKey: await fingerprint(keys.rsa),
    run,
    async addUser(login, password, groups = []) {
      for (const group of groups) await run(['groupadd', '-f', group]);
      await run(['useradd', '-m', '-s', '/bin/bash', '-c', 'keyturn test', '-G', groups.join(','), login]);
      await run(['chpasswd'], `${login}:${password}\n`);
    },
    log,
    async close() {
      const gone = new Promise((resolve) => world.once('exit', resolve));
      world.stdin.end();
      await gone;
    },
  };
}

function needed(): string {
  const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((each) => existsSync(each));
  if (!program) throw new Error('These tests need a real sshd: install openssh-server.');
  if (process.getuid?.() !== 0) throw new Error('These tests make real logins, so they run as root only.');
  return program;
}

function configOf(port: number, keys: readonly string[], { pam = false, config = [] }: SshdOptions): string {
  return [
    ...config,
    `ListenAddress ${HOST}:${port}`,
    ...keys.map((key) => `HostKey ${key}`),
    `UsePAM ${pam ? 'yes' : 'no'}`,
    'PidFile none',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'MaxStartups 500',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

/** The process of this machine that is number 1 in the world, once sshd listens there. */
async function firstProcess(
  world: ChildProcessWithoutNullStreams,
  log: () => Promise<string>,
): Promise<number> {
  let said = '';
  let printed = '';
  world.stderr.on('data', (part: Buffer) => {
    said += part.toString('utf8');
  });
  await new Promise<void>((resolve, reject) => {
    const fail = async (why: string) =>
      reject(new Error(`sshd did not start (${why}): ${said}${await log()}`));
    const timer = setTimeout(() => fail('too slow'), STARTED_WITHIN_MS);
    world.on('error', () => fail('no unshare; install util-linux'));
    world.on('exit', () => fail('it needs CAP_SYS_ADMIN for a world of its own, and a free port'));
    world.stdout.on('data', (part: Buffer) => {
      printed += part.toString('utf8');
      if (!printed.includes('ready')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  const children = await readFile(`/proc/${world.pid}/task/${world.pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

function enter(first: number, command: readonly string[], input: string): Promise<string> {
  const child = spawn('nsenter', ['-t', String(first), '-m', '-p', '--', ...command], { cwd: '/' });
  let out = '';
  let said = '';
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString('utf8');
  });
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString('utf8');
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command[0]} ended with ${code}: ${said}`)),
    );
  });
}

async function fingerprint(key: string): Promise<string> {
  const { stdout } = await ran('ssh-keygen', ['-lf', `${key}.pub`]);
  return stdout.split(' ')[1] ?? '';
}
