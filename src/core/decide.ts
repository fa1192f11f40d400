/** Deciding: one approver's word on one request, recounted under current policy and membership. */

import { type Account, fullName } from './accounts.js';
import { loginRefusal, noticesOf, outRefusal, over } from './ask.js';
import { event } from './audit.js';
import { approvalOnPhone } from './cards/phone-facts.js';
import type { Change } from './change.js';
import { newGrant } from './deliver.js';
import { moreTime, whyNotMore } from './extend.js';
import type { RequestFacts } from './facts.js';
import { readReason } from './free-text.js';
import { isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { lendsSecret, unlendable } from './lendable.js';
import type { Actor, Person } from './people.js';
import { judge, mayDecide, type Policy, SHORTEST_SECONDS, type Verdict } from './policy.js';
import type { Needs } from './proof.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import type { Decision, Request } from './request.js';
import { missingSeed } from './seed.js';

/**
 * Records an Approve, and makes the grant if it was the last word missing.
 *
 * @param seconds what the approver shortens the time to; absent: as asked.
 */
export function approve(facts: RequestFacts, actor: Actor, seconds?: number): Judged {
  const who = whoMayDecide(facts, actor);
  if ('refused' in who) return who;
  const { request, accountNow: account, policyNow: policy } = facts;
  if (!account || !policy)
    return refuse({ code: 'unknown-account', typed: `${request.client}/${request.account}` });
  const cannot =
    whyNotLend(facts) ?? shortenRefusal(request, seconds) ?? takenRefusal(facts, account, policy, seconds);
  if (cannot) return refuse(cannot);

  const spent = spend(facts, actor, policy.mfa.approve, approvalNeeds(facts, policy, seconds));
  if (!('writes' in spent)) return spent;
  const decision = decisionOf(facts, who.person, 'approve', seconds ?? null, null, spent.proof);
  const verdict = judge(policy, request, [...facts.decisions, decision], facts.directory);
  const said = event(actor, request.client, 'decision.approve', request.id, {
    minutes: (seconds ?? request.seconds) / 60,
    ...provenBy(actor, spent),
  });
  const granted =
    verdict.kind === 'approved' ? given(facts, actor, verdict, account) : counted(facts.request);
  return {
    change: change(facts, {
      guards: [...granted.guards, { noun: 'unpaused', id: request.requester }],
      writes: [...spent.writes, { put: 'decision', row: decision }, ...granted.writes],
      audit: [said, ...granted.audit],
      notices: [...noticesOf(request, facts.grant), ...granted.notices],
    }),
  };
}

type Parts = Pick<Change, 'guards' | 'writes' | 'audit' | 'notices'>;

/** What the last approval gives: a grant, or more time of one. */
function given(
  facts: RequestFacts,
  actor: Actor,
  verdict: Extract<Verdict, { kind: 'approved' }>,
  account: Account,
): Parts {
  const { request } = facts;
  return request.kind === 'extend'
    ? moreTime(facts, actor, request, verdict)
    : { guards: [], ...newGrant(facts, actor, request, verdict, account) };
}

/** A request that waits for more words has one more. */
function counted(request: Request): Parts {
  const row = { ...request, version: request.version + 1 };
  return { guards: [], writes: [{ put: 'request', row }], audit: [], notices: [] };
}

/** Whether what is asked for is still there to give: an exclusive account for a new grant, time for more of one. */
function takenRefusal(
  facts: RequestFacts,
  account: Account,
  policy: Policy,
  seconds: number | undefined,
): Refusal | null {
  const { request, decisions } = facts;
  if (request.kind !== 'extend') return outRefusal(facts, account);
  const shortened = decisions.flatMap((d) => (d.seconds === null ? [] : [d.seconds]));
  return whyNotMore(facts, policy, Math.min(seconds ?? request.seconds, ...shortened));
}

/** An approver confirms one request, under one version of its policy, for one time. */
function approvalNeeds(facts: RequestFacts, policy: Policy, seconds: number | undefined): Needs {
  const { request } = facts;
  return {
    act: 'approve',
    subject: { kind: 'request', id: request.id, version: policy.version },
    terms: `${seconds ?? request.seconds} seconds`,
    client: request.client,
    facts: approvalOnPhone(facts, seconds ?? request.seconds),
  };
}

/** Records a Deny with its reason. One Deny ends the request. */
export function deny(facts: RequestFacts, actor: Actor, typedReason: string): Judged {
  const who = whoMayDecide(facts, actor);
  if ('refused' in who) return who;
  const reason = readReason(typedReason);
  if ('refused' in reason) return reason;
  const { request } = facts;
  const decision = decisionOf(facts, who.person, 'deny', null, reason.text, null);
  const row: Request = {
    ...request,
    state: 'denied',
    version: request.version + 1,
    endedAt: facts.now,
    endedBy: who.person.id,
  };
  return {
    change: change(facts, {
      writes: [
        { put: 'decision', row: decision },
        { put: 'request', row },
      ],
      audit: [
        event(actor, request.client, 'decision.deny', request.id, { reason: reason.text }),
        event(actor, request.client, 'request.denied', request.id),
      ],
      notices: noticesOf(request, facts.grant),
    }),
  };
}

/** The one gate for a decision, whatever entrance it came by: who, on what, and whether it still waits. */
export function whoMayDecide(facts: RequestFacts, actor: Actor): { person: Person } | { refused: Refusal } {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { request, policyNow: policy } = facts;
  // Before anything else, so that an ended request of theirs can't be taken for somebody else's.
  if (request.requester === who.person.id) return refuse({ code: 'own-request' });
  const deciders = policy ? mayDecide(policy, request, facts.directory) : [];
  if (!deciders.includes(who.person.id)) return refuse({ code: 'not-approver', request: request.id });
  const inVain = request.kind === 'extend' && !(facts.grant && isLive(facts.grant, facts.now));
  if (inVain && (request.state === 'pending' || request.state === 'lapsed'))
    return refuse({ code: 'nothing-to-extend', grant: request.extends ?? '' });
  if (request.state !== 'pending') return refuse(over(request));
  if (facts.now >= request.decideBy) return refuse({ ...over(request), state: 'lapsed' } as Refusal);
  const spoken = facts.decisions.find((d) => d.person === who.person.id);
  return spoken ? refuse({ code: 'already-decided', verdict: spoken.verdict }) : who;
}

function whyNotLend(facts: RequestFacts): Refusal | null {
  const account = facts.accountNow;
  const requester = facts.directory.person(facts.request.requester);
  const typed = `${facts.request.client}/${facts.request.account}`;
  if (!account) return { code: 'unknown-account', typed };
  // The one who asked may have left, or may have lost the right, since.
  if (!requester || !facts.directory.mayAsk(requester, account))
    return { code: 'requester-lost-right', account: fullName(account) };
  if (facts.paused.includes(requester.id)) return { code: 'requester-paused', person: requester.id };
  const because = unlendable(account, facts.directory, facts.offers);
  if (!facts.secret && lendsSecret(account)) because.push({ why: 'no-secret', account: fullName(account) });
  because.push(...missingSeed(account, facts));
  if (because.length > 0) return { code: 'not-lendable', account: fullName(account), because };
  return loginRefusal(requester, account);
}

function shortenRefusal(request: Request, seconds: number | undefined): Refusal | null {
  if (seconds === undefined) return null;
  if (!Number.isSafeInteger(seconds) || seconds < SHORTEST_SECONDS)
    return { code: 'bad-duration', shortest: SHORTEST_SECONDS, longest: request.seconds };
  return seconds > request.seconds ? { code: 'longer-than-asked', asked: request.seconds } : null;
}

function decisionOf(
  facts: RequestFacts,
  person: Person,
  verdict: Decision['verdict'],
  seconds: number | null,
  reason: string | null,
  proof: string | null,
): Decision {
  return { request: facts.request.id, person: person.id, verdict, seconds, reason, proof, at: facts.now };
}
