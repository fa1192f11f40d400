/** One channel as asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): a header and a line an event. Pure: the time comes with each call. */

import { StringDecoder } from 'node:string_decoder';

export interface CastHeader {
  /** Of the terminal; 80 by 24 where there is none. */
  readonly columns: number;
  readonly rows: number;
  readonly begunAt: Date;
  readonly title: string;
  readonly command: string | null;
}

/** A line of the cast; `isEvent` of all but the header. */
export interface CastLine {
  readonly text: string;
  readonly isEvent: boolean;
}

/** As escaped JSON a character takes 6 bytes at most, so that no line is longer than a piece. */
const LONGEST_TEXT = 8 * 1024;
/** A terminal that says it is larger, or has no size, would leave a player nothing to draw. */
const SIZES = { least: 1, most: 1_000 } as const;

/** What a channel shows, in lines. Bytes that are no UTF-8 become U+FFFD, as a terminal shows them. */
export class Cast {
  readonly #decoder = new StringDecoder('utf8');

  header({ columns, rows, begunAt, title, command }: CastHeader): CastLine {
    const [width, height] = sizeOf(columns, rows);
    const timestamp = Math.floor(begunAt.getTime() / 1000);
    const whole = {
      version: 2,
      width,
      height,
      timestamp,
      title,
      ...(command === null ? {} : { command: shortened(command) }),
    };
    return { text: `${JSON.stringify(whole)}\n`, isEvent: false };
  }

  /** Half a character waits for its other half. */
  output(seconds: number, data: Uint8Array): CastLine[] {
    return this.#lines(seconds, this.#decoder.write(data as Buffer));
  }

  /** Whatever half a character is left. */
  rest(seconds: number): CastLine[] {
    return this.#lines(seconds, this.#decoder.end());
  }

  resize(seconds: number, columns: number, rows: number): CastLine {
    return line(seconds, 'r', sizeOf(columns, rows).join('x'));
  }

  marker(seconds: number, label: string): CastLine {
    return line(seconds, 'm', shortened(label));
  }

  #lines(seconds: number, text: string): CastLine[] {
    const lines: CastLine[] = [];
    for (let from = 0; from < text.length; ) {
      const to = endOf(text, from);
      lines.push(line(seconds, 'o', text.slice(from, to)));
      from = to;
    }
    return lines;
  }
}

/** As much of a command or a path as one line takes. */
export function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, endOf(text, 0))}…` : text;
}

/** Not in the middle of a character of two units. */
function endOf(text: string, from: number): number {
  const to = from + LONGEST_TEXT;
  if (to >= text.length) return text.length;
  const unit = text.charCodeAt(to - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? to - 1 : to;
}

function line(seconds: number, code: 'o' | 'r' | 'm', data: string): CastLine {
  return { text: `${JSON.stringify([Math.round(seconds * 1e6) / 1e6, code, data])}\n`, isEvent: true };
}

function sizeOf(columns: number, rows: number): [number, number] {
  const bound = (n: number, otherwise: number) =>
    Number.isInteger(n) && n >= SIZES.least ? Math.min(n, SIZES.most) : otherwise;
  return [bound(columns, 80), bound(rows, 24)];
}
