/** What a policy demands, and `judge`, which says what it makes of a request. */

import type { Directory } from './directory.js';
import type { Grant } from './grant.js';
import type { PersonId } from './people.js';
import type { Decision, Request } from './request.js';

/** One approval step: `need` distinct people out of `from` (a group, a tier, an e-mail, `leads` or `contacts`). */
export interface ApprovalStep {
  readonly from: string;
  readonly need: number;
}

export type ProtectedAct = 'approve' | 'reveal' | 'break_glass';

/** A numbered version of a policy. All durations are seconds. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  /** Empty: nobody approves; still time-boxed and logged. */
  readonly approvals: readonly ApprovalStep[];
  /** What the form offers; anything from five minutes to the longest may be typed. */
  readonly durations: readonly number[];
  readonly maxTotal?: number;
  readonly decideWithin: number;
  readonly ticket: 'required' | 'optional';
  readonly confirmClientName: boolean;
  /** How long a reveal link lives; at most ten minutes. */
  readonly linkSeconds: number;
  readonly mfa: Readonly<Record<ProtectedAct, boolean>>;
  readonly escalate?: { readonly after: number; readonly to: string; readonly mayDecide: boolean };
  readonly breakGlass?: {
    readonly may: readonly string[];
    readonly maxDuration: number;
    readonly reviewWithin: number;
    readonly notify: readonly string[];
  };
}

/** The shortest time that may be asked for or approved. */
export const SHORTEST_SECONDS = 5 * 60;

export type Reason =
  | { readonly kind: 'counts'; readonly person: PersonId; readonly from: string }
  | { readonly kind: 'extra'; readonly person: PersonId }
  | { readonly kind: 'set-aside'; readonly person: PersonId; readonly why: 'own' | 'no-longer-approver' }
  | { readonly kind: 'denied'; readonly person: PersonId }
  | { readonly kind: 'step'; readonly from: string; readonly need: number; readonly have: number };

export type Verdict =
  | {
      readonly kind: 'approved';
      readonly by: readonly PersonId[];
      readonly seconds: number;
      readonly because: readonly Reason[];
    }
  | { readonly kind: 'waiting'; readonly mayDecide: readonly PersonId[]; readonly because: readonly Reason[] }
  | { readonly kind: 'denied'; readonly by: PersonId; readonly because: readonly Reason[] };

/** What is judged of a request; `escalatedAt`: when others were told that nobody had decided. */
type Asked = Pick<Request, 'requester' | 'client' | 'seconds'> & Partial<Pick<Request, 'escalatedAt'>>;
type Whose = Omit<Asked, 'seconds'>;

/**
 * Says what a policy makes of a request, given who has spoken so far.
 *
 * Nobody's own word counts toward their own request, one person fills one place
 * only, and a single denial by somebody who may decide outweighs any number of
 * approvals. Words of people who may no longer decide are set aside, and the
 * verdict says so. The shortest approved time wins.
 *
 * Pure: membership and decisions arrive from outside, so every chat and next
 * year's audit reach the same verdict. Cards and audit print `because`.
 */
export function judge(
  policy: Policy,
  request: Asked,
  decisions: readonly Decision[],
  directory: Directory,
): Verdict {
  const deciders = mayDecide(policy, request, directory);
  const heard = decisions.filter((d) => deciders.includes(d.person));
  const setAside = decisions.filter((d) => !deciders.includes(d.person)).map((d) => asideReason(d, request));
  const denial = heard.find((d) => d.verdict === 'deny');
  if (denial) {
    const because: Reason[] = [{ kind: 'denied', person: denial.person }, ...setAside];
    return { kind: 'denied', by: denial.person, because };
  }

  const approving = heard.map((d) => d.person);
  const filled = fillPlaces(policy, request, approving, directory);
  const because: Reason[] = [
    ...filled.flatMap(({ from, people }) =>
      people.map((person): Reason => ({ kind: 'counts', person, from })),
    ),
    ...approving
      .filter((person) => !filled.some((step) => step.people.includes(person)))
      .map((person): Reason => ({ kind: 'extra', person })),
    ...setAside,
    ...filled.map(({ from, need, people }): Reason => ({ kind: 'step', from, need, have: people.length })),
  ];
  if (filled.every((step) => step.people.length === step.need)) {
    const times = heard.flatMap((d) => (d.seconds === null ? [] : [d.seconds]));
    const seconds = Math.min(request.seconds, ...times);
    return { kind: 'approved', by: filled.flatMap((step) => step.people), seconds, because };
  }
  const silent = deciders.filter((id) => !decisions.some((d) => d.person === id));
  return { kind: 'waiting', mayDecide: silent, because };
}

