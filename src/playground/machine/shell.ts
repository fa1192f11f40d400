/** What one finds after signing in to the played server: a handful of commands, of which `passwd` is the real one. */

import type { ServerChannel } from 'ssh2';
import type { Passwords } from './passwords.js';

interface Where {
  readonly name: string;
  readonly login: string;
  readonly passwords: Passwords;
}

const HELP = 'Here are: whoami, hostname, uptime, ls, cat motd, passwd, help, exit.';
const MOTD = 'A server that Keyturn plays, so that you can see a password really change.';

export class Shell {
  /** Whoever waits for the next line, and whether what is typed is shown meanwhile. */
  #waiting: { readonly resolve: (line: string | null) => void; readonly echoes: boolean } | null = null;
  #typed = '';
  readonly #lines: string[] = [];
  #over = false;

  constructor(
    private readonly channel: ServerChannel,
    private readonly where: Where,
  ) {
    channel.on('data', (part: Buffer) => this.#read(part.toString('utf8')));
    channel.on('end', () => this.#close());
    channel.on('close', () => this.#close());
    channel.on('error', () => this.#close());
  }

  /** A prompt, until they leave. */
  async interact(): Promise<void> {
    this.#say(`${MOTD}\r\n${HELP}\r\n`);
    for (;;) {
      const line = await this.#ask(`${this.where.login}@${this.where.name}:~$ `, true);
      if (line === null || line.trim() === 'exit' || line.trim() === 'logout') return this.#leave(0);
      await this.#run(line.trim());
    }
  }

  /** One command, and its exit code. */
  async runOnce(command: string): Promise<void> {
    this.#leave(await this.#run(command.replace(/^env( \w+=\S+)* /, '').trim()));
  }

  async #run(command: string): Promise<number> {
    const { login, name } = this.where;
    const answers: Readonly<Record<string, string>> = {
      '': '',
      whoami: login,
      hostname: name,
      uptime: `up ${Math.round(process.uptime() / 60)} minutes`,
      ls: 'motd',
      'cat motd': MOTD,
      help: HELP,
    };
    if (command === 'passwd') return this.#passwd();
    const answer = answers[command];
    const [word = ''] = command.split(' ');
    this.#say(answer === undefined ? `${word}: command not found\r\n` : answer && `${answer}\r\n`);
    return answer === undefined ? 127 : 0;
  }

  /** As passwd of Debian asks: the current one, and the new one twice. */
  async #passwd(): Promise<number> {
    const { login, passwords } = this.where;
    this.#say(`Changing password for ${login}.\r\n`);
    const current = await this.#ask('Current password: ', false);
    if (current === null || !passwords.fits(login, current))
      return this.#unchanged('Authentication token manipulation error');
    const first = await this.#ask('New password: ', false);
    const second = first === null ? null : await this.#ask('Retype new password: ', false);
    if (first === null || second === null || first !== second)
      return this.#unchanged('Sorry, passwords do not match.');
    if (first.length < 8) return this.#unchanged('You must choose a longer password.');
    await passwords.set(login, first);
    this.#say('passwd: password updated successfully\r\n');
    return 0;
  }

  #unchanged(why: string): number {
    this.#say(`${why}\r\npasswd: password unchanged\r\n`);
    return 10;
  }

  #ask(question: string, echoes: boolean): Promise<string | null> {
    this.#say(question);
    if (this.#over) return Promise.resolve(null);
    const ready = this.#lines.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return new Promise((resolve) => {
      this.#waiting = { resolve, echoes };
    });
  }

  #read(text: string): void {
    for (const letter of text) {
      if (letter === '\u0003' || letter === '\u0004') this.#end(null);
      else if (letter === '\r' || letter === '\n') this.#end(this.#typed);
      else if (letter === '\u007f' || letter === '\b') this.#erase();
      else if (letter >= ' ' && this.#typed.length < 1024) {
        this.#typed += letter;
        if (this.#waiting?.echoes) this.#say(letter);
      }
    }
  }

  #erase(): void {
    if (this.#typed === '') return;
    this.#typed = this.#typed.slice(0, -1);
    if (this.#waiting?.echoes) this.#say('\b \b');
  }

  #end(line: string | null): void {
    this.#typed = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) {
      this.#say('\r\n');
      waiting.resolve(line);
    } else if (line !== null && this.#lines.length < 16) this.#lines.push(line);
  }

  #say(text: string): void {
    if (!this.#over && text !== '') this.channel.write(text);
  }

  #leave(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.channel.exit(code);
    this.channel.end();
  }

  #close(): void {
    this.#end(null);
    this.#over = true;
  }
}
