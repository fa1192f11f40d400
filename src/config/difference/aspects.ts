/** The sides from which two versions of a thing are compared, each knowing which way is looser. */

import { printDuration } from '../duration.js';

/** One side of a thing. Two versions of a thing have the same aspects in the same order. */
export interface Aspect {
  readonly name: string;
  readonly value: unknown;
  readonly words: string;
  /** Whether coming from `before`, which differs, to this value makes access easier. */
  readonly loosens: (before: never) => boolean;
}

/** Everything that is said of one version of a thing. */
export interface Described {
  readonly summary: string;
  /** Whether its mere appearance lets more people ask or approve. */
  readonly opensWhenAdded: boolean;
  /** Whether doing without it asks less of people. */
  readonly opensWhenGone?: boolean;
  /** What is to be said of its going, besides what it was. */
  readonly ofItsGoing?: string;
  readonly aspects: readonly Aspect[];
}

/** Any value; whether a change loosens is the caller's to say. */
export function aspect<Value>(
  name: string,
  value: Value,
  words: string,
  loosens: (before: Value) => boolean,
): Aspect {
  return { name, value, words, loosens: loosens as (before: never) => boolean };
}

/** A text whose changes never loosen anything. */
export function label(name: string, value: string | undefined): Aspect {
  return aspect(name, value, value === undefined ? 'none' : JSON.stringify(value), () => false);
}

/** A flag, with the value that is the looser one. */
export function flag(name: string, value: boolean, looser: boolean): Aspect {
  return aspect(name, value, value ? 'yes' : 'no', () => value === looser);
}

/** A length of time that loosens as it grows; none at all is as long as can be. */
export function length(name: string, value: number | undefined, none = 'no limit'): Aspect {
  const words = value === undefined ? none : printDuration(value);
  return aspect(name, value, words, (before) => before !== undefined && (value ?? Infinity) > before);
}

/** A length of time that doesn't bear on access. */
export function wait(name: string, value: number | undefined): Aspect {
  return aspect(name, value, value === undefined ? 'never' : printDuration(value), () => false);
}

/** A list that loosens with more of it, with less of it, or never. The order says nothing. */
export function listAspect(
  name: string,
  value: readonly string[],
  looser: 'more' | 'less' | 'never',
): Aspect {
  const sorted = [...new Set(value)].sort();
  return aspect(name, sorted, value.join(', ') || 'nobody', (before) => {
    if (looser === 'more') return sorted.some((item) => !before.includes(item));
    return looser === 'less' && before.some((item) => !sorted.includes(item));
  });
}

/** A nested setting printed as it is, for what is only of interest as having changed. */
export function settings(name: string, value: unknown, loosens = false): Aspect {
  const printed =
    value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(sortKeys(value));
  return aspect(name, value, printed, () => loosens);
}

/** Whether two values say the same. Key order is no difference: the database doesn't keep it. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' && typeof other !== 'object') return (one ?? null) === (other ?? null);
  return JSON.stringify(sortKeys(one) ?? null) === JSON.stringify(sortKeys(other) ?? null);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
