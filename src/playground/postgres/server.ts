/**
 * A real Postgres server in a folder of its own, gone when its owner is gone, however that happens: a guard
 * process holds the other end of a pipe and takes the server down when the pipe closes, also after kill -9.
 * fsync stays on: for tests, durability is one of the things under test.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Identity, postgresBinaries, serverIdentity } from './binaries.js';

export interface PostgresServer {
  /** The server's own database, as superuser: a place to make other databases from. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** How its temporary folder’s name begins; stale ones of this name are cleared away. */
  readonly prefix: string;
  /** Settings of postgresql.conf besides the server’s own. */
  readonly settings?: Readonly<Record<string, string>>;
}

const OWNER = 'owner.pid';
const TRIES = 5;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_min_messages: 'warning',
};
const GUARD = 'cat >/dev/null; "$1/pg_ctl" stop -w -m immediate -D "$2/data" >/dev/null 2>&1; rm -rf "$2"';

const run = promisify(execFile);

/** @throws Error that says why, where this machine has no Postgres to run or can't run it. */
export async function startPostgres({ prefix, settings = {} }: PostgresOptions): Promise<PostgresServer> {
  await sweepStale(prefix);
  const identity = serverIdentity();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(folder, OWNER), String(process.pid));
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid ?? identity.uid);

  let guard: ChildProcess | undefined;
  try {
    const bin = await postgresBinaries(identity, folder);
    guard = spawn('sh', ['-c', GUARD, 'guard', bin, folder], {
      ...identity,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(guard, 'spawn');
    letGo(guard);
    const password = randomBytes(12).toString('hex');
    await initialise(bin, folder, password, identity);
    const port = await listen(bin, folder, identity, settings);
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return { url, stop: onlyOnce(() => dismiss(guard, folder)) };
  } catch (error) {
    await dismiss(guard, folder);
    throw error;
  }
}

async function initialise(bin: string, folder: string, password: string, identity: Identity): Promise<void> {
  const secret = join(folder, 'password');
  await writeFile(secret, `${password}\n`, { mode: 0o644 }); // in a folder that only the server's user enters
  const flags = ['--auth=password', '--username=postgres', `--pwfile=${secret}`, '--no-locale', '--no-sync'];
  const args = [`--pgdata=${join(folder, 'data')}`, '--encoding=UTF8', ...flags];
  await run(join(bin, 'initdb'), args, { ...identity, cwd: folder });
}

/** Starts it on a free port. Somebody else may take that port first, so it tries again. */
async function listen(
  bin: string,
  folder: string,
  identity: Identity,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const log = join(folder, 'server.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) }).map(
      ([name, value]) => `-c ${name}='${value}'`,
    );
    const args = ['start', '-w', '-t', '60', '-D', join(folder, 'data'), '-l', log, '-o', options.join(' ')];
    try {
      await run(join(bin, 'pg_ctl'), args, { ...identity, cwd: folder });
      return port;
    } catch (error) {
      if (attempt < TRIES) continue;
      throw new Error(`Postgres did not start: ${await readFile(log, 'utf8').catch(() => String(error))}`);
    }
  }
}

/** Below the ports that the system gives to outgoing connections: one of those could be taken before it is listened on. */
const [LOWEST_PORT, PORTS] = [20_000, 12_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + randomInt(PORTS);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The guard must not keep this process alive; its pipe closes by itself when this process ends. */
function letGo(guard: ChildProcess): void {
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  guard.stdin?.on('error', () => {});
}

async function dismiss(guard: ChildProcess | undefined, folder: string): Promise<void> {
  if (guard?.pid !== undefined && guard.exitCode === null && guard.signalCode === null) {
    const gone = new Promise((resolve) => guard.once('exit', resolve));
    guard.ref();
    guard.stdin?.end();
    await gone;
  }
  await takeDown(folder);
}

/** A server whose guard was killed too: found by its folder, whose owner no longer lives. */
async function sweepStale(prefix: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const owner = Number(await readFile(join(folder, OWNER), 'utf8').catch(() => Number.NaN));
    if (Number.isInteger(owner) && owner > 0 && !lives(owner)) await takeDown(folder).catch(() => {});
  }
}

async function takeDown(folder: string): Promise<void> {
  const pidFile = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, data] = pidFile.split('\n');
  const postmaster = Number(pid);
  if (data === join(folder, 'data') && postmaster > 0 && (await isPostgres(postmaster, data))) {
    process.kill(postmaster, 'SIGQUIT');
    for (let waited = 0; waited < 5_000 && lives(postmaster); waited += 50) await sleep(50);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** A pid may have gone to another program since the file was written. */
async function isPostgres(pid: number, data: string): Promise<boolean> {
  if (!lives(pid)) return false;
  const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(data);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function onlyOnce(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
