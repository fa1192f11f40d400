/** One shell, command or SFTP session of a user, joined to the same thing at the target. */

import type { Socket } from 'node:net';
import type ssh2 from 'ssh2';
import type { ChannelRecorder, Recorder } from '../gate.js';
import { forgetUnsent, Outlet, pump, socketOf, type Tap, type Valve } from './flow.js';
import { BAD_COMMAND, line, NO_CHANNEL } from './notices.js';
import { type Transcript, transcriptOf } from './transcript.js';

/** What a channel needs of the session that it belongs to. */
export interface Host {
  /** The user’s side. */
  readonly socket: Socket;
  /** Signed in at the target; never settles where that fails, which ends the session. */
  readonly upstream: Promise<ssh2.Client>;
  readonly recorder: Recorder;
  /** Shut while the recording has no room. */
  readonly valve: Valve;
  /** What the user is told where the session is over; null while it isn’t. */
  readonly over: string | null;
  /** Writes down; false where that fails, which ends the session. */
  record(act: () => void): boolean;
  /** The same for bytes on their way; false also where the session is over. They may not pass then. */
  pass(act: () => void): boolean;
  /** A channel was told that the session is over. */
  told(): void;
}

/** What a session does with whatever is open in it. */
export interface OpenChannel {
  /** Ends it at once; gives whether the user was told why. */
  cut(notice: string): boolean;
  /** Bytes that wait in memory, for the side that sent them. */
  waiting(): { readonly fromUser: number; readonly fromTarget: number };
}

type Kind = 'shell' | 'exec' | 'sftp';
type Opened = (error: Error | undefined, up: ssh2.ClientChannel) => void;

/** Nothing is recorded of a terminal beyond this size. */
const LARGEST_TERMINAL = 1_000;
const ENVIRONMENT = /^(?:LANG|LC_[A-Z]{1,32})$/;
const MOST_VARIABLES = 16;
const FAILED = 255;

export class SessionChannel implements OpenChannel {
  readonly #environment: Record<string, string> = {};
  #pty: ssh2.PseudoTtyInfo | null = null;
  #channel: ssh2.ServerChannel | null = null;
  #up: ssh2.ClientChannel | null = null;
  #outlet: Outlet | null = null;
  #recorder: ChannelRecorder | null = null;
  #transcript: Transcript | null = null;
  #isOver = false;

