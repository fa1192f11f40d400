/** What a measurement yields: one promise, beside its baseline of the same run. */

export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** What the baseline reached in the same run; the note says in which unit. */
  readonly baseline: number;
  readonly goal: number;
  readonly met: boolean;
  /** For the table: the goal in words, and what else was seen. */
  readonly aim: string;
  readonly notes: readonly string[];
}

export interface Measurement {
  readonly id: string;
  measure(): Promise<Figure>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** A ratio that has to reach half of its baseline. */
export function ratioFigure(
  id: string,
  what: string,
  ours: readonly number[],
  theirs: readonly number[],
  notes: readonly string[] = [],
): Figure {
  const [mine, baseline] = [median(ours), median(theirs)];
  const value = mine / baseline;
  const rates = `${what}: ${mine.toFixed(0)} a second, baseline ${baseline.toFixed(0)}`;
  return {
    ...{ id, value, baseline, unit: 'ratio', goal: 0.5, aim: '≥ 0.5', met: value >= 0.5 },
    notes: [rates, ...notes],
  };
}
