/** Starts the built program as its own process, the way an operator does, and ends it with the test that started it. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BUILD_FAULT } from './build.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What `node` is given, below the repository. Built by the global setup. */
export const PROGRAM = 'dist/main.js';

export interface StartOptions {
  /** The whole environment beside PATH, HOME and TMPDIR: nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to its standard input, which is then closed. Without it, standard input stays open. */
  readonly input?: string;
  /** Instead of the program: a file below the repository, or an absolute path. */
  readonly file?: string;
  /** What `node` itself is told. Unless given, to name sources in stack traces, which costs time and memory. */
  readonly flags?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

export interface WaitOptions {
  /** Milliseconds; 15,000 unless told. */
  readonly within?: number;
  /** Only lines from this index on, as in `running.lines.length` before an act. */
  readonly from?: number;
}

/** `onTestFinished` and `afterAll` exist only below a test runner; benchmarks use this file without one. */
const vitest = process.env.VITEST === undefined ? null : await import('vitest');
const alive = new Set<Running>();

vitest?.afterAll(() => Promise.all([...alive].map((running) => running.kill())));
process.on('exit', () => {
  for (const running of alive) running.child.kill('SIGKILL');
});

export function startProgram(args: readonly string[], options: StartOptions = {}): Running {
  const fault = process.env[BUILD_FAULT];
  if (options.file === undefined && fault !== undefined) throw new Error(fault);
  const running = new Running(args, options);
  alive.add(running);
  running.exited.then(() => alive.delete(running));
  endWithTest(running);
  return running;
}

/** Runs it to its end and returns what it said. */
export async function runProgram(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
  const running = startProgram(args, { input: '', ...options });
  const exit = await running.exited;
  return { ...exit, stdout: running.stdout, stderr: running.stderr };
}

export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Both streams, in the order in which they came. */
  readonly lines: string[] = [];
  /** Settles when it has ended and everything it said is in `lines`. */
  readonly exited: Promise<Exit>;
  readonly #said = { stdout: [] as string[], stderr: [] as string[] };
  readonly #listeners = new Set<() => void>();
  readonly #title: string;
  #exit: Exit | null = null;

  constructor(args: readonly string[], options: StartOptions) {
    const file = options.file ?? PROGRAM;
    this.#title = ['node', file, ...args].join(' ');
    const path = file.startsWith('/') ? file : `${ROOT}${file}`;
    this.child = spawn(process.execPath, [...(options.flags ?? ['--enable-source-maps']), path, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...inherited(), ...options.env },
    });
    this.child.stdin.on('error', () => {}); // it may end before it has read everything
    if (options.input !== undefined) this.child.stdin.end(options.input);
    this.#collect('stdout');
    this.#collect('stderr');
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        const exit = { code, signal };
        this.#exit = exit;
        this.#tell();
        resolve(exit);
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get stdout(): string {
    return this.#said.stdout.join('\n');
  }

  get stderr(): string {
    return this.#said.stderr.join('\n');
  }

  /** The first line that matches, said already or still to come. Throws when it ends or time is up first. */
  waitForLine(pattern: RegExp, { within = 15_000, from = 0 }: WaitOptions = {}): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      let next = from;
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        act();
      };
      const look = () => {
        for (; next < this.lines.length; next++) {
          const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(
            this.lines[next] ?? '',
          );
          if (match !== null) return settle(() => resolve(match));
        }
        const exit = this.#exit;
        if (exit !== null) settle(() => reject(this.#never(pattern, `it ended (${describe(exit)})`)));
      };
      const timer = setTimeout(
        () => settle(() => reject(this.#never(pattern, `${within} ms passed`))),
        within,
      );
      this.#listeners.add(look);
      look();
    });
  }

  /** Ends it at once, as a crash would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    if (this.#exit === null) this.child.kill(signal);
    return this.exited;
  }

  /** Asks it to end, and insists after `within` ms. */
  async stop(within = 10_000): Promise<Exit> {
    const insist = setTimeout(() => this.child.kill('SIGKILL'), within);
    try {
      return await this.kill('SIGTERM');
    } finally {
      clearTimeout(insist);
    }
  }

  #collect(stream: 'stdout' | 'stderr'): void {
    createInterface({ input: this.child[stream] }).on('line', (line) => {
      this.lines.push(line);
      this.#said[stream].push(line);
      this.#tell();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #never(pattern: RegExp, why: string): Error {
    const tail = this.lines.slice(-30).join('\n');
    return new Error(`${this.#title} never said ${pattern}: ${why}. It said:\n${tail || '(nothing)'}`);
  }
}

function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function endWithTest(running: Running): void {
  try {
    vitest?.onTestFinished(async () => void (await running.kill()));
  } catch {
    // Started in a hook: it ends with the file.
  }
}

function describe(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}
