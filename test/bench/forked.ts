/** Processes beside this bundle: fakes and baselines, so that neither side waits for them. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts one, with these flags for Node, and waits for its first word. */
export async function forked(
  file: string,
  args: string[],
  execArgv: string[] = process.execArgv,
): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    ...{ stdio: ['ignore', 2, 2, 'ipc'], execArgv },
  });
  const first = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, first };
}

/** Asks it something, and waits for its next word. */
export function asked(child: ChildProcess, question: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('it ended instead of answering'));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer);
    });
    child.send(question);
  });
}

export function ended(child: ChildProcess): Promise<unknown> {
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return over;
}
