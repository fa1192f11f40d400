/** Which cards there should be of a request or a link, and where: the outbox brings the chats to this state. */

import type { AlertKind } from '../alert.js';
import type { AlertFacts, LinkFacts, ProofFacts, RequestFacts, SweepStory, VisitFacts } from '../facts.js';
import type { ChatIdentity, PersonId } from '../people.js';
import { escalatedTo, mayDecide } from '../policy.js';
import { factorDue } from '../reveal.js';
import { reviewers } from '../review-glass.js';
import { visitFactorDue } from '../visit-browser.js';
import { alertCard } from './alert-card.js';
import type { Card } from './card.js';
import { confirmCard } from './confirm-card.js';
import {
  type ChangedKind,
  changedCard,
  changedKind,
  type EndingKind,
  endingCard,
  endingKind,
} from './ending-card.js';
import { glassCard, toldClientCard } from './glass-card.js';
import { farewellCard, grantCard, outcomeCard } from './grant-card.js';
import { abuseCard, browserCard, isAbused } from './link-card.js';
import { isVisitAbused, visitAbuseCard, visitBrowserCard } from './report-card.js';
import { requestCard } from './request-card.js';
import { sweepCard } from './sweep-card.js';
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
    | 'told'
    | 'escalated'
    | EndingKind
    | ChangedKind
    | 'browser'
    | 'abuse'
    | 'confirm'
    | 'code'
    | 'digest'
    | 'sweep'
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
  if (facts.request.kind === 'break-glass') return glassCopies(facts);
  const { request, policyNow } = facts;
  const shared = requestCard(facts, 'deciders', unreached);
  const deciders = policyNow ? mayDecide(policyNow, request, facts.directory) : [];
  const copies: Copy[] = [
    { kind: 'request', place: { channel: 'requests' }, card: shared },
    ...deciders.map((person): Copy => ({ kind: 'request', place: { person }, card: shared })),
    { kind: 'mine', place: { person: request.requester }, card: requestCard(facts, 'requester', unreached) },
    ...escalatedCopies(facts, unreached),
  ];
  // The grant's own cards are its first request's.
  return [...copies, ...(request.kind === 'extend' ? outcomeCopy(facts) : grantCopies(facts))];
}

/**
 * That nobody has decided, to those who are told: a second message to whoever could have long since, and the card
 * without its buttons to whoever can't. Those who may since then have the request's own card, new to them.
 */
function escalatedCopies(facts: RequestFacts, unreached: readonly PersonId[]): Copy[] {
  const { request, policyNow, directory, decisions } = facts;
  const { escalatedAt } = request;
  if (!policyNow || !escalatedAt) return [];
  const able = mayDecide(policyNow, request, directory);
  const before = mayDecide(policyNow, { ...request, escalatedAt: null }, directory);
  const spoken = decisions.filter((d) => d.at < escalatedAt).map((d) => d.person);
  return escalatedTo(policyNow, request, directory)
    .filter((person) => !able.includes(person) || (before.includes(person) && !spoken.includes(person)))
    .map((person): Copy => {
      const audience = able.includes(person) ? 'deciders' : 'told';
      return { kind: 'escalated', place: { person }, card: requestCard(facts, audience, unreached) };
    });
}

function outcomeCopy(facts: RequestFacts): Copy[] {
  const card = outcomeCard(facts);
  return card ? [{ kind: 'outcome', place: { person: facts.request.requester }, card }] : [];
}

/** What the holder has, what came of it, and what somebody has to do afterwards. */
function grantCopies(facts: RequestFacts): Copy[] {
  const { grant, revocation } = facts;
  const copies: Copy[] = [];
  if (grant) copies.push({ kind: 'grant', place: { person: grant.holder }, card: grantCard(facts) });
  if (grant) copies.push(...ringing(facts, grant.holder));
  copies.push(...outcomeCopy(facts));
  if (revocation?.kind === 'manual' && revocation.assignee !== null)
    copies.push({ kind: 'task', place: { person: revocation.assignee }, card: taskCard(facts) });
  return copies;
}

