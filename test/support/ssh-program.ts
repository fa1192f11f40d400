/** OpenSSH’s own programs, as people have them: ssh, scp and sftp, knowing the bastion’s host key and nothing else of this machine. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface Way {
  /** What is typed where a password is asked for. */
  readonly ticket?: string;
  /** Options of OpenSSH, such as `ForwardAgent=yes`. */
  readonly options?: readonly string[];
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

const LATE_MS = 20_000;

/** One program that runs. */
export class Running {
  #out: Buffer[] = [];
  #said = '';
  readonly #waiting = new Set<() => void>();
  readonly finished: Promise<Finished>;
  received = 0;

  constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdin.on('error', () => {});
    child.stdout.on('data', (part: Buffer) => {
      this.#out.push(part);
      this.received += part.length;
      this.#look();
    });
    child.stderr.on('data', (part: Buffer) => {
      this.#said += part.toString('utf8');
      this.#look();
    });
    this.finished = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#look();
        resolve({ code, signal, stdout: Buffer.concat(this.#out), stderr: this.#said });
      });
    });
  }

  get text(): string {
    return Buffer.concat(this.#out).toString('utf8');
  }

  get errors(): string {
    return this.#said;
  }

  type(text: string): void {
    this.child.stdin.write(text);
  }

  /** Resolves once this has been printed, on either stream. @throws where it ends without, or takes too long */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(() => pattern.exec(this.text) ?? pattern.exec(this.#said), String(pattern));
  }

  /** Resolves with the first value that is something. */
  until<T>(look: () => T | null | false | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (act: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        act();
      };
      const fail = () =>
        stop(() => reject(new Error(`never came: ${what}\n${this.text.slice(-2000)}\n${this.#said}`)));
      const check = () => {
        const found = look();
        if (found) stop(() => resolve(found));
      };
      const timer = setTimeout(fail, LATE_MS);
      this.#waiting.add(check);
      this.finished.then(() => {
        check();
        if (this.#waiting.has(check)) fail();
      });
      check();
    });
  }

  #look(): void {
    for (const check of [...this.#waiting]) check();
  }
}

export class SshPrograms {
  readonly #running = new Set<Running>();

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  /** @param hostKey the line of the bastion’s public key, as in known_hosts without its host */
  static async with(port: number, hostKey: string): Promise<SshPrograms> {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-ssh-'));
    await writeFile(join(folder, 'known'), `[127.0.0.1]:${port} ${hostKey}\n`);
    await writeFile(join(folder, 'ask'), '#!/bin/sh\nprintf "%s\\n" "$TYPED"\n');
    await chmod(join(folder, 'ask'), 0o700);
    return new SshPrograms(folder, port);
  }

  async close(): Promise<void> {
    for (const running of this.#running) running.child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The options that every one of the programs takes. */
  options({ ticket, options = [] }: Way): string[] {
    return [
      ...[
        'StrictHostKeyChecking=yes',
        `UserKnownHostsFile=${join(this.folder, 'known')}`,
        `Port=${this.port}`,
      ],
      ...['NumberOfPasswordPrompts=1', 'IdentitiesOnly=yes', 'ConnectTimeout=15'],
      ...(ticket === undefined ? [] : ['PreferredAuthentications=password']),
      ...options,
    ].flatMap((option) => ['-o', option]);
  }

  start(program: 'ssh' | 'scp' | 'sftp', args: readonly string[], way: Way = {}): Running {
    return this.spawn(program, ['-F', 'none', ...this.options(way), ...args], way);
  }

  /** Runs any program, in the environment in which `ssh` gets what is typed. */
  spawn(program: string, args: readonly string[], way: Way): Running {
    const { PATH = '' } = process.env;
    const child = spawn(program, args, {
      cwd: this.folder,
      env: {
        ...{ PATH, HOME: this.folder, TYPED: way.ticket ?? '' },
        ...{ SSH_ASKPASS: join(this.folder, 'ask'), SSH_ASKPASS_REQUIRE: 'force' },
        ...way.env,
      },
    });
    const running = new Running(child);
    this.#running.add(running);
    running.finished.then(() => this.#running.delete(running));
    if (way.input !== undefined) child.stdin.end(way.input);
    return running;
  }

  run(program: 'ssh' | 'scp' | 'sftp', args: readonly string[], way: Way = {}): Promise<Finished> {
    return this.start(program, args, { input: '', ...way }).finished;
  }
}

/** Whether OpenSSH's own client is there. In CI a missing one is a failure; elsewhere it is said and left out. */
export const HAS_SSH =
  process.env.CI !== undefined ||
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'ssh')));
if (!HAS_SSH)
  process.stderr.write(
    'No ssh found, so lines are not tried as people paste them: install openssh-client.\n',
  );
