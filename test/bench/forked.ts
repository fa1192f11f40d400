/** Processes beside this bundle: fakes and baselines, so that neither side waits for them. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts one and waits for its first word. */
export async function forked(file: string, args: string[]): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ['ignore', 2, 2, 'ipc'] });
  const first = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, first };
}

export function ended(child: ChildProcess): Promise<unknown> {
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return over;
}