/** Everybody who may decide this request now, in the order of its steps. Never the one who asks. */
export function mayDecide(policy: Policy, request: Whose, directory: Directory): PersonId[] {
  const ids = policy.approvals.flatMap((step) => mayFill(policy, step, request, directory));
  return [...new Set(ids)].filter((id) => id !== request.requester);
}

/**
 * Everybody whose word may count in this step: its own people and, where an escalation empowers others, those.
 * A client's own people are nobody's to stand in for, and stand in for nobody.
 */
export function mayFill(
  policy: Policy,
  { from }: Pick<ApprovalStep, 'from'>,
  request: Whose,
  directory: Directory,
): PersonId[] {
  const own = directory.approvers(from, request.client);
  const { escalate } = policy;
  const standIn = request.escalatedAt && escalate?.mayDecide && from !== 'contacts';
  const others = standIn ? directory.people.filter((p) => directory.isMeantBy(p, escalate.to)) : [];
  return [...new Set([...own, ...others].map((p) => p.id))];
}

/** Whom the policy has told that nobody has decided; nobody before that, and never the one who asks. */
export function escalatedTo(policy: Policy, request: Whose, directory: Directory): PersonId[] {
  const { escalate } = policy;
  if (!request.escalatedAt || !escalate) return [];
  const told =
    escalate.to === 'contacts'
      ? directory.approvers('contacts', request.client)
      : // An auditor never decides, but may be told.
        directory.people.filter(({ role: _, ...p }) => directory.isMeantBy(p, escalate.to));
  return told.map((p) => p.id).filter((id) => id !== request.requester);
}

/** The most that a grant may come to under this policy, extensions included. */
export function mostInAll({ maxTotal, durations }: Pick<Policy, 'maxTotal' | 'durations'>): number {
  return maxTotal ?? Math.max(...durations);
}

/** How many seconds more a grant may be given under this policy; zero or less: it may be given none. */
export function roomFor(policy: Policy, { activeAt, endsAt }: Pick<Grant, 'activeAt' | 'endsAt'>): number {
  if (!activeAt || !endsAt) return 0;
  return mostInAll(policy) - (endsAt.getTime() - activeAt.getTime()) / 1000;
}

/** The first step that can't be met without the one who asks, or null. Counts each person for one place only. */
export function unmeetableStep(
  policy: Policy,
  request: Whose,
  directory: Directory,
): { step: ApprovalStep; have: number } | null {
  const everybody = mayDecide(policy, request, directory);
  const short = fillPlaces(policy, request, everybody, directory).find((s) => s.people.length < s.need);
  return short ? { step: { from: short.from, need: short.need }, have: short.people.length } : null;
}

function asideReason(decision: Decision, request: Asked): Reason {
  const why = decision.person === request.requester ? 'own' : 'no-longer-approver';
  return { kind: 'set-aside', person: decision.person, why };
}

interface FilledStep extends ApprovalStep {
  readonly people: PersonId[];
}

/**
 * Seats people in the steps so that as many places as possible are filled, each
 * person in one place (maximum bipartite matching by augmenting paths): somebody
 * who is in two groups moves over when that lets another person's word count.
 */
function fillPlaces(
  policy: Policy,
  request: Whose,
  people: readonly PersonId[],
  directory: Directory,
): FilledStep[] {
  const steps = policy.approvals.map((step) => ({
    ...step,
    people: [] as PersonId[],
    eligible: new Set(mayFill(policy, step, request, directory)),
  }));
  const seat = (person: PersonId, tried: Set<FilledStep>): boolean => {
    for (const step of steps) {
      if (!step.eligible.has(person) || tried.has(step)) continue;
      tried.add(step);
      if (step.people.length < step.need) {
        step.people.push(person);
        return true;
      }
      const moved = step.people.findIndex((sitting) => seat(sitting, tried));
      if (moved >= 0) {
        step.people[moved] = person;
        return true;
      }
    }
    return false;
  };
  for (const person of people) seat(person, new Set());
  return steps.map(({ from, need, people: seated }) => ({ from, need, people: seated }));
}
