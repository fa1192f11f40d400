/** How long one call of a connector may still take, over all its connections and commands. */

export interface Deadline {
  /** Milliseconds, at least 1. */
  left(): number;
}

export function within(ms: number): Deadline {
  const end = performance.now() + ms;
  return { left: () => Math.max(1, end - performance.now()) };
}
