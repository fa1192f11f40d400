/** One signed-in connection, on which commands run: each bounded in time and in what it may say. */

import type ssh2 from 'ssh2';
import { TargetError } from '../connector.js';
import type { Deadline } from './deadline.js';
import { connectionFault } from './faults.js';
import { quoted } from './names.js';
import type { Target } from './settings.js';

export interface Ran {
  readonly code: number;
  /** From the script’s own first word on: what a login’s start-up files print comes before it. */
  readonly out: Buffer;
  readonly error: string;
  /** Whether the script began at all. Where not, the shell or sudo kept it from that. */
  readonly began: boolean;
}

export interface Command {
  /** Constant text for /bin/sh. What varies comes as `$1`, `$2`, …; what is secret, by `input`. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly input?: string | Buffer;
}

const MOST_OUTPUT = 4 * 1024 * 1024;
const BEGAN = 'keyturn: began\n';
/** Tools speak English, count days in UTC, and are the system’s own. A script goes on when its connection breaks. */
const PREAMBLE =
  "LC_ALL=C TZ=UTC PATH=/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL TZ PATH; trap '' HUP PIPE; echo 'keyturn: began'; ";

export class Session {
  constructor(
    readonly client: ssh2.Client,
    readonly target: Target,
    readonly deadline: Deadline,
  ) {}

  /** @param prefix what runs the shell, such as `sudo -n -- `; a constant. */
  async run({ script, args = [], input = '' }: Command, prefix = ''): Promise<Ran> {
    const words = [PREAMBLE + script, 'keyturn', ...args].map(quoted).join(' ');
    const ran = await this.exchange(`${prefix}/bin/sh -c ${words}`, {}, (stream) => void stream.end(input));
    const at = ran.out.indexOf(BEGAN);
    return { ...ran, began: at >= 0, out: at >= 0 ? ran.out.subarray(at + BEGAN.length) : ran.out };
  }

  /** Runs a command until it ends. `start` gets the stream when it is open, and may give up the whole connection. */
  exchange(
    command: string,
    options: ssh2.ExecOptions,
    start: (stream: ssh2.ClientChannel, giveUp: (error: TargetError) => void) => void,
  ): Promise<Omit<Ran, 'began'>> {
    const { client, target } = this;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        client.destroy();
        reject(connectionFault(target, error));
      };
      const late = () => fail(new Error('a command wasn’t done in time'));
      const timer = setTimeout(late, this.deadline.left());
      const cut = () => fail(new Error('the connection broke while a command ran'));
      client.once('close', cut);
      client.exec(command, options, (error, stream) => {
        if (error) return fail(noCommands(target, error));
        const out = collect(stream, fail);
        const said = collect(stream.stderr, fail);
        let code: number | null | undefined;
        stream.on('error', fail);
        stream.on('exit', (value: number | null) => {
          code = value;
        });
        stream.on('close', () => {
          client.off('close', cut);
          if (code === undefined) return cut();
          clearTimeout(timer);
          resolve({ code: code ?? 255, out: out(), error: said().toString('utf8') });
        });
        start(stream, fail);
      });
    });
  }

  /** Ends the connection. */
  end(): void {
    this.client.end();
  }
}

function collect(from: NodeJS.ReadableStream, fail: (error: Error) => void): () => Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  from.on('data', (part: Buffer) => {
    size += part.length;
    if (size > MOST_OUTPUT) return fail(new Error('a command said more than it may'));
    parts.push(part);
  });
  return () => Buffer.concat(parts);
}

function noCommands(target: Target, error: Error): TargetError {
  return new TargetError(
    'not-allowed',
    `sshd at ${target.name} runs no commands for the login that Keyturn uses. Check its shell and ForceCommand there.`,
    { cause: error },
  );
}
