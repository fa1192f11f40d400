/** Keeps a second process out of a PGlite folder: two writers lose each other's rows without an error. */

import { createHash } from 'node:crypto';
import { mkdir, realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Holds the folder until the returned function is called or the process ends,
 * however it ends: the lock is a listening socket, which the kernel frees.
 *
 * @throws when another process holds it. Can't see across machines or containers that share a volume.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const id = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 24);
  const linux = process.platform === 'linux';
  // Linux has names without a file; elsewhere a socket file is left behind by kill -9 and must be swept.
  const name = linux ? `\0keyturn-${id}` : join(tmpdir(), `keyturn-${id}.sock`);
  if (!linux && !(await isListening(name))) await unlink(name).catch(() => undefined);
  const server = await listen(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(
      `${folder} is open in another Keyturn. Stop that one first, or set DATABASE_URL to a server.`,
    );
  });
  return () => new Promise((done) => server.close(() => done()));
}

function listen(name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', reject);
    server.listen(name, () => resolve(server));
  });
}

function isListening(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
