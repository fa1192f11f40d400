/** What a search field offers while somebody types: only what this person may ask for. */

import { fullName } from '../core/accounts.js';
import type { Choice } from '../core/cards/card.js';
import { askable } from '../core/cards/forms.js';
import type { Facts } from '../core/facts.js';
import type { PersonId } from '../core/people.js';
import type { Values } from './act.js';

/** At most `most`, those that begin with what was typed first. */
export function searchChoices(
  facts: Facts,
  asker: PersonId,
  { what, typed, values }: { what: 'client' | 'account'; typed: string; values: Values },
  most: number,
): Choice[] {
  const person = facts.directory.person(asker);
  if (!person) return [];
  const accounts = askable(person, facts, what === 'account' ? (values.client ?? '') : undefined);
  const choices: Choice[] =
    what === 'account'
      ? accounts.map((a) => ({ label: a.name, value: fullName(a) }))
      : [...new Set(accounts.map((a) => a.client))].map((id) => ({
          label: facts.directory.client(id)?.name ?? id,
          value: id,
        }));
  const sought = typed.trim().toLowerCase();
  const rank = ({ label, value }: Choice) =>
    label.toLowerCase().startsWith(sought) ? 0 : `${label} ${value}`.toLowerCase().includes(sought) ? 1 : 2;
  return choices
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((found) => found.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.choice.label.localeCompare(b.choice.label))
    .slice(0, most)
    .map(({ choice }) => choice);
}
