/** The request's card: one for those who decide, one for the one who asked. Both say what is true now. */

import type { RequestFacts } from '../facts.js';
import { type Grant, isLive } from '../grant.js';
import type { PersonId } from '../people.js';
import { SHORTEST_SECONDS } from '../policy.js';
import type { Decision, Request, RequestState } from '../request.js';
import { type Action, type Card, type Row, said, type Text, typed } from './card.js';
import { sayEnd } from './say-end.js';
import { sayConfirming } from './say-proof.js';
import { sayEscalated, stillNeeded } from './say-waiting.js';
import { names, sayDelivery, sayDuration, sayTime } from './words.js';

/** Whose copy it is: the buttons differ, the facts don't. `told`: somebody who only hears that nobody decides. */
export type Audience = 'deciders' | 'requester' | 'told';

/** @param unreached who is asked to decide, and can be written to in no chat. */
export function requestCard(
  facts: RequestFacts,
  audience: Audience,
  unreached: readonly PersonId[] = [],
): Card {
  const { request, directory } = facts;
  return {
    client: clientOf(facts),
    title: title(facts),
    summary: summary(facts),
    rows: [
      ...requestRows(facts),
      {
        label: 'Asked by',
        text: said(`${directory.nameOf(request.requester)}, ${sayTime(request.askedAt, directory)}`),
      },
    ],
    lines: [...whatIsTrue(facts, audience), ...cannotReach(facts, unreached)],
    actions: actions(facts, audience),
    note: note(facts),
  };
}

function summary(facts: RequestFacts): string {
  const { request, directory, grant, now } = facts;
  const who = directory.nameOf(request.requester);
  const what = accountName(facts);
  if (request.state === 'pending')
    return `${who} asks for ${request.kind === 'extend' ? `more time of ${what}` : what}`;
  if (request.kind === 'extend') return `${title(facts)}: ${who}, ${what}`;
  const live = grant !== null && isLive(grant, now);
  return live ? `${who} has ${what}` : `${title(facts)}: ${who}, ${what}`;
}

export function clientOf(facts: RequestFacts): Card['client'] {
  return { name: facts.client?.name ?? facts.request.client, colour: facts.client?.colour ?? 'blue' };
}

export function accountName(facts: RequestFacts): string {
  const { client, account } = facts.request;
  return facts.accountNow?.name ?? `${client}/${account}`;
}

/** Account, how and how long, why, ticket: in this order on every card. */
export function requestRows(facts: RequestFacts): Row[] {
  const { request } = facts;
  const rows: Row[] = [
    { label: 'Account', text: said(accountName(facts)) },
    { label: 'How', text: said(`${sayDelivery(request.delivery)} · ${howLong(facts)}`) },
    { label: 'Why', text: typed(request.reason) },
  ];
  if (request.ticket !== null) rows.push({ label: 'Ticket', text: typed(`#${request.ticket}`) });
  return rows;
}

function howLong(facts: RequestFacts): string {
  const { request, grant, decisions } = facts;
  const more = request.kind === 'extend';
  const asked = sayDuration(request.seconds);
  const given = more ? request.seconds : (grant?.seconds ?? request.seconds);
  const shortest = Math.min(given, shortened(request, decisions));
  const long = more ? `${sayDuration(shortest)} more` : sayDuration(shortest);
  return shortest < request.seconds ? `${long}, shortened from ${asked}` : long;
}

/** The shortest of what was asked for and approved so far. */
function shortened(request: Request, decisions: readonly Decision[]): number {
  return Math.min(request.seconds, ...decisions.flatMap((d) => (d.seconds === null ? [] : [d.seconds])));
}

/** Short, because it shares a phone's line with the client's name. */
function title(facts: RequestFacts): string {
  const { request, grant, now } = facts;
  if (request.kind === 'extend') return MORE_TIME[request.state];
  switch (request.state) {
    case 'pending':
      return 'Access request';
    case 'approved':
      if (grant?.state === 'provisioning') return 'Being set up';
      return grant && isLive(grant, now) ? 'Access granted' : 'Access ended';
    case 'denied':
      return 'Request denied';
    case 'cancelled':
      return 'Request cancelled';
    case 'lapsed':
      return 'Request lapsed';
    default:
      return request.state satisfies never;
  }
}

const MORE_TIME: Readonly<Record<RequestState, string>> = {
  pending: 'More time',
  approved: 'More time given',
  denied: 'More time denied',
  cancelled: 'More time cancelled',
  lapsed: 'More time lapsed',
};

/** Who has spoken and who is still needed; afterwards, how it ended. */
function whatIsTrue(facts: RequestFacts, audience: Audience): Text[] {
  const { request, directory, grant } = facts;
  const spoken = whoHasSpoken(facts);
  const confirming = sayConfirming(facts.confirming, directory);
  if (request.state === 'pending')
    return [
      ...sayMore(facts),
      ...spoken,
      ...(confirming === null ? [] : [said(confirming)]),
      ...sayEscalated(facts, audience),
      ...stillNeeded(facts, audience),
    ];
  if (request.state === 'lapsed') return [...spoken, said(sayLapse(facts))];
  if (request.state === 'cancelled' && request.endedBy !== request.requester)
    return [...spoken, said(`Withdrawn by the offboarding of ${directory.nameOf(request.requester)}.`)];
  if (request.state !== 'approved' || !grant) return spoken;
  const free = spoken.length === 0 ? [said('This policy asks for nobody’s approval.')] : [];
  const gives = request.kind === 'extend' ? sayGiven(facts, grant) : grantLines(facts, grant);
  return [...spoken, ...free, ...gives];
}

