/** Loads one thing at a time, so that answers can't overtake each other. */

/** Runs at most one load for a key; however many are asked for meanwhile, they are one more load after it. */
export class Reloads {
  readonly #running = new Map<string, 'now' | 'again'>();

  async run(key: string, load: () => Promise<void>): Promise<void> {
    if (this.#running.has(key)) {
      this.#running.set(key, 'again');
      return;
    }
    this.#running.set(key, 'now');
    await load().finally(() => {
      const again = this.#running.get(key) === 'again';
      this.#running.delete(key);
      return again ? this.run(key, load) : undefined;
    });
  }
}
