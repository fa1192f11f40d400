/** `npm start` in a fresh copy, installed but never run: until somebody's first `/access` opens its form. */

import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/postgres-server.js';
import { startProgram } from '../support/process.js';
import type { Measurement } from './figure.js';

const GOAL_S = 10;
const WITHIN_MS = 40_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Not part of what one gets: made by a build or a run, or not needed for it. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.keyturn', 'test', 'coverage', 'test-results']);
const TESS = { team: 'T0NORTHWIND', user: 'U0TESS' };

export const localFirstClick: Measurement = {
  id: 'local_first_click_s',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
    try {
      const baseline = await secondsOf(() => freshPglite(join(folder, 'pglite')));
      const copy = join(folder, 'keyturn');
      await cp(ROOT, copy, {
        recursive: true,
        filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)),
      });
      await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
      const value = await firstClick(copy);
      return {
        ...{ id: 'local_first_click_s', value, baseline, unit: 's', goal: GOAL_S, aim: `< ${GOAL_S}` },
        met: value < GOAL_S,
        notes: ['build included; baseline: a fresh PGlite and one query'],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

async function freshPglite(folder: string): Promise<void> {
  const running = startProgram([folder], { file: 'dist/bench/bare-pglite.js' });
  await running.waitForLine(/ready/, { within: WITHIN_MS });
  await running.kill();
}

async function firstClick(copy: string): Promise<number> {
  const started = performance.now();
  const env = { ...process.env, PORT: String(await freePort()), CI: '1' };
  // A group of its own, so that npm and what it started end together.
  const npm = spawn('npm', ['start'], {
    cwd: copy,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const over = new Promise((resolve) => npm.once('close', resolve));
  try {
    const address = await printedAddress(npm.stdout);
    await access(address);
    return (performance.now() - started) / 1000;
  } finally {
    process.kill(-(npm.pid as number), 'SIGTERM');
    await over;
  }
}

function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const never = (why: string) => reject(new Error(`npm start printed no address: ${why}\n${said}`));
    const timer = setTimeout(never, WITHIN_MS, 'time is up');
    output.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /^\s+(http:\/\/\S+)$/m.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    output.on('end', () => never('it ended'));
  });
}

/** The page is there, it knows Tess, and her `/access` opens the form. */
async function access(address: string): Promise<void> {
  const page = await fetch(`${address}/`);
  const state = await fetch(`${address}/play/slack/state?${new URLSearchParams(TESS)}`);
  const act = await fetch(`${address}/play/slack/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...TESS, kind: 'slash', channel: 'C0ACCESS', command: '/access', text: '' }),
  });
  const seen = (await act.json()) as { ok: boolean; error?: string };
  if (!page.ok || !state.ok || !seen.ok) throw new Error(`the page can't be used: ${JSON.stringify(seen)}`);
}
