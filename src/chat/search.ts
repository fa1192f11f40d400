/** What a search field offers while somebody types: only what this person may ask for. */

import { fullName } from '../core/accounts.js';
import type { Choice, Sought } from '../core/cards/card.js';
import { askable } from '../core/cards/forms.js';
import { breakable, breakableLabel } from '../core/cards/glass-form.js';
import { heirChoice, heirs } from '../core/cards/sweep-preview.js';
import type { Facts } from '../core/facts.js';
import type { Person, PersonId } from '../core/people.js';
import type { Values } from './act.js';

/** At most `most`, those that begin with what was typed first. */
export function searchChoices(
  facts: Facts,
  asker: PersonId,
  { what, typed, values }: { what: Sought; typed: string; values: Values },
  most: number,
): Choice[] {
  const person = facts.directory.person(asker);
  if (!person) return [];
  const choices = choicesOf(facts, person, what, values);
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

function choicesOf(facts: Facts, person: Person, what: Sought, values: Values): Choice[] {
  const { directory } = facts;
  switch (what) {
    case 'client': {
      const clients = [...new Set(askable(person, facts).map((a) => a.client))];
      return clients.map((id) => ({ label: directory.client(id)?.name ?? id, value: id }));
    }
    case 'account':
      return askable(person, facts, values.client ?? '').map((a) => ({ label: a.name, value: fullName(a) }));
    case 'glass':
      return breakable(person, facts).map((a) => ({
        label: breakableLabel(a, directory),
        value: fullName(a),
      }));
    case 'heir':
      // Who there is, is the leads' to look through.
      return directory.isLead(person.id)
        ? heirs({ directory, paused: facts.paused, person: null }).map(heirChoice)
        : [];
    default:
      return what satisfies never;
  }
}
