/** Asking: a request is born, is refused with a reason, or is taken back by the one who asked. */

import { type Account, type Delivery, fullName } from './accounts.js';
import { event } from './audit.js';
import type { Notice, Write } from './change.js';
import { newGrant } from './deliver.js';
import type { AccountFacts, RequestFacts } from './facts.js';
import { readReason, readTicket } from './free-text.js';
import { type Grant, isLive } from './grant.js';
import { change, type Judged, refuse, whoActs, whoHandsBack } from './judged.js';
import { lendsSecret, offeredDeliveries, unlendable } from './lendable.js';
import type { Actor, Person } from './people.js';
import { judge, type Policy, SHORTEST_SECONDS, unmeetableStep } from './policy.js';
import type { Refusal } from './refusals.js';
import type { Request } from './request.js';
import { missingSeed } from './seed.js';

export interface Ask {
  readonly client: string;
  readonly account: string;
  /** Absent: the first that the account offers. */
  readonly delivery?: Delivery;
  readonly seconds: number;
  readonly reason: string;
  readonly ticket: string | null;
  /** The client's name as typed, where the policy wants it typed. */
  readonly clientName?: string;
}

/**
 * Makes a request out of what was asked, or says why not. Where the policy asks
 * for nobody's approval the grant is made in the same change.
 *
 * @param id a fresh request id, `R-` and six characters.
 */
export function ask(facts: AccountFacts, actor: Actor, asked: Ask, id: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const typed = `${asked.client}/${asked.account}`;
  const account = facts.directory.account(asked.client, asked.account);
  // The same words for what isn't there and for what isn't theirs: names of other clients' accounts don't leak.
  if (!account || !maySee(facts, who.person, account)) return refuse({ code: 'unknown-account', typed });
  const policy = facts.directory.policy(account.policy);
  const cannot = whyNotAsk(facts, who.person, account, policy, asked);
  if (cannot || !policy) return refuse(cannot ?? { code: 'unknown-account', typed });
  const reason = readReason(asked.reason);
  if ('refused' in reason) return reason;
  const ticket = readTicket(asked.ticket);
  if ('refused' in ticket) return ticket;
  if (policy.ticket === 'required' && ticket.ticket === null)
    return refuse({ code: 'ticket-required', policy: policy.id });

  const request: Request = {
    id,
    client: account.client,
    account: account.id,
    requester: who.person.id,
    seconds: asked.seconds,
    reason: reason.text,
    ticket: ticket.ticket,
    delivery: asked.delivery ?? (offeredDeliveries(account, facts.offers)[0] as Delivery),
    policy: policy.id,
    policyVersion: policy.version,
    state: 'pending',
    version: 1,
    askedAt: facts.now,
    decideBy: new Date(facts.now.getTime() + policy.decideWithin * 1000),
    endedAt: null,
    endedBy: null,
    kind: 'ask',
    extends: null,
    proof: null,
    escalateAt: escalateAt(policy, facts.now),
    escalatedAt: null,
  };
  return { change: birth(facts, actor, request, policy, account) };
}

/** When others are told that nobody has decided; null where the policy names nobody. */
export function escalateAt({ escalate }: Policy, now: Date): Date | null {
  return escalate ? new Date(now.getTime() + escalate.after * 1000) : null;
}

function birth(facts: AccountFacts, actor: Actor, request: Request, policy: Policy, account: Account) {
  const asked = event(actor, request.client, 'request.asked', request.id, {
    account: fullName(account),
    minutes: request.seconds / 60,
    reason: request.reason,
    ticket: request.ticket,
    policy: `${policy.id} v${policy.version}`,
  });
  const notices = [{ about: 'request', id: request.id }] as const;
  // Every other verb finds its own second coming by state; a request that was cancelled meanwhile would be asked anew.
  const once: Write[] =
    actor.delivery === undefined ? [] : [{ put: 'delivery', row: { key: actor.delivery } }];
  const verdict = judge(policy, request, [], facts.directory);
  if (verdict.kind !== 'approved')
    return change(facts, { writes: [...once, { put: 'request', row: request }], audit: [asked], notices });
  const granted = newGrant(facts, actor, request, verdict, account);
  return change(facts, {
    writes: [...once, { put: 'request', row: request }, ...granted.writes],
    audit: [asked, ...granted.audit],
    notices: [...notices, ...granted.notices],
  });
}

/** Whether this person may know that the account exists: it is their client, or their client's work. */
export function maySee(facts: AccountFacts, person: Person, account: Account): boolean {
  const client = facts.directory.client(account.client);
  return client !== undefined && facts.directory.serves(person, client);
}

