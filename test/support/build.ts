/** The build that tests start as a process, made only when the source is newer. */

import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INPUTS = ['src', '.build.mjs', 'package.json', 'tsconfig.json'];

/** Holds what went wrong. Only tests that start the program care: the others run, except in CI. */
export const BUILD_FAULT = 'KEYTURN_TEST_BUILD_FAULT';

export async function buildOnce(): Promise<void> {
  delete process.env[BUILD_FAULT];
  if (newest(join(ROOT, 'dist')) > Math.max(...INPUTS.map((input) => newest(join(ROOT, input))))) return;
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: ROOT });
  } catch (error) {
    const fault = `The build failed, so the program can't be started.\n${(error as { stderr: string }).stderr}`;
    if (process.env.CI !== undefined) throw new Error(fault);
    process.env[BUILD_FAULT] = fault;
    console.error(fault);
  }
}

/** When anything in it last changed, folders included: a deleted file counts. */
function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
