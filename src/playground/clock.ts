/** Local mode's clock: the database's own, which can be wound on, and what others must know to go along with it. */

import { clockShift, shiftClock } from '../store/deployment.js';
import type { Database } from '../store/driver.js';
import type { ClockView, Winding } from './page/clock-contract.js';

export class WoundClock {
  readonly #windings: Winding[] = [];

  private constructor(
    private readonly database: Database,
    private readonly timezone: string,
  ) {}

  /** @param timezone the operator's, an IANA name */
  static async open(database: Database, timezone: string): Promise<WoundClock> {
    const clock = new WoundClock(database, timezone);
    await clock.#look(0);
    return clock;
  }

  /** Milliseconds since 1970, by the database's clock: it runs on this machine's, so no question is needed. */
  now(): number {
    return Date.now() + (this.#windings.at(-1)?.ahead ?? 0);
  }

  /** Winds on by so many seconds. What is due then is done by whoever does it at any other time. */
  async wind(seconds: number): Promise<void> {
    const at = Date.now();
    await shiftClock(this.database, seconds);
    await this.#look(at);
  }

  view(): ClockView {
    return { timezone: this.timezone, windings: [...this.#windings] };
  }

  async #look(at: number): Promise<void> {
    this.#windings.push({ at, ahead: Math.round((await clockShift(this.database)) * 1000) });
  }
}
