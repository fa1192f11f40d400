/** A platform may deliver the same thing twice: the second time gets the first one's answer, and nothing is done again. */

const MOST = 10_000;
/** As long as a signed request may be replayed at Slack (five minutes old to five minutes ahead), and a token at Teams to the same effect. */
const KEPT_MS = 11 * 60_000;

/** Remembers answers by delivery. Bounded; a process that restarts relies on the judging, as every verb does. */
export class Once<T> {
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Runs `work`, unless this delivery is under way or answered already. */
  run(key: string, work: () => Promise<T>): { readonly answer: Promise<T>; readonly first: boolean } {
    const at = this.now();
    this.#forget(at);
    const kept = this.#kept.get(key);
    if (kept) return { answer: kept.answer, first: false };
    const answer = work();
    this.#kept.set(key, { at, answer });
    // What failed was not done: another delivery may try.
    answer.catch(() => this.#kept.delete(key));
    return { answer, first: true };
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#kept) {
      if (now - at < KEPT_MS && this.#kept.size < MOST) return;
      this.#kept.delete(key);
    }
  }
}

/** Runs work of one name in the order in which it came, so that the last choice made is the one that is shown. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work, work);
    this.#last.set(name, turn);
    const leave = () => {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    };
    turn.then(leave, leave);
    return turn;
  }
}
