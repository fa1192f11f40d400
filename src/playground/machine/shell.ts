/** What one finds after signing in to the played server: a prompt, or one command. Only `passwd` changes anything real. */

import { StringDecoder } from 'node:string_decoder';
import type { ServerChannel } from 'ssh2';
import { INTERRUPTED, Keyboard, type Typed } from '../typing/keyboard.js';
import { type Place, run } from './commands.js';
import { type Files, homeOf } from './files.js';
import { MOTD } from './first-files.js';
import type { Passwords } from './passwords.js';

export interface Where {
  readonly name: string;
  readonly login: string;
  readonly passwords: Passwords;
  readonly files: Files;
  /** The terminal, which may be made larger and smaller meanwhile; null where there is none. */
  readonly terminal: { columns: number; rows: number } | null;
}

const NO_TERMINAL = { columns: 80, rows: 24 };

export class Shell {
  readonly #keyboard: Keyboard;
  readonly #place: Omit<Place, 'stop'>;
  #running = new AbortController();
  #code = 0;
  #over = false;

  constructor(
    private readonly channel: ServerChannel,
    private readonly where: Where,
  ) {
    const { name, login, files, terminal } = where;
    this.#keyboard = new Keyboard((text) => terminal && this.#say(text));
    this.#keyboard.onInterrupt = () => this.#interrupt();
    this.#place = {
      ...{ name, login, files, folder: homeOf(login), terminal: terminal ?? NO_TERMINAL },
      say: (text) => this.#say(text),
      complain: (text) => this.#say(text, terminal ? channel : channel.stderr),
    };
    const decoder = new StringDecoder('utf8');
    channel.on('data', (part: Buffer) => this.#keyboard.read(decoder.write(part)));
    // Whoever has nothing more to type may still wait for what a command says.
    channel.on('end', () => this.#keyboard.end());
    channel.on('close', () => this.#close());
    channel.on('error', () => this.#close());
  }

  /** A prompt, until they leave. */
  async interact(): Promise<void> {
    this.#say(`${MOTD}\n`);
    for (;;) {
      const line = await this.#keyboard.ask(this.where.terminal ? this.#prompt() : '');
      if (line === null || this.#over) return this.#leave(this.#code);
      if (line === INTERRUPTED) continue;
      const left = /^\s*(?:exit|logout)(?:\s+(\d{1,3}))?\s*$/.exec(line);
      if (left) return this.#leave(left[1] === undefined ? this.#code : Number(left[1]) & 255);
      this.#code = await this.#run(line);
    }
  }

  /** One command, and its exit code. */
  async runOnce(command: string): Promise<void> {
    const line = command.replace(/^env( \w+=\S+)* /, '').trim();
    const left = /^exit(?:\s+(\d{1,3}))?$/.exec(line);
    this.#leave(left ? Number(left[1] ?? 0) & 255 : await this.#run(line));
  }

  /** Ctrl-C by a signal of SSH's own. */
  signal(name: string): void {
    if (['INT', 'TERM', 'HUP', 'KILL'].includes(name)) this.#interrupt();
  }

  #prompt(): string {
    const { login, name } = this.where;
    const { folder } = this.#place;
    const shown = folder === homeOf(login) ? '~' : folder;
    return `${login}@${name}:${shown}${login === 'root' ? '#' : '$'} `;
  }

  #interrupt(): void {
    if (this.where.terminal && !this.#running.signal.aborted) this.#say('^C\n');
    this.#running.abort();
  }

  async #run(line: string): Promise<number> {
    if (line.trim() === 'passwd') return this.#passwd();
    this.#running = new AbortController();
    const place: Place = { ...this.#place, stop: this.#running.signal };
    if (this.#over) this.#running.abort();
    const code = await run(line, place);
    this.#place.folder = place.folder;
    return code;
  }

  /** As passwd of Debian asks: the current one, and the new one twice. */
  async #passwd(): Promise<number> {
    const { login, passwords } = this.where;
    this.#say(`Changing password for ${login}.\n`);
    const current = await this.#ask('Current password: ');
    if (typeof current !== 'string' || !passwords.fits(login, current))
      return this.#unchanged('Authentication token manipulation error');
    const first = await this.#ask('New password: ');
    const second = typeof first === 'string' ? await this.#ask('Retype new password: ') : null;
    if (typeof first !== 'string' || first !== second)
      return this.#unchanged('Sorry, passwords do not match.');
    if (first.length < 8) return this.#unchanged('You must choose a longer password.');
    await passwords.set(login, first);
    this.#say('passwd: password updated successfully\n');
    return 0;
  }

  /** Where there is no terminal the question is said nevertheless: whoever answers waits for it. */
  #ask(question: string): Promise<Typed> {
    if (!this.where.terminal) this.#say(question);
    return this.#keyboard.ask(this.where.terminal ? question : '', false);
  }

  #unchanged(why: string): number {
    this.#say(`${why}\npasswd: password unchanged\n`);
    return 10;
  }

  /** A terminal goes to the beginning of the line only where it is told so. */
  #say(text: string, to: { write(text: string): unknown } = this.channel): void {
    if (!this.#over && text !== '') to.write(this.where.terminal ? text.replace(/\r?\n/g, '\r\n') : text);
  }

  #leave(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.channel.exit(code);
    this.channel.end();
  }

  #close(): void {
    this.#over = true;
    this.#keyboard.end();
    this.#running.abort();
  }
}
