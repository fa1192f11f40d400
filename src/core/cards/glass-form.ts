/** The forms around break-glass: taking access at once, and saying afterwards whether that was right. */

import { type Account, fullName } from '../accounts.js';
import type { Directory } from '../directory.js';
import type { Facts, RequestFacts } from '../facts.js';
import { LONGEST_REASON } from '../free-text.js';
import { mayBreak, SHORTEST_GLASS_REASON, unbreakable } from '../glass.js';
import type { Person } from '../people.js';
import { type Field, type Form, said, typed } from './card.js';
import { MOST_CHOICES } from './forms.js';
import { accountName } from './request-card.js';
import { sayDuration } from './words.js';

/** The accounts that this person may take by break-glass, and that can be lent. */
export function breakable(person: Person, { directory, offers }: Facts): Account[] {
  return directory.accounts.filter(
    (a) => mayBreak(directory, person, a) && unbreakable(a, directory, offers).length === 0,
  );
}

/** The client first, as on every card. */
export function breakableLabel(account: Account, directory: Directory): string {
  return `${directory.client(account.client)?.name ?? account.client}: ${account.name}`;
}

/** Short, because somebody is in a hurry: which account, how long, why. */
export function glassForm(person: Person, facts: Facts): Form {
  const accounts = breakable(person, facts);
  const { directory } = facts;
  const choices = accounts.map((a) => ({ label: breakableLabel(a, directory), value: fullName(a) }));
  const input: Field['input'] =
    choices.length > MOST_CHOICES ? { kind: 'search', what: 'glass' } : { kind: 'choice', choices };
  const none = accounts.length === 0;
  return {
    form: 'break-glass',
    id: '',
    title: 'Break the glass',
    submit: 'Break the glass',
    lines: none
      ? [said('There is nothing that you may take by break-glass. Ask for it instead.')]
      : [
          said(
            'Access at once. Your phone asks first; everybody concerned is told, and somebody reviews it.',
          ),
        ],
    fields: none
      ? []
      : [
          { id: 'glass', label: 'Account', input },
          {
            id: 'long',
            label: 'How long',
            hint: `At most ${sayDuration(longestOf(accounts, directory))}; less where the account’s policy says so.`,
            input: { kind: 'line', most: 12, placeholder: '30m' },
          },
          {
            id: 'why',
            label: 'Why',
            hint: `At least ${SHORTEST_GLASS_REASON} characters. The reviewer goes by it. Never put a password here.`,
            input: {
              kind: 'text',
              most: LONGEST_REASON,
              placeholder: 'What has happened, and what will you do?',
            },
          },
          {
            id: 'ticket',
            label: 'Ticket',
            optional: true,
            input: { kind: 'line', most: 41, placeholder: 'T-20455' },
          },
        ],
  };
}

function longestOf(accounts: readonly Account[], directory: Directory): number {
  return Math.max(...accounts.map((a) => directory.policy(a.policy)?.breakGlass?.maxDuration ?? 0));
}

/** One's word on somebody else's break-glass. */
export function reviewForm(facts: RequestFacts): Form {
  const { request, directory, client } = facts;
  const who = directory.nameOf(request.requester);
  return {
    form: 'review',
    id: request.id,
    title: 'Review a break-glass',
    submit: 'Review',
    lines: [
      said(`${client?.name ?? request.client}: ${accountName(facts)}, ${who}`),
      typed(`“${request.reason}”`),
      said('Misuse ends everything that they hold and pauses them; what they were shown has to be changed.'),
    ],
    fields: [
      {
        id: 'verdict',
        label: 'Your word',
        input: {
          kind: 'choice',
          choices: [
            { label: 'Justified', value: 'justified' },
            { label: 'Misuse', value: 'misuse' },
          ],
        },
      },
      {
        id: 'why',
        label: 'Why',
        hint: 'It stays on record, and auditors read it.',
        input: { kind: 'text', most: LONGEST_REASON },
      },
    ],
  };
}