  /** Agent and X11 forwarding have no listener here: ssh2 refuses what nobody listens to. */
  constructor(
    session: ssh2.Session,
    private readonly host: Host,
  ) {
    session.on('pty', (accept, _reject, info) => {
      this.#pty = { ...info, term: info.term.slice(0, 64) };
      accept?.();
    });
    session.on('env', (accept, reject, { key, val }) => this.#setVariable(key, val, accept, reject));
    session.on('window-change', (accept, _reject, info) => {
      accept?.();
      this.#resize(info);
    });
    session.on('signal', (accept, _reject, { name }) => {
      accept?.();
      this.#signal(name);
    });
    session.on('shell', (accept) => this.#start('shell', null, accept));
    session.on('exec', (accept, _reject, { command }) => this.#start('exec', command, accept));
    // No listener for 'sftp': ssh2 would speak SFTP itself.
    session.on('subsystem', (accept, reject, { name }) => {
      if (name === 'sftp') this.#start('sftp', null, accept);
      else reject?.();
    });
  }

  cut(notice: string): boolean {
    const channel = this.#channel;
    if (this.#isOver || !channel) return false;
    this.#outlet?.stop();
    forgetUnsent(channel);
    channel.stderr.write(notice, () => {
      channel.exit(FAILED);
      channel.close();
    });
    // Without a terminal, what runs would not notice that nobody is there any more.
    this.#signal('HUP');
    this.#signal('TERM');
    this.#up?.close();
    this.#end(null);
    return true;
  }

  waiting(): { fromUser: number; fromTarget: number } {
    const fromTarget = (this.#up?.readableLength ?? 0) + (this.#up?.stderr.readableLength ?? 0);
    return { fromUser: this.#channel?.readableLength ?? 0, fromTarget };
  }

  #setVariable(name: string, value: string, accept?: () => void, reject?: () => void): void {
    const isFull = Object.keys(this.#environment).length >= MOST_VARIABLES;
    if (isFull || !ENVIRONMENT.test(name) || value.length > 256) reject?.();
    else {
      this.#environment[name] = value;
      accept?.();
    }
  }

  /** Accepts at once: after the client’s end of input ssh2 would not do it any more. */
  #start(kind: Kind, command: string | null, accept: () => ssh2.ServerChannel | undefined): void {
    const channel = accept();
    if (!channel) return;
    this.#channel = channel;
    channel.on('error', () => {});
    channel.stderr.on('error', () => {});
    channel.on('close', () => this.#left());
    if (this.host.over !== null) {
      this.cut(this.host.over);
      this.host.told();
      return;
    }
    // ssh2 has read it as UTF-8: to run it with other bytes in it could hit another file.
    if (command?.includes('\uFFFD')) {
      this.cut(line(BAD_COMMAND));
      return;
    }
    const size = sizeOf(this.#pty);
    const begun = this.host.record(() => {
      this.#recorder = this.host.recorder.channel({ kind, command, ...size });
      this.#transcript = transcriptOf(kind, command, this.#recorder);
    });
    if (begun) this.host.upstream.then((client) => this.#open(client, kind, command));
  }

  #open(client: ssh2.Client, kind: Kind, command: string | null): void {
    if (this.#isOver || !this.#channel) return;
    const opened: Opened = (error, up) => {
      if (error) this.cut(line(NO_CHANNEL));
      else if (this.#isOver) up.close();
      else this.#join(client, up);
    };
    const pty = this.#pty ? { ...this.#pty } : false;
    const options = { env: this.#environment };
    try {
      if (kind === 'shell') client.shell(pty, options, opened);
      else if (kind === 'sftp') client.subsys('sftp', opened);
      else client.exec(command ?? '', { ...options, ...(pty ? { pty } : {}) }, opened);
    } catch {
      this.cut(line(NO_CHANNEL));
    }
  }

  #join(client: ssh2.Client, up: ssh2.ClientChannel): void {
    const { host } = this;
    const channel = this.#channel as ssh2.ServerChannel;
    const transcript = this.#transcript as Transcript;
    const recorder = this.#recorder as ChannelRecorder;
    const outlet = new Outlet(channel, host.socket, host.valve);
    this.#up = up;
    this.#outlet = outlet;
    const taps: Record<'input' | 'output' | 'errors', Tap> = {
      input: (data) => !this.#isOver && host.pass(() => transcript.fromUser(data)),
      output: (data) => !this.#isOver && host.pass(() => transcript.fromTarget(data)),
      errors: (data) => !this.#isOver && host.pass(() => recorder.output(data)),
    };
    up.on('error', () => {});
    if (this.#pty) up.setWindow(this.#pty.rows, this.#pty.cols, this.#pty.height, this.#pty.width);
    pump(channel, up, socketOf(client), taps.input, () => up.end());
    outlet.add(up, false, taps.output);
    outlet.add(up.stderr, true, taps.errors);
    let exit: Exit = { code: FAILED };
    up.on('exit', (code: number | null, signal?: string, dumped?: unknown, text?: string) => {
      exit =
        code === null ? { code, signal: signal ?? '', dumped: Boolean(dumped), text: text ?? '' } : { code };
    });
    up.on('close', async () => {
      await outlet.drained();
      this.#finish(exit);
    });
  }

  /** The target’s side is over, and all that it said has gone out. */
  #finish(exit: Exit): void {
    const channel = this.#channel;
    if (this.#isOver || !channel) return;
    this.#end(exit.code);
    sendExit(channel, exit);
    // No close: ssh2 sends it by itself once everything is out, and sooner would cut off the last of it.
    channel.end();
    channel.resume();
  }

  /** The user’s side is over. */
  #left(): void {
    this.#outlet?.stop();
    this.#up?.close();
    this.#up?.resume();
    this.#up?.stderr.resume();
    this.#end(null);
  }

  #end(code: number | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.host.record(() => {
      this.#transcript?.end();
      this.#recorder?.end(code);
    });
  }

  #resize(info: ssh2.WindowChangeInfo): void {
    if (this.#pty) this.#pty = { ...this.#pty, ...info };
    const { columns, rows } = sizeOf(info);
    if (this.#recorder && !this.host.record(() => this.#recorder?.resize(columns, rows))) return;
    this.#up?.setWindow(info.rows, info.cols, info.height, info.width);
  }

  #signal(name: string): void {
    try {
      this.#up?.signal(name);
    } catch {
      // Not a signal that SSH knows.
    }
  }
}

type Exit =
  | { readonly code: number }
  | { readonly code: null; readonly signal: string; readonly dumped: boolean; readonly text: string };

function sendExit(channel: ssh2.ServerChannel, exit: Exit): void {
  if (exit.code !== null) return void channel.exit(exit.code);
  try {
    channel.exit(exit.signal, exit.dumped, exit.text);
  } catch {
    // Not a signal that SSH knows.
    channel.exit(FAILED);
  }
}

function sizeOf(terminal: { readonly cols: number; readonly rows: number } | null) {
  const within = (size: number | undefined, otherwise: number) =>
    size ? Math.min(size, LARGEST_TERMINAL) : otherwise;
  return { columns: within(terminal?.cols, 80), rows: within(terminal?.rows, 24) };
}
