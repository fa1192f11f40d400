/** A named person's task: change a password that somebody was shown. */

import type { RequestFacts } from '../facts.js';
import type { Revocation } from '../grant.js';
import { type Card, said } from './card.js';
import { accountName, clientOf } from './request-card.js';
import { sayTime } from './words.js';

export function taskCard(facts: RequestFacts): Card {
  const revocation = facts.revocation as Revocation;
  const { directory, grant } = facts;
  const done = revocation.state === 'done';
  const holder = directory.nameOf(grant?.holder ?? null);
  const username = facts.accountNow?.username;
  return {
    client: clientOf(facts),
    title: done ? 'This password was changed' : 'Change this password',
    rows: [
      { label: 'Account', text: said(accountName(facts)) },
      ...(username ? [{ label: 'Sign-in name', text: said(username) }] : []),
      { label: 'Why', text: said(`${holder} was shown it, and their access has ended`) },
      { label: 'Since', text: said(sayTime(revocation.dueAt, directory)) },
    ],
    lines: done
      ? [
          said(
            `${directory.nameOf(revocation.doneBy)} entered the new one ${sayTime(revocation.doneAt as Date, directory)}. Nothing is left to do.`,
          ),
        ]
      : [
          said('1. Change it where it lives.'),
          said('2. Press the button and enter the new one on the page that opens, never here.'),
          said(`Until then the old password still works for ${holder}.`),
        ],
    actions: done
      ? []
      : [
          {
            kind: 'button',
            act: 'new-secret',
            label: 'Enter the new password',
            id: revocation.grant,
            style: 'primary',
          },
        ],
    note: revocation.grant,
  };
}
