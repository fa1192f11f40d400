/** Which cards there should be of a request or a link, and where: the outbox brings the chats to this state. */

import type { AlertKind } from '../alert.js';
import type { AlertFacts, LinkFacts, ProofFacts, RequestFacts } from '../facts.js';
import type { ChatIdentity, PersonId } from '../people.js';
import { mayDecide } from '../policy.js';
import { factorDue } from '../reveal.js';
import { alertCard } from './alert-card.js';
import type { Card } from './card.js';
import { confirmCard } from './confirm-card.js';
import { grantCard, outcomeCard } from './grant-card.js';
import { abuseCard, browserCard, isAbused } from './link-card.js';
import { requestCard } from './request-card.js';
import { taskCard } from './task-card.js';

export type Place = { readonly person: PersonId } | { readonly channel: 'requests' | 'alerts' };

/** One copy of one card. `kind` and `place` together name it: there is never a second one. */
export interface Copy {
  readonly kind:
    | 'request'
    | 'mine'
    | 'grant'
    | 'outcome'
    | 'task'
    | 'browser'
    | 'abuse'
    | 'confirm'
    | 'alert';
  readonly place: Place;
  readonly card: Card;
  /** What is for one person alone goes only where their own factor has completed the link, or to this one account. */
  readonly only?: 'proven' | ChatIdentity;
}

/** Whom a request asks to decide, and whose word is still open. */
export function askedToDecide({ request, policyNow, directory, decisions }: RequestFacts): PersonId[] {
  if (request.state !== 'pending' || !policyNow) return [];
  const spoken = decisions.map((d) => d.person);
  return mayDecide(policyNow, request, directory).filter((person) => !spoken.includes(person));
}

/** @param unreached those of {@link askedToDecide} whom no chat reaches: every copy says so. */
export function requestCopies(facts: RequestFacts, unreached: readonly PersonId[] = []): Copy[] {
  const { request, grant, revocation, policyNow } = facts;
  const shared = requestCard(facts, 'deciders', unreached);
  const deciders = policyNow ? mayDecide(policyNow, request, facts.directory) : [];
  const copies: Copy[] = [
    { kind: 'request', place: { channel: 'requests' }, card: shared },
    ...deciders.map((person): Copy => ({ kind: 'request', place: { person }, card: shared })),
    { kind: 'mine', place: { person: request.requester }, card: requestCard(facts, 'requester', unreached) },
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
  const waits = link.state === 'asked' && factorDue(facts);
  if ((link.number !== null && !waits) || link.state === 'dead')
    copies.push({ kind: 'browser', place: { person: link.person }, card: browserCard(facts) });
  if (isAbused(link)) copies.push({ kind: 'abuse', place: { channel: 'alerts' }, card: abuseCard(facts) });
  return copies;
}

/** The question to the one who confirms; a page or a terminal asks by itself and needs no card. */
export function proofCopies(facts: ProofFacts): Copy[] {
  const { proof } = facts;
  if (proof.act === 'reveal') return [];
  const only = proof.identity ?? 'proven';
  return [{ kind: 'confirm', place: { person: proof.person }, card: confirmCard(facts), only }];
}

/** An alert to those whom it concerns. */
export function alertCopies(facts: AlertFacts): Copy[] {
  const { alert, directory } = facts;
  const copy = (person: PersonId): Copy => ({
    kind: 'alert',
    place: { person },
    card: alertCard(facts, person),
  });
  if (!TO_LEADS.includes(alert.kind)) return alert.person === null ? [] : [copy(alert.person)];
  const ofConfiguration = alert.kind === 'applied' || alert.kind === 'proposed';
  const leads = directory.leads().map((lead) => lead.id);
  const former = ofConfiguration ? ((alert.data.leads as PersonId[] | undefined) ?? []) : [];
  const told = [...new Set([...leads, ...former])].filter((id) => ofConfiguration || id !== alert.person);
  const card = alertCard(facts, null);
  return [{ kind: 'alert', place: { channel: 'alerts' }, card }, ...told.map(copy)];
}

const TO_LEADS: readonly AlertKind[] = [
  'fraud',
  'misuse',
  'cool-down',
  'factor-failed',
  'applied',
  'proposed',
];

/** What a decider who has left the group still sees: the same card, whose buttons ask again anyway. */
export function strayCopy(facts: RequestFacts): Card {
  return requestCard(facts, 'deciders');
}
