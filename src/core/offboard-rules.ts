/** What an offboarding is judged by: how many words it takes, who may take over, and what. */

import type { Account } from './accounts.js';
import type { Directory } from './directory.js';
import type { SweepFacts } from './facts.js';
import type { PersonId } from './people.js';
import type { Refusal } from './refusals.js';

/** The accounts that are this person's to look after, by their full names. */
export function ownedBy({ directory, person }: Pick<SweepFacts, 'directory' | 'person'>): Account[] {
  const email = (directory.person(person) ?? directory.former.find((p) => p.id === person))?.email;
  return directory.accounts.filter(({ owner }) => {
    const isNamed = owner !== undefined && owner.toLowerCase() === email?.toLowerCase();
    return isNamed || directory.owner(owner)?.id === person;
  });
}

/** Whose chain it is on record in: a contact's own client's. */
export function chainOfLeaver({ client }: Pick<SweepFacts, 'client'>): string {
  return client ?? 'operator';
}

/**
 * How many leads have to want it. A lead goes by the words of two; where only one other is left, what their chat says
 * of them stands for the second. Null where that one is missing.
 */
export function wordsNeeded({
  directory,
  person,
  sweep,
}: Pick<SweepFacts, 'directory' | 'person' | 'sweep'>): 1 | 2 | null {
  if (!directory.isLead(person)) return 1;
  if (directory.leads().length > 2) return 2;
  return sweep?.origin === 'automatic' ? 1 : null;
}

/** Staff who act here; auditors only read. */
export function mayInherit(directory: Directory, heir: PersonId): boolean {
  const person = directory.person(heir);
  return person?.kind === 'staff' && person.role !== 'auditor';
}

/** Who is meant by an e-mail address or a whole name; of those who have left too, as some of theirs may still be there. */
export function named(directory: Directory, typed: string): { id: PersonId } | { refused: Refusal } {
  const sought = typed.trim().replace(/\s+/g, ' ').toLowerCase();
  const all = [...directory.people, ...directory.former];
  const byEmail = all.find(({ email }) => email.toLowerCase() === sought);
  if (byEmail) return { id: byEmail.id };
  const called = all.filter(({ name }) => name.toLowerCase() === sought);
  const [only] = called;
  if (called.length > 1) return { refused: { code: 'several-people', typed } };
  return only ? { id: only.id } : { refused: { code: 'unknown-person', typed } };
}
