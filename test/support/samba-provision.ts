/**
 * New domains for Samba to serve. Provisioning one takes seconds of a whole processor, so it is done once on a machine,
 * and every test's domain is a copy of that.
 */

import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asRoot } from './as-root.js';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/samba/', import.meta.url));

export const BASE_DN = 'DC=corp,DC=test';
export const ADMIN_PASSWORD = 'Passw0rd!Admin';
/** A change to it makes the domains that are kept on machines count no more. */
const OPTIONS = [
  '--realm=CORP.TEST',
  '--domain=CORP',
  '--server-role=dc',
  '--dns-backend=NONE',
  `--adminpass=${ADMIN_PASSWORD}`,
  '--host-name=dc1',
  '--host-ip=127.0.77.1',
  '--option=bind interfaces only=yes',
  '--option=ldb:nosync=true',
  // A temporary folder need not keep the extended attributes that Samba would store its ACLs in.
  '--option=vfs objects=dfs_samba4 acl_xattr xattr_tdb',
];

/** Puts a new domain into `folder`, which isn't there yet. Resolves to the path of its smb.conf. */
export async function newDomain(folder: string): Promise<string> {
  await run('cp', ['-a', await template(), folder]);
  const file = join(folder, 'etc/smb.conf');
  const text = await readFile(file, 'utf8');
  const from = /^\s*private dir = (.*)\/private$/m.exec(text)?.[1];
  if (from === undefined) throw new Error(`No private dir in ${file}`);
  await writeFile(file, text.replaceAll(from, folder));
  return file;
}

async function template(): Promise<string> {
  const { stdout } = await run('samba', ['--version']);
  const version = stdout.replace(/[^\w.-]+/g, '-').replace(/-$/, '');
  const kept = join(CACHE, `${version}-1`);
  if (await isThere(kept)) return kept;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(join(CACHE, 'new-'));
  await asRoot('samba-tool', ['domain', 'provision', `--targetdir=${fresh}`, ...OPTIONS]);
  await asRoot('chown', ['-R', `${process.getuid?.()}:${process.getgid?.()}`, fresh]);
  // Another test file may have been quicker: its domain is as good.
  await rename(fresh, kept).catch(() => rm(fresh, { recursive: true, force: true }));
  return kept;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
