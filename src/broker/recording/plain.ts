/** What a terminal's output reads like, line by line: no colours, no cursor, typing errors corrected as they were on the screen. */

export interface PlainLine {
  /** When its first character came. */
  readonly seconds: number;
  readonly text: string;
}

const ESC = 0x1b;
const BEL = 0x07;
const BACKSPACE = 0x08;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const DELETE = 0x7f;
/** A line that never ends is cut, with so much of it standing in the next: what is looked for may lie on the cut. */
const LONGEST_LINE = 4_000;
const OVERLAP = 300;
/** Nothing hides in a title that never ends. */
const LONGEST_STRING = 4_000;

type State = 'text' | 'escape' | 'control' | 'string' | 'string-escape';

/** Escape sequences are those of ECMA-48. An overprinted line counts as a line of its own: nothing is lost to a carriage return. */
export class PlainLines {
  #state: State = 'text';
  #line: string[] = [];
  #cursor = 0;
  #since = 0;
  #string = '';
  #parameters = '';
  #lines: PlainLine[] = [];

  /** The lines that end in this output. */
  push(seconds: number, output: string): PlainLine[] {
    for (const character of output) this.#take(seconds, character, character.codePointAt(0) as number);
    return this.#ended();
  }

  /** Whatever line is left. */
  rest(): PlainLine[] {
    this.#end();
    return this.#ended();
  }

  #ended(): PlainLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #take(seconds: number, character: string, code: number): void {
    if (this.#state === 'text') this.#text(seconds, character, code);
    else if (this.#state === 'escape') this.#escape(character, code);
    else if (this.#state === 'control') this.#control(character, code);
    else if (this.#state === 'string') this.#inString(seconds, character, code);
    else this.#afterString(character, code);
  }

  /** ESC ends a string, with the backslash that belongs to it or without. */
  #afterString(character: string, code: number): void {
    this.#state = 'text';
    this.#string = '';
    if (character !== '\\') this.#escape(character, code);
  }

  #text(seconds: number, character: string, code: number): void {
    if (code === ESC) this.#state = 'escape';
    else if (code === NEWLINE || code === RETURN) this.#end();
    else if (code === BACKSPACE) this.#cursor = Math.max(0, this.#cursor - 1);
    else if (code === 0x09 || (code >= 0x20 && code < DELETE) || code > 0x9f)
      this.#put(seconds, code === 0x09 ? ' ' : character);
  }

  #escape(character: string, code: number): void {
    this.#parameters = '';
    if (character === '[') this.#state = 'control';
    else if (']PX^_'.includes(character)) this.#state = 'string';
    // Intermediate bytes: the final one is to come.
    else if (code >= 0x20 && code <= 0x2f) this.#state = 'escape';
    else this.#state = 'text';
  }

  #control(character: string, code: number): void {
    if (code >= 0x20 && code <= 0x3f) {
      this.#parameters += character;
      return;
    }
    this.#state = 'text';
    if (character === 'K' && /^0?$/.test(this.#parameters)) this.#line.length = this.#cursor;
    if (character === 'D') this.#cursor = Math.max(0, this.#cursor - this.#count());
    if (character === 'C') this.#cursor = Math.min(this.#line.length, this.#cursor + this.#count());
    if (character === 'P') this.#line.splice(this.#cursor, this.#count());
    // Where the cursor goes to another line, this one is over.
    if ('ABEFHJdf'.includes(character)) this.#end();
  }

  #inString(seconds: number, character: string, code: number): void {
    if (code === ESC) {
      this.#state = 'string-escape';
      return;
    }
    if (code === BEL) {
      this.#state = 'text';
      this.#string = '';
      return;
    }
    this.#string += character;
    if (code !== NEWLINE && code !== RETURN && this.#string.length < LONGEST_STRING) return;
    const text = this.#string;
    this.#state = 'text';
    this.#string = '';
    for (const one of text) this.#text(seconds, one, one.codePointAt(0) as number);
  }

  #count(): number {
    return Math.max(1, Math.min(1_000, Number.parseInt(this.#parameters, 10) || 1));
  }

  #put(seconds: number, character: string): void {
    if (this.#line.length === 0) this.#since = seconds;
    this.#line[this.#cursor] = character;
    this.#cursor += 1;
    if (this.#line.length < LONGEST_LINE) return;
    const kept = this.#line.slice(-OVERLAP);
    this.#end();
    this.#line = kept;
    this.#cursor = kept.length;
    this.#since = seconds;
  }

  #end(): void {
    const text = this.#line.join('');
    if (text.trim() !== '') this.#lines.push({ seconds: this.#since, text });
    this.#line = [];
    this.#cursor = 0;
  }
}