function whyNotAsk(
  facts: AccountFacts,
  person: Person,
  account: Account,
  policy: Policy | undefined,
  asked: Ask,
): Refusal | null {
  const name = fullName(account);
  if (!facts.directory.mayAsk(person, account)) return { code: 'may-not-ask', account: name };
  const because = unlendable(account, facts.directory, facts.offers);
  if (because.length > 0 || !policy) return { code: 'not-lendable', account: name, because };
  if (!facts.secret && lendsSecret(account))
    return { code: 'not-lendable', account: name, because: [{ why: 'no-secret', account: name }] };
  const seedless = missingSeed(account, facts);
  if (seedless.length > 0) return { code: 'not-lendable', account: name, because: seedless };
  const login = loginRefusal(person, account);
  if (login) return login;
  const offered = offeredDeliveries(account, facts.offers);
  if (asked.delivery !== undefined && !offered.includes(asked.delivery))
    return { code: 'not-offered', delivery: asked.delivery };
  return (
    durationRefusal(policy, asked.seconds) ??
    clientNameRefusal(facts, policy, asked) ??
    takenRefusal(facts, person, account) ??
    stepRefusal(facts, policy, person, account)
  );
}

/** Why a group can't be lent to this person: they have no login of their own on its system. */
export function loginRefusal(person: Person, account: Account): Refusal | null {
  if (account.elevate?.as !== 'own' || person.logins?.[account.system ?? '']) return null;
  return { code: 'no-login', system: account.system ?? '', email: person.email };
}

function durationRefusal(policy: Policy, seconds: number): Refusal | null {
  const longest = Math.max(...policy.durations);
  const fits = Number.isSafeInteger(seconds) && seconds >= SHORTEST_SECONDS && seconds <= longest;
  return fits ? null : { code: 'bad-duration', shortest: SHORTEST_SECONDS, longest };
}

function clientNameRefusal(facts: AccountFacts, policy: Policy, asked: Ask): Refusal | null {
  if (!policy.confirmClientName) return null;
  const name = facts.directory.client(asked.client)?.name ?? '';
  const same = (asked.clientName ?? '').trim().toLowerCase() === name.toLowerCase();
  return same ? null : { code: 'client-name', name };
}

function takenRefusal(facts: AccountFacts, person: Person, account: Account): Refusal | null {
  const live = facts.live.filter((g) => g.state === 'provisioning' || isLive(g, facts.now));
  const mine = live.find((g) => g.holder === person.id);
  if (mine) return { code: 'already-holding', grant: mine.id, until: mine.endsAt, delivery: mine.delivery };
  const waiting = facts.pending.find((r) => r.requester === person.id && facts.now < r.decideBy);
  if (waiting) return { code: 'already-pending', request: waiting.id };
  return outRefusal(facts, account);
}

/** Why an exclusive account can't go out now: somebody has it. Null where it can. */
export function outRefusal(facts: AccountFacts, account: Account): Refusal | null {
  if (!account.exclusive) return null;
  const grant = facts.live.find((g) => g.state === 'provisioning' || isLive(g, facts.now));
  return grant ? { code: 'out', grant, holder: grant.holder, until: grant.endsAt } : null;
}

function stepRefusal(facts: AccountFacts, policy: Policy, person: Person, account: Account): Refusal | null {
  const asked = { requester: person.id, client: account.client };
  const short = unmeetableStep(policy, asked, facts.directory);
  return short ? { code: 'step-unmeetable', ...short.step, have: short.have } : null;
}

/** Takes a pending request back; only the one who asked can. */
export function cancel(facts: RequestFacts, actor: Actor): Judged {
  const who = whoHandsBack(facts, actor);
  if ('refused' in who) return who;
  const { request } = facts;
  if (request.requester !== who.person.id) return refuse({ code: 'not-requester' });
  if (request.state !== 'pending') return refuse(over(request));
  return { change: endRequest(facts, actor, 'cancelled') };
}

/** Ends a request that nobody decided in time. Refused while there is time. */
export function lapse(facts: RequestFacts, actor: Actor): Judged {
  const { request } = facts;
  if (request.state !== 'pending') return refuse(over(request));
  if (facts.now < request.decideBy && !isInVain(facts)) return refuse({ code: 'busy' });
  return { change: endRequest(facts, actor, 'lapsed') };
}

/** It asks for more of an access that has ended meanwhile. */
function isInVain({ request, grant, now }: RequestFacts): boolean {
  return request.kind === 'extend' && (!grant || !isLive(grant, now));
}

function endRequest(facts: RequestFacts, actor: Actor, state: 'cancelled' | 'lapsed') {
  const { request } = facts;
  const endedBy = state === 'cancelled' ? actor.person : null;
  const row: Request = { ...request, state, version: request.version + 1, endedAt: facts.now, endedBy };
  return change(facts, {
    writes: [{ put: 'request', row }],
    audit: [event(actor, request.client, `request.${state}`, request.id)],
    notices: noticesOf(request, facts.grant),
  });
}

/** Whose cards a change of this request is news to: what is said of an extension stands on its grant's cards too. */
export function noticesOf(request: Request, grant: Grant | null): Notice[] {
  const own: Notice = { about: 'request', id: request.id };
  return request.kind === 'extend' && grant ? [own, { about: 'request', id: grant.request }] : [own];
}

export function over(request: Request): Refusal {
  return { code: 'request-over', request: request.id, state: request.state, by: request.endedBy };
}
