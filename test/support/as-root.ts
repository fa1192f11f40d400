/** Commands that need root: as we are where we are root, else by a sudo that asks nothing. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs it to its end. */
export async function asRoot(command: string, args: readonly string[]): Promise<void> {
  const [file, whole] = rootCommand(command, args);
  await run(file, whole);
}

/** What to start for it. */
export function rootCommand(command: string, args: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0 ? [command, [...args]] : ['sudo', ['-n', command, ...args]];
}
