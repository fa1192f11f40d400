/** Which cards there should be of a request or a link, and where: the outbox brings the chats to this state. */

import type { LinkFacts, RequestFacts } from '../facts.js';
import type { PersonId } from '../people.js';
import { mayDecide } from '../policy.js';
import type { Card } from './card.js';
import { grantCard, outcomeCard } from './grant-card.js';
import { abuseCard, browserCard, isAbused } from './link-card.js';
import { requestCard } from './request-card.js';
import { taskCard } from './task-card.js';

export type Place = { readonly person: PersonId } | { readonly channel: 'requests' | 'alerts' };

/** One copy of one card. `kind` and `place` together name it: there is never a second one. */
export interface Copy {
  readonly kind: 'request' | 'mine' | 'grant' | 'outcome' | 'task' | 'browser' | 'abuse';
  readonly place: Place;
  readonly card: Card;
}

export function requestCopies(facts: RequestFacts): Copy[] {
  const { request, grant, revocation, policyNow } = facts;
  const shared = requestCard(facts, 'deciders');
  const deciders = policyNow ? mayDecide(policyNow, request, facts.directory) : [];
  const copies: Copy[] = [
    { kind: 'request', place: { channel: 'requests' }, card: shared },
    ...deciders.map((person): Copy => ({ kind: 'request', place: { person }, card: shared })),
    { kind: 'mine', place: { person: request.requester }, card: requestCard(facts, 'requester') },
  ];
  if (grant) copies.push({ kind: 'grant', place: { person: grant.holder }, card: grantCard(facts) });
  const outcome = outcomeCard(facts);
  if (outcome) copies.push({ kind: 'outcome', place: { person: request.requester }, card: outcome });
  if (revocation?.kind === 'manual' && revocation.assignee !== null)
    copies.push({ kind: 'task', place: { person: revocation.assignee }, card: taskCard(facts) });
  return copies;
}

export function linkCopies(facts: LinkFacts): Copy[] {
  const { link } = facts;
  const copies: Copy[] = [];
  if (link.number !== null || link.state === 'dead')
    copies.push({ kind: 'browser', place: { person: link.person }, card: browserCard(facts) });
  if (isAbused(link)) copies.push({ kind: 'abuse', place: { channel: 'alerts' }, card: abuseCard(facts) });
  return copies;
}

/** What a decider who has left the group still sees: the same card, whose buttons ask again anyway. */
export function strayCopy(facts: RequestFacts): Card {
  return requestCard(facts, 'deciders');
}
