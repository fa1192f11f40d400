/** What the bot proposes for what is typed. */

import { useEffect, useState } from 'preact/hooks';
import type { Outcome } from '../slack-contract.js';
import type { Choice } from './types.js';

export interface Group {
  readonly label?: string;
  readonly options: readonly Choice[];
}

interface Found {
  readonly groups: readonly Group[];
  /** Said in place of options, or above them. */
  readonly note?: string | undefined;
}

const PAUSE_MS = 150;

/** Asks once the typing pauses; an answer that comes after the next letter is dropped. */
export function useProposals(
  typed: string | undefined,
  least: number,
  search: (value: string) => Promise<Outcome>,
): { groups: readonly Group[]; note: string | undefined } {
  const [found, setFound] = useState<Found>({ groups: [] });
  useEffect(() => {
    if (typed === undefined) return setFound({ groups: [] });
    const missing = least - typed.length;
    if (missing > 0) {
      return setFound({
        groups: [],
        note: `Type ${missing} more ${missing === 1 ? 'letter' : 'letters'} to search`,
      });
    }
    let late = false;
    setFound((before) => ({ groups: before.groups, note: before.groups.length ? undefined : 'Searching…' }));
    const timer = setTimeout(
      async () => {
        const outcome = await search(typed);
        if (!late) setFound(read(outcome));
      },
      typed ? PAUSE_MS : 0,
    );
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [typed, least]);
  return { groups: found.groups, note: found.note };
}

function read(outcome: Outcome): Found {
  if (outcome.ok === false) return { groups: [], note: outcome.error ?? 'The search did not work.' };
  const groups: readonly Group[] =
    outcome.option_groups?.map((group) => ({ label: group.label.text, options: group.options })) ??
    (outcome.options ? [{ options: outcome.options }] : []);
  const some = groups.some((group) => group.options.length > 0);
  return some ? { groups } : { groups: [], note: 'Nothing found' };
}
