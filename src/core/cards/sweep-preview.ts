/** An offboarding before it is done: what it would end, who takes over, and what is read on the phone that confirms it. */

import type { SweepFacts } from '../facts.js';
import { mayInherit, ownedBy, wordsNeeded } from '../offboard-rules.js';
import type { Person, PersonId } from '../people.js';
import type { PhoneFact } from '../proof.js';
import { type Choice, type Field, type Form, said } from './card.js';
import { MOST_CHOICES } from './forms.js';
import { onPhone } from './phone-facts.js';
import { asKinds, sayCounts, sayEstate } from './say-sweep.js';
import { count, list, sayTime } from './words.js';

const MOST_ACCOUNTS = 6;

/** What an offboarding would do, line by line. */
export function sweepPreview(facts: SweepFacts): string[] {
  const { directory, person, counts, votes, reviews, tasks } = facts;
  const owned = ownedBy(facts).length;
  const ends = asKinds(counts);
  return [
    `Ends at once: ${sayCounts(ends)}. From then on nothing of theirs works, and no file brings them back.`,
    ...shownLines(facts),
    ...(owned + tasks.length > 0 ? [`Somebody has to take over ${sayEstate(owned, tasks.length)}.`] : []),
    ...(votes.length > 0
      ? [
          `Their word counts no more on ${count(votes.length, 'request')} that ${votes.length === 1 ? 'waits' : 'wait'}.`,
        ]
      : []),
    ...(reviews.length > 0
      ? [`Still owed afterwards: the review of ${list(reviews.map(({ request }) => request))}.`]
      : []),
    ...(directory.isLead(person) && wordsNeeded(facts) === 2
      ? ['They are a lead, so nothing ends before a second lead has confirmed it too.']
      : []),
  ];
}

function shownLines({ shown, directory, now }: SweepFacts): string[] {
  const first = new Map<string, SweepFacts['shown'][number]>();
  for (const one of shown) {
    const key = `${one.client}/${one.account}`;
    if (one.at < (first.get(key)?.at ?? new Date(8.64e15))) first.set(key, one);
  }
  if (first.size === 0) return ['No password that still works was shown to them.'];
  const named = [...first.values()].slice(0, MOST_ACCOUNTS).map(({ client, account, at }) => {
    const name = directory.account(client, account)?.name ?? account;
    return `${directory.client(client)?.name ?? client}, ${name} (since ${sayTime(at, directory, now)})`;
  });
  const more = first.size - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return [`${count(first.size, 'password')} to change, which they were shown: ${all.join('; ')}.`];
}

/** What stands on the confirming lead's phone. */
export function offboardingOnPhone(facts: SweepFacts, heir: PersonId | null, waits: boolean): PhoneFact[] {
  const { directory, person, sweep, counts } = facts;
  const first = sweep?.proposer ?? null;
  return onPhone([
    ['Offboard', directory.nameOf(person)],
    ['Ends', sayCounts(asKinds(counts))],
    ['Accounts and tasks to', heir === null ? 'nobody: there are none' : directory.nameOf(heir)],
    ...(waits ? [['Then', 'a second lead has to confirm it'] as const] : []),
    ...(first !== null && !waits ? [['Asked by', directory.nameOf(first)] as const] : []),
  ]);
}

/** Whoever may take over: staff, in the directory's order. */
export function heirs({
  directory,
  person,
  paused,
}: Pick<SweepFacts, 'directory' | 'paused'> & { person: PersonId | null }): Person[] {
  return directory.people.filter(
    ({ id }) => id !== person && mayInherit(directory, id) && !paused.includes(id),
  );
}

export function heirChoice({ id, name, email }: Person): Choice {
  return { label: `${name} (${email})`, value: id };
}

/** The preview, and the question who takes over. About a sweep that waits, or else about the person. */
export function offboardForm(facts: SweepFacts): Form {
  const { directory, person, sweep } = facts;
  return {
    form: 'offboard',
    id: sweep?.id ?? person,
    title: `Offboard ${directory.nameOf(person)}`,
    submit: 'Confirm offboarding',
    lines: sweepPreview(facts).map(said),
    fields: [heirField(facts)],
  };
}

function heirField(facts: SweepFacts): Field {
  const choices = heirs(facts).map(heirChoice);
  const owes = ownedBy(facts).length + facts.tasks.length > 0;
  return {
    id: 'heir',
    label: 'Who takes over',
    hint: 'Their accounts, and the passwords that they had to change, are this person’s from then on.',
    ...(owes ? {} : { optional: true }),
    input: choices.length > MOST_CHOICES ? { kind: 'search', what: 'heir' } : { kind: 'choice', choices },
  };
}
