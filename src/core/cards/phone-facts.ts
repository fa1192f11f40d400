/** What a person reads on their phone before they confirm: client, account, how long, for whom, which request. */

import type { RequestFacts } from '../facts.js';
import { clean } from '../free-text.js';
import type { PhoneFact } from '../proof.js';
import { accountName, clientOf } from './request-card.js';
import { sayDuration } from './words.js';

const LONGEST = 120;

/** An approval, for so many seconds. */
export function approvalOnPhone(facts: RequestFacts, seconds: number): PhoneFact[] {
  const { request, directory } = facts;
  return onPhone([
    ...accountOnPhone(facts),
    request.kind === 'extend' ? ['More time', sayDuration(seconds)] : ['For', sayDuration(seconds)],
    ['Asked by', directory.nameOf(request.requester)],
    ['Why', request.reason],
    ['Request', request.id],
  ]);
}

/** A browser of the holder's own, by the number that it shows. */
export function browserOnPhone(facts: RequestFacts, number: string): PhoneFact[] {
  const { grant, request } = facts;
  return onPhone([
    ['Number on your screen', number],
    ...accountOnPhone(facts),
    ['Grant', grant?.id ?? request.id],
  ]);
}

/** The way to a session, opened for ten minutes. */
export function connectOnPhone(facts: RequestFacts): PhoneFact[] {
  const { grant, request } = facts;
  return onPhone([...accountOnPhone(facts), ['Connect to', `by SSH, ${grant?.id ?? request.id}`]]);
}

function accountOnPhone(facts: RequestFacts): PhoneFact[] {
  return [
    ['Client', clientOf(facts)?.name ?? facts.request.client],
    ['Account', accountName(facts)],
  ];
}

/** One line each, cleaned of what could make it read otherwise. */
export function onPhone(facts: readonly PhoneFact[]): PhoneFact[] {
  return facts.map(([label, value]) => {
    const line = clean(value).replace(/\s+/g, ' ');
    // Half of a pair of surrogates is nothing that a phone or a database would take.
    const characters = [...line];
    const isLong = characters.length > LONGEST;
    return [label, isLong ? `${characters.slice(0, LONGEST - 1).join('')}…` : line];
  });
}
