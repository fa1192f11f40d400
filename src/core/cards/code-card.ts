/** What a client's contacts read when the code of their own authenticator is asked for, and where they type it. */

import { type CodeAsk, isAskOpen } from '../code-window.js';
import { whoGives } from '../codes.js';
import type { LinkFacts } from '../facts.js';
import { isLive } from '../grant.js';
import { type Card, type Form, said } from './card.js';
import type { Copy } from './copies.js';
import { accountName, clientOf } from './request-card.js';
import { sayTime } from './words.js';

/** To each of them who may answer, in their own chats. */
export function codeCopies(facts: LinkFacts, ask: CodeAsk): Copy[] {
  const card = codeCard(facts, ask);
  return whoGives(facts).map(({ id }): Copy => ({ kind: 'code', place: { person: id }, card }));
}

export function codeCard(facts: LinkFacts, ask: CodeAsk): Card {
  const { directory, link, request, grant, now } = facts;
  const asks = ask.state === 'asked' && isAskOpen(ask, now) && grant !== null && isLive(grant, now);
  return {
    client: clientOf(facts),
    title: asks ? 'A one-time code is needed' : 'One-time code',
    rows: [
      { label: 'Account', text: said(accountName(facts)) },
      { label: 'Asked by', text: said(directory.nameOf(link.person)) },
      { label: 'Request', text: said(request.id) },
    ],
    lines: asks ? asking(facts, ask) : [said(sayAsk(facts, ask))],
    actions: asks
      ? [{ kind: 'button', act: 'give-code', label: 'Type the code', id: ask.id, style: 'primary' }]
      : [],
    note: link.grant,
  };
}

function asking(facts: LinkFacts, ask: CodeAsk) {
  const who = facts.directory.nameOf(facts.link.person);
  const until = sayTime(ask.untilAt, facts.directory, ask.askedAt);
  return [
    said(
      `${who} has the password and signs in now. Read the code from your authenticator and type it here: it goes to ${who}’s page only.`,
    ),
    said(`It can be typed until ${until}. If you don’t know of this, don’t type it, and ask ${who}.`),
  ];
}

/** What came of it. */
function sayAsk({ directory, link }: LinkFacts, { state, typedBy, typedAt, handedAt }: CodeAsk): string {
  const page = `${directory.nameOf(link.person)}’s page`;
  const by = directory.nameOf(typedBy);
  if (state === 'handed' && handedAt)
    return `${by} typed it. Handed to ${page} at ${sayTime(handedAt, directory)}.`;
  if (state === 'typed') return `${by} typed it, and ${page} takes it within a minute.`;
  return typedAt === null
    ? 'It isn’t needed any more: nobody typed it in time, it was asked for anew, or the access has ended.'
    : `${by} typed it, but ${page} didn’t take it within a minute, so it is gone.`;
}

/** Where a contact types the digits; nothing of them is kept in the chat. */
export function giveCodeForm(facts: LinkFacts, ask: CodeAsk): Form {
  const { directory, link, request, client } = facts;
  return {
    form: 'give-code',
    id: ask.id,
    title: 'One-time code',
    submit: 'Hand it over',
    lines: [
      said(
        `${client?.name ?? request.client}: ${accountName(facts)}, for ${directory.nameOf(link.person)}, ${request.id}`,
      ),
    ],
    fields: [
      {
        id: 'code',
        label: 'Code',
        hint: `The digits that your authenticator shows now. They go to ${directory.nameOf(link.person)}’s page only.`,
        input: { kind: 'line', most: 12, placeholder: '123456' },
      },
    ],
  };
}
