/** Teams' rate limits, and failures that a test orders. */
import type { Operation } from '../types.js';

/** What the next calls of an operation get instead of an answer. */
export interface Failure {
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly code?: string;
  readonly message?: string;
  readonly times?: number;
  /** Wait this long, then go on. */
  readonly delayMs?: number;
  /** Cut the connection instead of an answer. */
  readonly cut?: boolean;
  /** Never answer; the connection stays open. */
  readonly hang?: boolean;
  /** Do what was asked, then lose the answer: the caller can't know that it happened. */
  readonly lost?: boolean;
}

/**
 * Per bot and conversation, as [seconds, calls]; and 50 a second for an app in a tenant.
 * "Optimize your bot with rate limiting in Teams", learn.microsoft.com/microsoftteams.
 */
const posting = [
  [1, 7],
  [2, 8],
  [30, 60],
  [3600, 1800],
] as const;
const reading = [
  [1, 14],
  [2, 16],
  [30, 120],
  [3600, 3600],
] as const;
const perTenant = [[1, 50]] as const;

type Windows = readonly (readonly [seconds: number, calls: number])[];

const windowsOf = (operation: Operation): Windows =>
  operation === 'getMembers' || operation === 'getMember' ? reading : posting;

export class Limits {
  readonly #calls = new Map<string, number[]>();
  readonly #failures = new Map<Operation, { failure: Failure; left: number }[]>();

  constructor(
    public enforced: boolean,
    readonly now: () => number,
  ) {}

  /** Seconds to wait, or 0 to go on. A call that must wait is not counted. */
  wait(operation: Operation, tenant: string, conversation: string): number {
    if (!this.enforced) return 0;
    const ours = [`${tenant} ${conversation} ${operation}`, windowsOf(operation)] as const;
    const all = [tenant, perTenant] as const;
    const seconds = Math.max(this.#over(...ours), this.#over(...all));
    if (seconds > 0) return seconds;
    for (const [key] of [ours, all]) this.#calls.set(key, [...this.#recent(key), this.now()]);
    return 0;
  }

  #recent(key: string): number[] {
    const since = this.now() - 3_600_000;
    return (this.#calls.get(key) ?? []).filter((at) => at > since).slice(-3600);
  }

  #over(key: string, windows: Windows): number {
    const recent = this.#recent(key);
    const waits = windows.map(([seconds, calls]) => {
      const first = recent[recent.length - calls];
      return first === undefined ? 0 : (first + seconds * 1000 - this.now()) / 1000;
    });
    return Math.max(0, Math.ceil(Math.max(...waits)));
  }

  failNext(operation: Operation, failure: Failure): void {
    const queue = this.#failures.get(operation) ?? [];
    this.#failures.set(operation, [...queue, { failure, left: failure.times ?? 1 }]);
  }

  /** The failure that this call was ordered to get, used up by asking. */
  nextFailure(operation: Operation): Failure | undefined {
    const queue = this.#failures.get(operation);
    const first = queue?.[0];
    if (!first) return undefined;
    first.left -= 1;
    if (first.left <= 0) queue.shift();
    return first.failure;
  }
}
