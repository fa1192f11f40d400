/** Durations as people type them: 90s, 15m, 4h, 30d. */

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const longest = 366 * seconds.d;

export const durationPattern = /^[1-9]\d{0,7}[smhd]$/;

/** Seconds, or undefined for what isn't a duration or is longer than a year. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value !== 'string' || !durationPattern.test(value)) return undefined;
  const length = Number(value.slice(0, -1)) * seconds[value.slice(-1) as keyof typeof seconds];
  return length <= longest ? length : undefined;
}

/** The shortest way to type a number of seconds. */
export function printDuration(length: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    // Two days and more read better in days; up to there, hours do.
    if (unit === 'd' && length < 2 * seconds.d) continue;
    if (length >= seconds[unit] && length % seconds[unit] === 0) return `${length / seconds[unit]}${unit}`;
  }
  return `${length}s`;
}
