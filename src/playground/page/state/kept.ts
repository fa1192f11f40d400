/** What the page remembers over a reload of its tab, and forgets with the tab. */

import type { Seen } from './unread.js';

export interface Kept {
  readonly version?: string;
  readonly seen: Readonly<Record<string, Seen>>;
  readonly channel: Readonly<Record<string, string>>;
  readonly guide: number;
  readonly guideShut: boolean;
}

const KEY = 'keyturn-playground';
const NOTHING: Kept = { seen: {}, channel: {}, guide: 0, guideShut: false };

/** What was kept for this version of the playground; storage may be off, so it may be nothing. */
export function recall(version: string): Kept {
  try {
    const kept = { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
    return kept.version === version ? kept : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Private windows may refuse: then a reload starts afresh.
  }
}
