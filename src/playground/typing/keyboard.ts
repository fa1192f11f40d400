/** Lines as somebody types them at a terminal: shown while they are typed, corrected, taken back, repeated. */

/** What stands for Ctrl-C where a line was asked for. */
export const INTERRUPTED = Symbol('Ctrl-C');

/** A line; Ctrl-C; or null where nobody types any more: Ctrl-D, or a terminal that is gone. */
export type Typed = string | typeof INTERRUPTED | null;

interface Question {
  readonly resolve: (typed: Typed) => void;
  readonly shown: boolean;
}

const LONGEST_LINE = 4_096;
const MOST_AHEAD = 16_384;
const MOST_REMEMBERED = 100;
const ESCAPE = '\u001b';
const UP = `${ESCAPE}[A`;
const DOWN = `${ESCAPE}[B`;
/** One key: a letter, or what a key without one sends. */
const KEYS = new RegExp(`${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|)|[^${ESCAPE}]`, 'gsu');

export class Keyboard {
  /** Told of Ctrl-C while no line is asked for. */
  onInterrupt: () => void = () => {};
  #question: Question | null = null;
  #typed = '';
  #ahead = '';
  #isOver = false;
  /** What was typed before, and which of it is shown. */
  readonly #former: string[] = [];
  #shownFormer = 0;

  /** @param say shows something to whoever types. */
  constructor(private readonly say: (text: string) => void) {}

  /** Asks for a line. @param shown false for what nobody should read over a shoulder. */
  ask(question: string, shown = true): Promise<Typed> {
    if (this.#isOver && this.#ahead === '') return Promise.resolve(null);
    this.say(question);
    this.#typed = '';
    this.#shownFormer = this.#former.length;
    const ahead = this.#ahead;
    this.#ahead = '';
    return new Promise((resolve) => {
      this.#question = { resolve, shown };
      this.read(ahead);
      if (this.#isOver) this.#answer(null);
    });
  }

  /** What comes from the keyboard. While no line is asked for it waits, and Ctrl-C is told at once. */
  read(text: string): void {
    for (const key of text.match(KEYS) ?? []) {
      if (this.#question) this.#press(key, this.#question);
      else if (key === '\u0003') this.#interrupt();
      else if (this.#ahead.length < MOST_AHEAD) this.#ahead += key;
    }
  }

  /** Nobody types any more. */
  end(): void {
    this.#isOver = true;
    this.#answer(null);
  }

  #interrupt(): void {
    this.#ahead = '';
    this.onInterrupt();
  }

  #press(key: string, { shown }: Question): void {
    if (key === '\r' || key === '\n') this.#enter(shown);
    else if (key === '\u0003') this.#leave('^C\n', INTERRUPTED);
    else if (key === '\u0004') this.#typed === '' && this.#leave('\n', null);
    else if (key === '\u007f' || key === '\b') this.#replace([...this.#typed].slice(0, -1).join(''), shown);
    else if (key === '\u0015') this.#replace('', shown);
    else if (key === '\u0017') this.#replace(this.#typed.replace(/\S*\s*$/, ''), shown);
    else if (key === UP || key === DOWN) this.#again(key === UP ? -1 : 1, shown);
    else if (key >= ' ' && this.#typed.length < LONGEST_LINE) {
      this.#typed += key;
      if (shown) this.say(key);
    }
  }

  #enter(shown: boolean): void {
    const line = this.#typed;
    if (shown && line.trim() !== '' && this.#former.at(-1) !== line) this.#former.push(line);
    if (this.#former.length > MOST_REMEMBERED) this.#former.shift();
    this.#leave('\n', line);
  }

  #leave(word: string, typed: Typed): void {
    this.say(word);
    this.#answer(typed);
  }

  #answer(typed: Typed): void {
    const question = this.#question;
    this.#question = null;
    question?.resolve(typed);
  }

  /** A line that was typed before, or the empty one after the newest. */
  #again(step: number, shown: boolean): void {
    if (!shown) return;
    this.#shownFormer = Math.min(this.#former.length, Math.max(0, this.#shownFormer + step));
    this.#replace(this.#former[this.#shownFormer] ?? '', shown);
  }

  /** Puts another text in the place of what is typed. */
  #replace(text: string, shown: boolean): void {
    if (shown) {
      const same = commonStart(this.#typed, text);
      const gone = [...this.#typed.slice(same)].length;
      this.say('\b \b'.repeat(gone) + text.slice(same));
    }
    this.#typed = text;
  }
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
