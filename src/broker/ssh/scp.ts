/**
 * Reads what `scp -t` (to the target) and `scp -f` (from it) say as it passes by: names and sizes of files. That is how scp
 * worked before OpenSSH 9, and how `scp -O` still does.
 */

import type { ChannelRecorder } from '../gate.js';
import type { Transcript } from './transcript.js';

export type ScpDirection = 'to-target' | 'from-target';

const SCP = /^(?:\/(?:usr\/)?bin\/)?scp((?: -[A-Za-z]+)+)(?: --)? [^;&|<>()$`\r\n]+$/;
const LONGEST_LINE = 8 * 1024;
const [OK, WARNING, ERROR] = [0, 1, 2];

/** Null for whatever isn’t plainly scp and nothing else: its output goes on record in full then. */
export function scpDirection(command: string): ScpDirection | null {
  const flags = SCP.exec(command)?.[1] ?? '';
  if (flags.includes('t') === flags.includes('f')) return null;
  return flags.includes('t') ? 'to-target' : 'from-target';
}

export class ScpTranscript implements Transcript {
  readonly #sender: Sender;
  readonly #receiver: Receiver;

  constructor(
    recorder: ChannelRecorder,
    private readonly direction: ScpDirection,
  ) {
    const act = direction === 'to-target' ? 'write' : 'read';
    const note = (path: string, bytes: number) => recorder.file({ act, path, bytes });
    const shown = (text: Buffer) => recorder.output(text);
    const unseen = () => {};
    this.#sender = new Sender(note, direction === 'from-target' ? shown : unseen);
    this.#receiver = new Receiver(direction === 'to-target' ? shown : unseen);
  }

  fromUser(data: Buffer): void {
    if (this.direction === 'to-target') this.#sender.take(data);
    else this.#receiver.take(data);
  }

  fromTarget(data: Buffer): void {
    if (this.direction === 'to-target') this.#receiver.take(data);
    else this.#sender.take(data);
  }

  end(): void {
    this.#sender.end();
  }
}

/** The side that has the files: lines that announce them, their content, and a zero byte after each. */
class Sender {
  readonly #lines: Lines;
  readonly #folders: string[] = [];
  #file: { readonly path: string; readonly size: number } | null = null;
  /** Bytes of the file that are still to come. */
  #left = 0;

  constructor(
    private readonly note: (path: string, bytes: number) => void,
    private readonly said: (text: Buffer) => void,
  ) {
    this.#lines = new Lines((line) => this.#announced(line));
  }

  take(data: Buffer): void {
    let at = 0;
    while (at < data.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, data.length - at);
        this.#left -= taken;
        at += taken;
      } else if (this.#file && this.#lines.isAtStart && data[at] === OK) {
        this.#settle();
        at += 1;
      } else at += this.#lines.take(data, at);
    }
  }

  end(): void {
    this.#settle();
  }

  #settle(): void {
    if (this.#file) this.note(this.#file.path, this.#file.size - this.#left);
    this.#file = null;
    this.#left = 0;
  }

  #announced(line: Buffer): void {
    if (line[0] === WARNING || line[0] === ERROR) {
      this.#settle();
      this.said(line.subarray(1));
      return;
    }
    const text = line.toString('utf8');
    const [, kind, size, name = ''] = /^([CD])[0-7]{4,} (\d{1,15}) ([^/\n]+)\n$/.exec(text) ?? [];
    if (this.#file) throw new Error('scp went on before its file was whole');
    if (kind === 'D') this.#folders.push(name);
    else if (kind === 'C') {
      this.#file = { path: [...this.#folders, name].join('/'), size: Number(size) };
      this.#left = Number(size);
    } else if (/^E\n$/.test(text)) this.#folders.pop();
    else if (!/^T\d+ \d+ \d+ \d+\n$/.test(text)) throw new Error('not what scp says');
  }
}

/** The side that takes the files: a zero byte for yes, or what went wrong. */
class Receiver {
  readonly #lines: Lines;

  constructor(said: (text: Buffer) => void) {
    this.#lines = new Lines((line) => {
      if (line[0] !== WARNING && line[0] !== ERROR) throw new Error('not what scp answers');
      said(line.subarray(1));
    });
  }

  take(data: Buffer): void {
    let at = 0;
    while (at < data.length) at += this.#lines.isAtStart && data[at] === OK ? 1 : this.#lines.take(data, at);
  }
}

/** Gathers one line, with its end, from the pieces in which it comes. */
class Lines {
  #parts: Buffer[] = [];
  #size = 0;

  constructor(private readonly found: (line: Buffer) => void) {}

  get isAtStart(): boolean {
    return this.#size === 0;
  }

  /** How many bytes it took: up to the end of the line, or all. */
  take(data: Buffer, at: number): number {
    const end = data.indexOf(0x0a, at);
    const part = data.subarray(at, end < 0 ? data.length : end + 1);
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > LONGEST_LINE) throw new Error('scp says more in a line than it may');
    if (end >= 0) {
      const line = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#size = 0;
      this.found(line);
    }
    return part.length;
  }
}
