/** One system that is away holds up nobody else, and isn't knocked at by thousands: what failed there is believed for a while. */

import type { TargetFacts } from '../core/at-target.js';
import type { Failure } from '../core/take-back.js';

interface Open {
  readonly failure: Failure;
  readonly failures: number;
  readonly until: number;
}

/** Back within a minute of the target's own return: it is tried again at least this often. */
const LONGEST_SECONDS = 40;

export class Breakers {
  readonly #open = new Map<string, Open>();

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** What failed at this system a moment ago, and for how many seconds it is believed; null where it may be tried. */
  failureOf(system: string): { readonly failure: Failure; readonly seconds: number } | null {
    const open = this.#open.get(system);
    const left = open ? (open.until - this.clock()) / 1000 : 0;
    return open && left > 0 ? { failure: open.failure, seconds: left } : null;
  }

  failed(system: string, failure: Failure): void {
    const failures = (this.#open.get(system)?.failures ?? 0) + 1;
    const seconds = jittered(Math.min(LONGEST_SECONDS / 2, 2 ** Math.min(failures - 1, 6)));
    this.#open.set(system, { failure, failures, until: this.clock() + seconds * 1000 });
  }

  worked(system: string): void {
    this.#open.delete(system);
  }

  /** How long this account waits until it is tried again, growing with what was tried in vain. */
  pauseOf({ due, rotation, live }: Pick<TargetFacts, 'due' | 'rotation' | 'live'>): number {
    const waits = live.some((grant) => grant.state === 'provisioning');
    const tried = Math.max(0, rotation?.tried ?? 0, ...due.map((one) => one.tried));
    const longest = waits ? LONGEST_SECONDS / 4 : LONGEST_SECONDS;
    return jittered(Math.min(longest, 2 ** Math.min(tried, 6)));
  }
}

/** Between half and once: many that failed together don't come back together. */
function jittered(seconds: number): number {
  return seconds * (0.5 + Math.random() / 2);
}
