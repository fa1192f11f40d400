/** What the page and its server say to each other of Keyturn's clock, which the page can wind on. */

/** How far it is wound on at once, in seconds, and in words. It is never wound back. */
export const WINDS = [
  { seconds: 300, words: '5 minutes' },
  { seconds: 600, words: '10 minutes' },
  { seconds: 3_600, words: '1 hour' },
  { seconds: 86_400, words: '1 day' },
] as const;

export type WindSeconds = (typeof WINDS)[number]['seconds'];

/** From an instant of the real clock on, Keyturn's is so far ahead of it: both in milliseconds. */
export interface Winding {
  readonly at: number;
  readonly ahead: number;
}

export interface ClockView {
  /** The operator's, an IANA name: the times on cards are in it. */
  readonly timezone: string;
  /** Oldest first, and never none: the first counts from the beginning of time. */
  readonly windings: readonly Winding[];
}

export type WindOutcome =
  | { readonly ok: true; readonly clock: ClockView }
  | { readonly ok: false; readonly error: string };
