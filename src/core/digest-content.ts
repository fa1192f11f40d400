/** What a digest says: everything that its card needs, so that the stored one reads the same whenever it is drawn. */

import type { PictureDay } from './cards/card.js';
import { whoMayDecide } from './decide.js';
import type { ClientFacts, DigestFacts, Head } from './digest-facts.js';
import { QUIET } from './digest-facts.js';
import type { Person, PersonId } from './people.js';
import { mayReview } from './review-glass.js';

/** Something that waits for one person. Instants are ISO texts, because this is stored. */
export type Need =
  | {
      readonly kind: 'decide';
      readonly id: string;
      readonly client: string;
      readonly account: string;
      readonly who: string;
      readonly seconds: number;
      readonly by: string;
    }
  | {
      readonly kind: 'review';
      readonly id: string;
      readonly client: string;
      readonly account: string;
      readonly who: string;
      readonly by: string;
    }
  | {
      readonly kind: 'change';
      readonly id: string;
      readonly client: string;
      readonly account: string;
      readonly who: string;
      readonly since: string;
    }
  | { readonly kind: 'sweep'; readonly id: string; readonly who: string; readonly since: string }
  | { readonly kind: 'resume'; readonly id: string; readonly who: string }
  | { readonly kind: 'proposal'; readonly id: string; readonly who: string };

/** One client's line: what happened since the digest before, and what is open now. */
export interface ClientDay extends Omit<ClientFacts, 'client' | 'oldestPendingAt' | 'oldestDueAt'> {
  readonly id: string;
  readonly name: string;
  readonly oldestPending: string | null;
  readonly oldestDue: string | null;
  /** Names of its own approvers whom no chat reaches. */
  readonly unreached: readonly string[];
}

/** What one person is sent. */
export interface Reader {
  readonly person: PersonId;
  /** Leads read of every client, and of what concerns none; others of the clients that are their work. */
  readonly isLead: boolean;
  readonly sees: readonly string[] | 'all';
  /** The first few of each kind. */
  readonly needs: readonly Need[];
  /** How many there are of each kind. */
  readonly counts: Readonly<Partial<Record<Need['kind'], number>>>;
  /** `[day, granted, denied, break-glass]`, oldest first. */
  readonly days: readonly (readonly [string, number, number, number])[];
}

export interface SweepDay {
  readonly id: string;
  readonly who: string;
  readonly state: 'waiting' | 'running' | 'done';
  readonly due: number;
}

export interface DigestContent {
  readonly day: string;
  readonly since: string;
  readonly at: string;
  readonly timezone: string;
  readonly operator: string;
  readonly clients: readonly ClientDay[];
  readonly sweeps: readonly SweepDay[];
  /** Names of staff who approve and whom no chat reaches. */
  readonly unreached: readonly string[];
  /** The last event of every chain, when this was made: hold them against the trail later. */
  readonly heads: readonly Head[];
  readonly readers: readonly Reader[];
}

/** A card has room for so many of a kind, and so many in all. */
const MOST_OF_A_KIND = 3;
const MOST_NEEDS = 10;

/** @param readers whom it is for. */
export function contentOf(facts: DigestFacts, day: string, readers: readonly Person[]): DigestContent {
  const { directory, now } = facts;
  return {
    day,
    since: facts.since.toISOString(),
    at: now.toISOString(),
    timezone: directory.timezone,
    operator: directory.operator,
    clients: clientsOf(facts),
    sweeps: facts.sweeps.map(({ id, person, state, due }) => ({
      id,
      who: directory.nameOf(person),
      state,
      due,
    })),
    unreached: unreachedNames(facts, null),
    heads: facts.heads,
    readers: readers.map((person) => readerOf(facts, person)),
  };
}

/** Every client in the directory's order, then those that are gone and have something open. */
function clientsOf(facts: DigestFacts): ClientDay[] {
  const { directory } = facts;
  const known = new Map(facts.clients.map((client) => [client.client, client]));
  const here = directory.clients.map(({ id }) => known.get(id) ?? { ...QUIET, client: id });
  const gone = facts.clients.filter(({ client }) => !directory.client(client));
  return [...here, ...gone].map(({ client, oldestPendingAt, oldestDueAt, ...counts }) => ({
    ...counts,
    id: client,
    name: directory.client(client)?.name ?? client,
    oldestPending: oldestPendingAt?.toISOString() ?? null,
    oldestDue: oldestDueAt?.toISOString() ?? null,
    unreached: unreachedNames(facts, client),
  }));
}

/** @param client null: the operator's own staff. */
function unreachedNames({ unreached, directory }: DigestFacts, client: string | null): string[] {
  return unreached.flatMap((id) => {
    const person = directory.person(id);
    return person && (person.client ?? null) === client ? [person.name] : [];
  });
}

