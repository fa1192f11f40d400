/** What a request that waits says: who is still needed, who was told, and when nobody is left who could. */

import type { RequestFacts } from '../facts.js';
import {
  escalatedTo,
  judge,
  mayDecide,
  mayFill,
  type Policy,
  type Reason,
  unmeetableStep,
} from '../policy.js';
import { said, type Text } from './card.js';
import type { Audience } from './request-card.js';
import { list, names, sayDuration, sayStep } from './words.js';

/** That nobody has decided for so long, who was told of it, and whether they may decide now. */
export function sayEscalated(facts: RequestFacts, audience: Audience): Text[] {
  const { request, policyNow, directory, decisions } = facts;
  const { escalateAt, escalatedAt, askedAt } = request;
  if (!policyNow || !escalateAt || !escalatedAt) return [];
  const told = escalatedTo(policyNow, request, directory);
  const able = mayDecide(policyNow, request, directory);
  const deciders = policyNow.escalate?.mayDecide ? told.filter((id) => able.includes(id)) : [];
  const waited = sayDuration((escalateAt.getTime() - askedAt.getTime()) / 1000);
  const so = decisions.length === 0 ? `Nobody has decided for ${waited}` : `Undecided after ${waited}`;
  const then =
    deciders.length > 0
      ? `: ${names(deciders, directory, 4, 'and')} may decide now too`
      : told.length > 0
        ? `: ${names(told, directory, 4, 'and')} ${told.length === 1 ? 'was' : 'were'} told`
        : '';
  const own =
    audience === 'told' ? [said('You are told so that you can reach them; you can’t decide it.')] : [];
  return [said(`${so}${then}.`), ...own];
}

/** Whose word is missing, and whose no longer counts. */
export function stillNeeded(facts: RequestFacts, audience: Audience): Text[] {
  const { request, directory, policyNow, decisions } = facts;
  if (!policyNow) return [said('This account is no longer in Keyturn, so nobody can approve this.')];
  const verdict = judge(policyNow, request, decisions, directory);
  if (verdict.kind !== 'waiting') return [];
  const stuck = sayUnmeetable(facts, policyNow, audience);
  const missing = verdict.because.flatMap((reason) =>
    missingStep(reason, facts, policyNow, verdict.mayDecide),
  );
  const aside = verdict.because.flatMap((reason) =>
    reason.kind === 'set-aside' ? [said(`${directory.nameOf(reason.person)}'s word no longer counts.`)] : [],
  );
  return [...aside, said(stuck ?? `Still needed: ${list(missing)}.`)];
}

/** Somebody has left, and without them it can't be approved any more; null where it can, if only by an escalation. */
function sayUnmeetable(facts: RequestFacts, policy: Policy, audience: Audience): string | null {
  const { request, directory } = facts;
  const escalatedAt = request.escalatedAt ?? request.escalateAt;
  const short = unmeetableStep(policy, { ...request, escalatedAt }, directory);
  if (!short) return null;
  const step = sayStep(short.step.from, short.step.need - short.have, request.client, directory);
  const way =
    audience === 'requester'
      ? 'ask a lead to change the policy, or cancel it'
      : `a lead has to change the policy, or ${directory.nameOf(request.requester)} to cancel it`;
  return `Nobody is left who could give the approval of ${step}; ${way}.`;
}

function missingStep(
  reason: Reason,
  facts: RequestFacts,
  policy: Policy,
  silent: readonly string[],
): string[] {
  if (reason.kind !== 'step' || reason.have >= reason.need) return [];
  const { client } = facts.request;
  const could = mayFill(policy, reason, facts.request, facts.directory);
  const who = could.filter((id) => silent.includes(id));
  const missing = reason.need - reason.have;
  if (reason.from === 'contacts' && who.length === missing)
    return [`${names(who, facts.directory, 4, 'and')} of ${facts.client?.name ?? client}`];
  const step = sayStep(reason.from, missing, client, facts.directory);
  return [who.length === 0 ? `${step} (nobody is left)` : `${step} (${names(who, facts.directory)})`];
}