/** Until when it is now, and until when it would be. */
function sayMore({ request, decisions, grant, directory, now }: RequestFacts): Text[] {
  if (request.kind !== 'extend' || !grant?.endsAt || !isLive(grant, now)) return [];
  const later = new Date(grant.endsAt.getTime() + shortened(request, decisions) * 1000);
  const [until, then] = [grant.endsAt, later].map((at) => sayTime(at, directory, request.askedAt));
  return [said(`Access until ${until} now; it would be until ${then}.`)];
}

/** What it came to: true of the newest extension, whatever came of the grant afterwards. */
function sayGiven({ request, extensions, directory }: RequestFacts, grant: Grant): Text[] {
  const given = extensions.filter((one) => one.state === 'approved');
  const isNewest = given.every((one) => (one.endedAt as Date) <= (request.endedAt ?? request.askedAt));
  if (!isNewest || !grant.endsAt) return [];
  return [said(`Extended to ${sayTime(grant.endsAt, directory, request.askedAt)}.`)];
}

function sayLapse({ request, grant, directory }: RequestFacts): string {
  const ended = grant?.endedAt ?? grant?.endsAt;
  const isInVain = request.kind === 'extend' && ended && request.endedAt && ended <= request.endedAt;
  return isInVain
    ? 'The access ended before it was decided.'
    : `Nobody decided by ${sayTime(request.decideBy, directory)}.`;
}

/** Said on every copy, so that somebody walks over or calls instead of waiting for ever. */
function cannotReach({ request, directory }: RequestFacts, unreached: readonly PersonId[]): Text[] {
  if (request.state !== 'pending' || unreached.length === 0) return [];
  return [said(`No chat reaches ${names(unreached, directory)}: tell them yourself.`)];
}

/** All approvals in one line, for a phone's sake; a denial with its reason. */
function whoHasSpoken(facts: RequestFacts): Text[] {
  const { request, directory, decisions } = facts;
  const approvals = decisions.flatMap((d) => {
    if (d.verdict === 'deny') return [];
    const shorter = d.seconds !== null && d.seconds < request.seconds;
    return [`✓ ${directory.nameOf(d.person)}${shorter ? ` (${sayDuration(d.seconds as number)})` : ''}`];
  });
  const denials = decisions.flatMap((d) =>
    d.verdict === 'deny' ? [typed(`✗ ${directory.nameOf(d.person)}: ${d.reason ?? ''}`)] : [],
  );
  return [...(approvals.length > 0 ? [said(approvals.join('  '))] : []), ...denials];
}

function grantLines(facts: RequestFacts, grant: Grant): Text[] {
  if (grant.state === 'provisioning') return [said(sayComing(grant))];
  if (!isLive(grant, facts.now)) return sayEnd(facts);
  const until = sayTime(grant.endsAt as Date, facts.directory, facts.now);
  if (grant.delivery === 'ssh') {
    const been = facts.sessionUses.length === 0 ? 'nobody has connected yet' : 'by SSH session';
    return [said(`Access until ${until}; ${been}.`)];
  }
  const shown = facts.exposures.length === 0 ? 'not shown yet' : 'password shown';
  const login =
    grant.target?.kind === 'elevation'
      ? grant.delivery === 'sql'
        ? `as ${grant.target.login}`
        : `${grant.target.login} is in the group`
      : shown;
  return [said(`Access until ${until}; ${login}.`)];
}

function sayComing({ made }: Grant): string {
  return made?.trouble
    ? `Approved, but it doesn’t stand at the target yet: ${made.trouble} Keyturn goes on trying.`
    : 'Approved, and being set up at the target.';
}

function actions(facts: RequestFacts, audience: Audience): Action[] {
  const { request, grant, now } = facts;
  if (request.state === 'pending') {
    if (audience === 'requester')
      return [{ kind: 'button', act: 'cancel', label: 'Cancel request', id: request.id }];
    if (audience === 'told') return [];
    return [
      { kind: 'button', act: 'approve', label: 'Approve', id: request.id, style: 'primary' },
      { kind: 'button', act: 'deny', label: 'Deny', id: request.id, style: 'danger' },
      ...shorter(facts),
    ];
  }
  const live = grant !== null && (grant.state === 'provisioning' || isLive(grant, now));
  // More time ends with the grant, on whose own card that is.
  if (!live || audience !== 'deciders' || request.kind === 'extend') return [];
  return [{ kind: 'button', act: 'revoke', label: 'Revoke', id: grant.id, style: 'danger' }];
}

/** The shorter times on offer; none where it is short already. */
function shorter(facts: RequestFacts): Action[] {
  const { request, policyNow } = facts;
  const offered = [SHORTEST_SECONDS, 15 * 60, ...(policyNow?.durations ?? [])];
  const times = [...new Set(offered)].filter((s) => s < request.seconds).sort((a, b) => a - b);
  if (times.length === 0) return [];
  const choices = times.map((s) => ({ label: sayDuration(s), value: String(s) }));
  return [{ kind: 'menu', act: 'approve-for', label: 'Approve for less', id: request.id, choices }];
}

function note(facts: RequestFacts): string {
  const { request, directory } = facts;
  const parts = [request.extends === null ? request.id : `${request.id} for ${request.extends}`];
  if (request.state === 'pending')
    parts.push(`decide by ${sayTime(request.decideBy, directory, request.askedAt)}`);
  return parts.join(' · ');
}
