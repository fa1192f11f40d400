/** Break-glass: access at once, after a factor, loudly, with a review that is owed. Nobody is asked; everybody is told. */

import { type Account, fullName } from './accounts.js';
import { type Ask, loginRefusal, maySee, outRefusal } from './ask.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import { sayDuration } from './cards/words.js';
import type { Change, Write } from './change.js';
import { newGrant } from './deliver.js';
import type { Directory } from './directory.js';
import type { GlassFacts } from './facts.js';
import { readReason, readTicket } from './free-text.js';
import { isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { lendsSecret, type Offers, offeredDeliveries, type Unlendable, unlendable } from './lendable.js';
import type { Actor, Person } from './people.js';
import { type Policy, SHORTEST_SECONDS } from './policy.js';
import type { Needs } from './proof.js';
import { provenBy, type Spent, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import type { Request } from './request.js';
import { isAllowed, isLate, type Review } from './review.js';
import { missingSeed } from './seed.js';

/** So much has to be said of an emergency: it is what the reviewer goes by. */
export const SHORTEST_GLASS_REASON = 15;

/** Whether this person may take this account without asking; says nothing of whether it can be lent now. */
export function mayBreak(directory: Directory, person: Person, account: Account): boolean {
  const client = directory.client(account.client);
  const glass = directory.policy(account.policy)?.breakGlass;
  if (!client || !glass || !directory.serves(person, client)) return false;
  if (person.kind === 'contact') return person.requests === true && glass.may.includes('contacts');
  return glass.may.some((name) => directory.isMeantBy(person, name));
}

/** Why an account can't be taken by break-glass in this version; nobody's approval is needed for it. */
export function unbreakable(account: Account, directory: Directory, offers: Offers): Unlendable[] {
  const policy = directory.policy(account.policy);
  const others = unlendable(account, directory, offers).filter(
    ({ why }) => why !== 'contacts-unreachable' && why !== 'mfa',
  );
  const isProven = policy !== undefined && (policy.mfa.break_glass || policy.mfa.reveal);
  return isProven && offers.factors.length === 0 ? [...others, { why: 'mfa', policy: policy.id }] : others;
}

/**
 * Takes an account at once, or says why not. The request, its grant and the review
 * that it owes are born together; one proof covers it and the first showing.
 *
 * @param id a fresh request id.
 */
export function breakGlass(facts: GlassFacts, actor: Actor, asked: Ask, id: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { directory } = facts;
  const typed = `${asked.client}/${asked.account}`;
  const account = directory.account(asked.client, asked.account);
  if (!account || !maySee(facts, who.person, account)) return refuse({ code: 'unknown-account', typed });
  const policy = directory.policy(account.policy);
  const cannot = whyNotBreak(facts, who.person, account, asked);
  if (cannot || !policy) return refuse(cannot ?? { code: 'unknown-account', typed });
  const reason = readReason(asked.reason);
  if ('refused' in reason) return reason;
  if (reason.text.length < SHORTEST_GLASS_REASON)
    return refuse({ code: 'short-reason', least: SHORTEST_GLASS_REASON });
  const ticket = readTicket(asked.ticket);
  if ('refused' in ticket) return ticket;
  if (actor.via === 'cli' && facts.offers.factors.length === 0)
    return refuse({ code: 'factor-failed', failure: 'no-factor' });
  const said = { ...asked, reason: reason.text, ticket: ticket.ticket };
  // At a terminal nobody's chat account speaks for them, so their factor always does.
  const isDue = policy.mfa.break_glass || actor.via === 'cli';
  const spent = spend(facts, actor, isDue, needsOf(account, policy, who.person, said));
  if (!('writes' in spent)) return spent;
  const request = requestOf(facts, who.person, account, policy, said, spent, id);
  return { change: broken(facts, actor, account, policy, request, spent) };
}

function whyNotBreak(facts: GlassFacts, person: Person, account: Account, asked: Ask): Refusal | null {
  const { directory, offers, now } = facts;
  const name = fullName(account);
  const glass = directory.policy(account.policy)?.breakGlass;
  if (!glass || !mayBreak(directory, person, account)) return { code: 'no-break-glass', account: name };
  const because = unbreakable(account, directory, offers);
  if (!facts.secret && lendsSecret(account)) because.push({ why: 'no-secret', account: name });
  because.push(...missingSeed(account, facts));
  if (because.length > 0) return { code: 'not-lendable', account: name, because };
  const offered = offeredDeliveries(account, offers);
  if (asked.delivery !== undefined && !offered.includes(asked.delivery))
    return { code: 'not-offered', delivery: asked.delivery };
  const { seconds } = asked;
  if (!Number.isSafeInteger(seconds) || seconds < SHORTEST_SECONDS || seconds > glass.maxDuration)
    return { code: 'bad-duration', shortest: SHORTEST_SECONDS, longest: glass.maxDuration };
  const mine = facts.live.find(
    (g) => g.holder === person.id && (g.state === 'provisioning' || isLive(g, now)),
  );
  if (mine) return { code: 'already-holding', grant: mine.id, until: mine.endsAt, delivery: mine.delivery };
  return loginRefusal(person, account) ?? outRefusal(facts, account) ?? lateRefusal(facts);
}

/** Whose last break-glass nobody has reviewed in time asks a lead first, who may let them once more. */
function lateRefusal({ owed, now }: GlassFacts): Refusal | null {
  const late = owed.find((review) => isLate(review, now));
  if (!late || owed.some((review) => isAllowed(review, now))) return null;
  return { code: 'review-late', request: late.request, since: late.dueAt };
}

function needsOf(account: Account, policy: Policy, person: Person, asked: Ask): Needs {
  const ticket = asked.ticket === null ? '' : ` #${asked.ticket}`;
  return {
    act: 'break-glass',
    subject: { kind: 'account', id: fullName(account), version: policy.version },
    terms: `${asked.seconds} seconds: ${asked.reason}${ticket}`,
    client: account.client,
    facts: onPhone([
      ['Break-glass', `${account.name} (${fullName(account)})`],
      ['For', sayDuration(asked.seconds)],
      ['Taken by', person.name],
      ['Why', asked.reason],
    ]),
  };
}

function requestOf(
  { now, offers }: GlassFacts,
  person: Person,
  account: Account,
  policy: Policy,
  asked: Ask,
  spent: Spent,
  id: string,
): Request {
  return {
    id,
    client: account.client,
    account: account.id,
    requester: person.id,
    seconds: asked.seconds,
    reason: asked.reason,
    ticket: asked.ticket,
    delivery: asked.delivery ?? (offeredDeliveries(account, offers)[0] as Request['delivery']),
    policy: policy.id,
    policyVersion: policy.version,
    state: 'pending',
    version: 1,
    askedAt: now,
    decideBy: now,
    endedAt: null,
    endedBy: null,
    kind: 'break-glass',
    extends: null,
    proof: spent.proof,
    escalateAt: null,
    escalatedAt: null,
  };
}

function broken(
  facts: GlassFacts,
  actor: Actor,
  account: Account,
  policy: Policy,
  request: Request,
  spent: Spent,
): Change {
  const verdict = { kind: 'approved', by: [], seconds: request.seconds, because: [] } as const;
  const granted = newGrant(facts, actor, request, verdict, account);
  const review = owedBy(facts, request, policy);
  const taken = event(actor, request.client, 'glass.broken', request.id, {
    account: fullName(account),
    minutes: request.seconds / 60,
    reason: request.reason,
    ticket: request.ticket,
    policy: `${policy.id} v${policy.version}`,
    reviewBy: review.dueAt.toISOString(),
    ...provenBy(actor, spent),
  });
  const instead = withdrawn(facts, actor);
  const once: Write[] =
    actor.delivery === undefined ? [] : [{ put: 'delivery', row: { key: actor.delivery } }];
  return change(facts, {
    writes: [
      ...once,
      ...spent.writes,
      ...instead.map((row): Write => ({ put: 'request', row })),
      { put: 'request', row: request },
      ...granted.writes,
      { put: 'review', row: review },
      ...usedUp(facts),
    ],
    audit: [
      ...instead.map((row) =>
        event(actor, row.client, 'request.cancelled', row.id, { why: 'broke the glass' }),
      ),
      taken,
      ...granted.audit.filter(({ action }) => action !== 'request.approved'),
    ],
    notices: [
      ...[request, ...instead].map(({ id }) => ({ about: 'request', id }) as const),
      ...granted.notices,
    ],
  });
}

function owedBy({ now }: GlassFacts, request: Request, { breakGlass }: Policy): Review {
  const within = (breakGlass?.reviewWithin ?? 0) * 1000;
  return {
    request: request.id,
    client: request.client,
    account: request.account,
    person: request.requester,
    state: 'owed',
    at: now,
    dueAt: new Date(now.getTime() + within),
    remindAt: new Date(now.getTime() + within / 2),
    reminders: 0,
    allowedBy: null,
    allowedUntilAt: null,
    reviewer: null,
    note: null,
    settledAt: null,
    version: 1,
  };
}

/** Their own request for it, which nobody has decided: whoever breaks the glass waits for no answer. */
function withdrawn({ pending, now }: GlassFacts, actor: Actor): Request[] {
  return pending
    .filter((r) => r.requester === actor.person && r.kind !== 'extend')
    .map((r) => ({ ...r, state: 'cancelled', version: r.version + 1, endedAt: now, endedBy: actor.person }));
}

/** A lead's leave is for one more break-glass. */
function usedUp({ owed, now }: GlassFacts): Write[] {
  return owed
    .filter((review) => isAllowed(review, now))
    .map((review) => ({
      put: 'review',
      row: { ...review, allowedUntilAt: now, version: review.version + 1 },
    }));
}
