/** The public keys that a person has registered, and how one more is. */

import type { PersonFacts } from '../facts.js';
import type { SshKey } from '../ssh-key.js';
import { type Action, type Card, said, type Text, typed } from './card.js';
import { sayTime } from './words.js';

export function sshKeysCard(facts: PersonFacts): Card {
  return {
    client: null,
    title: 'My SSH keys',
    rows: [],
    lines: [
      ...(facts.sshKeys.length === 0 ? [said('None are registered for you.')] : keyLines(facts)),
      said(
        'To register one, type /access ssh-key and the line of your .pub file after it. While a press of Connect holds the way open, a registered key needs no ticket.',
      ),
    ],
    actions: keyEndings(facts),
    note: facts.directory.person(facts.person)?.email ?? '',
  };
}

export function keyLines({ sshKeys, directory }: PersonFacts): Text[] {
  return sshKeys.map(({ kind, fingerprint, comment, addedAt }) =>
    typed(
      `SSH key ${kind} ${fingerprint}${comment === '' ? '' : ` (${comment})`}, since ${sayTime(addedAt, directory)}.`,
    ),
  );
}

export function keyEndings({ sshKeys }: PersonFacts): Action[] {
  return sshKeys.map((key): Action => {
    return { kind: 'button', act: 'end-ssh-key', label: `End ${nameOf(key)}`, id: key.id, style: 'danger' };
  });
}

/** Short enough for a button. */
function nameOf({ comment, fingerprint }: SshKey): string {
  return comment === '' ? fingerprint.slice(0, 15) : comment.slice(0, 30);
}