/** What the holder hears of besides the grant's own card, which changes without a sound. */
function ringing(facts: RequestFacts, person: PersonId): Copy[] {
  const ending = endingKind(facts);
  const changed = changedKind(facts);
  return [
    ...(ending ? [{ kind: ending, place: { person }, card: endingCard(facts, ending) }] : []),
    ...(changed ? [{ kind: changed, place: { person }, card: changedCard(facts, changed) }] : []),
  ];
}

/** A break-glass: the alerts channel, those who may review it, and a co-managed client's own people, in their words. */
function glassCopies(facts: RequestFacts): Copy[] {
  const { request, client, directory } = facts;
  const card = glassCard(facts);
  const contacts = directory.people.filter(
    (p) => client?.engagement === 'co-managed' && p.kind === 'contact' && p.client === request.client,
  );
  return [
    { kind: 'request', place: { channel: 'alerts' }, card },
    ...reviewers(facts).map((person): Copy => ({ kind: 'request', place: { person }, card })),
    ...contacts
      .filter(({ id }) => id !== request.requester)
      .map(({ id }): Copy => ({ kind: 'told', place: { person: id }, card: toldClientCard(facts) })),
    ...grantCopies(facts),
  ];
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

/** As for a link; where a factor is due the phone asks, and the number stands there and in the browser alone. */
export function visitCopies(facts: VisitFacts): Copy[] {
  const { visit } = facts;
  const waits = visit.state === 'asked' && visitFactorDue(facts);
  const copies: Copy[] = [];
  if (visit.number !== null && !waits)
    copies.push({ kind: 'browser', place: { person: visit.person }, card: visitBrowserCard(facts) });
  if (isVisitAbused(facts))
    copies.push({ kind: 'abuse', place: { channel: 'alerts' }, card: visitAbuseCard(facts) });
  return copies;
}

/** The question to the one who confirms; a page or a terminal asks by itself and needs no card. */
export function proofCopies(facts: ProofFacts): Copy[] {
  const { proof } = facts;
  if (proof.act === 'reveal' || proof.act === 'visit') return [];
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
  if (alert.kind === 'review-owed') return (alert.data.told as PersonId[]).map(copy);
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
  'review-late',
  'cool-down',
  'factor-failed',
  'target-stuck',
  'target-untrusted',
  'applied',
  'proposed',
];

/** A sweep, to every other lead and the alerts channel; where it waits for a second lead, the one whom it is about may read there. */
export function sweepCopies(story: SweepStory): Copy[] {
  const { sweep, directory } = story;
  const isSecret = sweep.origin === 'lead' && sweep.accessEndedAt === null;
  const leads = directory.leads().filter(({ id }) => id !== sweep.person);
  return [
    ...(isSecret
      ? []
      : [{ kind: 'sweep', place: { channel: 'alerts' }, card: sweepCard(story, null) } as const]),
    ...leads.map(({ id }): Copy => ({ kind: 'sweep', place: { person: id }, card: sweepCard(story, id) })),
  ];
}

/**
 * What stands where a copy was sent that wouldn't be any more; null where it stays as it was. A decider who has left
 * the group still sees the same card, whose buttons ask again anyway; a warning says what came instead.
 */
export function strayCopy(facts: RequestFacts, kind: string): Card | null {
  if (kind === 'request')
    return facts.request.kind === 'break-glass' ? glassCard(facts) : requestCard(facts, 'deciders');
  if (kind === 'escalated') return requestCard(facts, 'told');
  const hasLeft = facts.directory.person(facts.request.requester) === undefined;
  if (hasLeft && LEAVERS.includes(kind)) return farewellCard(facts);
  if (!facts.grant) return null;
  if (/^ending(?:-|$)/.test(kind)) return endingCard(facts, kind);
  return kind.startsWith('changed-') ? changedCard(facts, kind) : null;
}

/** The copies of whoever asked. */
const LEAVERS: readonly string[] = ['mine', 'grant', 'outcome'];
