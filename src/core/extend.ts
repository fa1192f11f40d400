/** More time: a new approval for a grant that one holds, within what its policy allows in all. Access never runs on while it waits. */

import { fullName } from './accounts.js';
import { escalateAt, noticesOf } from './ask.js';
import { event } from './audit.js';
import type { Change, Guard, Write } from './change.js';
import type { RequestFacts } from './facts.js';
import { readReason } from './free-text.js';
import { type Grant, isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { lendsSecret, unlendable } from './lendable.js';
import type { Actor } from './people.js';
import {
  judge,
  mostInAll,
  type Policy,
  roomFor,
  SHORTEST_SECONDS,
  unmeetableStep,
  type Verdict,
} from './policy.js';
import type { Refusal } from './refusals.js';
import type { Request } from './request.js';
import { missingSeed } from './seed.js';
import { aboutTarget } from './target.js';

export interface More {
  readonly seconds: number;
  readonly reason: string;
}

/**
 * Asks for more time, or says why not. Where the policy asks for nobody's approval
 * the grant is made longer in the same change.
 *
 * @param id a fresh request id.
 */
export function extend(
  facts: RequestFacts,
  actor: Actor,
  { seconds, reason: typed }: More,
  id: string,
): Judged {
  const cannot = whyNotExtend(facts, actor);
  if (cannot) return refuse(cannot);
  const { grant, policyNow: policy } = facts as RequestFacts & { grant: Grant; policyNow: Policy };
  const tooLong = lengthRefusal(policy, grant, seconds);
  if (tooLong) return refuse(tooLong);
  const reason = readReason(typed);
  if ('refused' in reason) return reason;
  const request = requestOf(facts, grant, policy, { seconds, reason: reason.text }, id);
  return { change: birth(facts, actor, request, policy, grant) };
}

/** Why this actor can ask for no more time of this grant now, however little; null where they can. */
export function whyNotExtend(facts: RequestFacts, actor: Actor): Refusal | null {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who.refused;
  const { grant, accountNow: account, policyNow: policy, directory } = facts;
  if (!grant) return { code: 'unknown-id', typed: facts.request.id };
  if (grant.holder !== who.person.id) return { code: 'not-holder' };
  if (!isLive(grant, facts.now))
    return { code: 'grant-over', grant: grant.id, outcome: grant.outcome ?? 'expired' };
  if (!account || !policy || !directory.mayAsk(who.person, account))
    return { code: 'may-not-ask', account: `${grant.client}/${grant.account}` };
  const because = unlendable(account, directory, facts.offers);
  if (!facts.secret && lendsSecret(account)) because.push({ why: 'no-secret', account: fullName(account) });
  because.push(...missingSeed(account, facts));
  if (because.length > 0) return { code: 'not-lendable', account: fullName(account), because };
  if (roomFor(policy, grant) < SHORTEST_SECONDS)
    return { code: 'no-more-time', grant: grant.id, most: mostInAll(policy) };
  const waiting = facts.pending.find((r) => r.requester === who.person.id);
  if (waiting) return { code: 'already-pending', request: waiting.id };
  const asked = { requester: who.person.id, client: grant.client };
  const short = unmeetableStep(policy, asked, directory);
  return short ? { code: 'step-unmeetable', ...short.step, have: short.have } : null;
}

function lengthRefusal(policy: Policy, grant: Grant, seconds: number): Refusal | null {
  const longest = roomFor(policy, grant);
  if (!Number.isSafeInteger(seconds) || seconds < SHORTEST_SECONDS)
    return { code: 'bad-duration', shortest: SHORTEST_SECONDS, longest };
  return seconds > longest ? { code: 'beyond-total', left: longest, most: mostInAll(policy) } : null;
}

/** It inherits how and for which ticket from the request that the grant came from. */
function requestOf(facts: RequestFacts, grant: Grant, policy: Policy, more: More, id: string): Request {
  const { now, request } = facts;
  const end = (grant.endsAt as Date).getTime();
  const decideBy = new Date(Math.min(now.getTime() + policy.decideWithin * 1000, end));
  const told = escalateAt(policy, now);
  return {
    ...more,
    id,
    client: grant.client,
    account: grant.account,
    requester: grant.holder,
    ticket: request.ticket,
    delivery: grant.delivery,
    policy: policy.id,
    policyVersion: policy.version,
    state: 'pending',
    version: 1,
    askedAt: now,
    decideBy,
    endedAt: null,
    endedBy: null,
    kind: 'extend',
    extends: grant.id,
    proof: null,
    escalateAt: told !== null && told < decideBy ? told : null,
    escalatedAt: null,
  };
}

function birth(facts: RequestFacts, actor: Actor, request: Request, policy: Policy, grant: Grant): Change {
  const asked = event(actor, request.client, 'request.asked', request.id, {
    kind: request.kind,
    extends: grant.id,
    account: `${grant.client}/${grant.account}`,
    minutes: request.seconds / 60,
    reason: request.reason,
    ticket: request.ticket,
    policy: `${policy.id} v${policy.version}`,
  });
  // One that was taken back meanwhile would be asked anew by a second copy of the same click.
  const once: Write[] =
    actor.delivery === undefined ? [] : [{ put: 'delivery', row: { key: actor.delivery } }];
  const verdict = judge(policy, request, [], facts.directory);
  const given = verdict.kind === 'approved' ? moreTime(facts, actor, request, verdict) : null;
  return change(facts, {
    guards: given?.guards ?? [{ noun: 'live-grant', id: grant.id }],
    writes: [...once, { put: 'request', row: request }, ...(given?.writes ?? [])],
    audit: [asked, ...(given?.audit ?? [])],
    notices: [...noticesOf(request, grant), ...(given?.notices ?? [])],
  });
}

/** The request approved and its grant made longer, as parts of a change. */
export function moreTime(
  facts: RequestFacts,
  actor: Actor,
  request: Request,
  verdict: Extract<Verdict, { kind: 'approved' }>,
): Required<Pick<Change, 'guards' | 'writes' | 'audit' | 'notices'>> {
  const grant = facts.grant as Grant;
  const endsAt = new Date((grant.endsAt as Date).getTime() + verdict.seconds * 1000);
  const approved: Request = {
    ...request,
    state: 'approved',
    version: request.version + 1,
    endedAt: facts.now,
  };
  // The grant is locked before its request, as its end does it: neither waits for the other.
  const guards: Guard[] = [
    { noun: 'exposures', id: grant.id, count: facts.exposures.length },
    { noun: 'live-grant', id: grant.id },
  ];
  return {
    guards,
    writes: [
      { put: 'request', row: approved },
      { put: 'grant', row: { ...grant, endsAt, version: grant.version + 1 } },
    ],
    audit: [
      event(actor, request.client, 'request.approved', request.id, {
        by: verdict.by,
        because: verdict.because,
      }),
      event(actor, request.client, 'grant.extended', grant.id, {
        request: request.id,
        minutes: verdict.seconds / 60,
        until: endsAt.toISOString(),
      }),
    ],
    // What ends it by itself at the system has to end it later.
    notices: grant.target ? [aboutTarget(grant)] : [],
  };
}

/** Why an extension can't be given now, for so many seconds: the grant has ended, or its policy allows less by now. */
export function whyNotMore(facts: RequestFacts, policy: Policy, seconds: number): Refusal | null {
  const { grant, now } = facts;
  if (!grant || !isLive(grant, now)) return { code: 'nothing-to-extend', grant: facts.request.extends ?? '' };
  const left = roomFor(policy, grant);
  if (left < SHORTEST_SECONDS) return { code: 'no-more-time', grant: grant.id, most: mostInAll(policy) };
  return seconds > left ? { code: 'beyond-total', left, most: mostInAll(policy) } : null;
}