function readerOf(facts: DigestFacts, person: Person): Reader {
  const { directory } = facts;
  const isLead = directory.isLead(person.id);
  const theirs = directory.clients.filter((client) => directory.serves(person, client)).map(({ id }) => id);
  const sees = isLead ? 'all' : theirs;
  const needs = needsOf(facts, person, isLead);
  const counts: Partial<Record<Need['kind'], number>> = {};
  for (const { kind } of needs) counts[kind] = (counts[kind] ?? 0) + 1;
  const tasks = facts.taskCounts.filter(isTaskOf(person.id, isLead));
  if (tasks.length > 0) counts.change = tasks.reduce((sum, { count }) => sum + count, 0);
  const first = needs
    .filter((need, n) => needs.slice(0, n).filter(({ kind }) => kind === need.kind).length < MOST_OF_A_KIND)
    .slice(0, MOST_NEEDS);
  return { person: person.id, isLead, sees, needs: first, counts, days: daysOf(facts, sees) };
}

/** What waits for this person, the most pressing kinds first. */
function needsOf(facts: DigestFacts, person: Person, isLead: boolean): Need[] {
  const others = isLead ? [...incidents(facts, person), ...sweepsOf(facts, person)] : [];
  const proposals = isLead ? proposalsOf(facts, person) : [];
  return [
    ...reviewsOf(facts, person),
    ...others,
    ...decisionsOf(facts, person),
    ...tasksOf(facts, person, isLead),
    ...proposals,
  ];
}

function reviewsOf(facts: DigestFacts, { id }: Person): Need[] {
  return facts.reviews.flatMap(({ review, request }): Need[] => {
    const policyNow = policyOf(facts, review);
    if (!mayReview({ request, policyNow, directory: facts.directory }, id)) return [];
    const by = review.dueAt.toISOString();
    return [{ kind: 'review', id: review.request, ...placeOf(facts, review, review.person), by }];
  });
}

function decisionsOf(facts: DigestFacts, person: Person): Need[] {
  return facts.pending
    .filter((pending) => 'person' in whoMayDecide(pending, { person: person.id, via: 'system' }))
    .map(({ request }) => ({
      kind: 'decide',
      id: request.id,
      ...placeOf(facts, request, request.requester),
      seconds: request.seconds,
      by: request.decideBy.toISOString(),
    }));
}

/** Whose task it is, or a lead's where it is nobody's. */
function tasksOf(facts: DigestFacts, { id }: Person, isLead: boolean): Need[] {
  return facts.tasks.filter(isTaskOf(id, isLead)).map((task) => ({
    kind: 'change',
    id: task.grant,
    ...placeOf(facts, task, task.holder),
    since: task.dueAt.toISOString(),
  }));
}

function isTaskOf(id: PersonId, isLead: boolean) {
  return ({ assignee }: { readonly assignee: PersonId | null }) =>
    assignee === id || (assignee === null && isLead);
}

function sweepsOf({ sweeps, directory }: DigestFacts, { id: lead }: Person): Need[] {
  return sweeps
    .filter(({ state, person }) => state === 'waiting' && person !== lead)
    .map(({ id, person, at }) => ({
      kind: 'sweep',
      id,
      who: directory.nameOf(person),
      since: at.toISOString(),
    }));
}

function incidents({ incidents: open, directory }: DigestFacts, { id: lead }: Person): Need[] {
  return open
    .filter(({ person }) => person !== lead)
    .map(({ id, person }) => ({ kind: 'resume', id, who: directory.nameOf(person) }));
}

function proposalsOf({ proposals, directory }: DigestFacts, { id: lead }: Person): Need[] {
  return proposals
    .filter(({ proposer }) => proposer !== lead)
    .map(({ id, proposer }) => ({ kind: 'proposal', id, who: directory.nameOf(proposer) }));
}

interface Place {
  readonly client: string;
  readonly account: string;
}

function policyOf({ directory }: DigestFacts, { client, account }: Place) {
  const known = directory.account(client, account);
  return known && directory.policy(known.policy);
}

/** Names in place of ids. */
function placeOf({ directory }: DigestFacts, { client, account }: Place, who: PersonId) {
  return {
    client: directory.client(client)?.name ?? client,
    account: directory.account(client, account)?.name ?? account,
    who: directory.nameOf(who),
  };
}

function daysOf({ days }: DigestFacts, sees: Reader['sees']): Reader['days'] {
  return days.map(({ day, clients }) => {
    const seen = clients.filter(({ client }) => sees === 'all' || sees.includes(client));
    const sum = (of: 'grants' | 'denials' | 'breakGlass') => seen.reduce((all, one) => all + one[of], 0);
    return [day, sum('grants'), sum('denials'), sum('breakGlass')];
  });
}

/** As the picture has them. */
export function pictureDays({ days }: Reader): PictureDay[] {
  return days.map(([day, grants, denials, breakGlass]) => ({ day, grants, denials, breakGlass }));
}
