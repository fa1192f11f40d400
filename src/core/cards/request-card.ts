/** The request's card: one for those who decide, one for the one who asked. Both say what is true now. */

import type { RequestFacts } from '../facts.js';
import { type Grant, isLive } from '../grant.js';
import type { PersonId } from '../people.js';
import { judge, type Reason, SHORTEST_SECONDS } from '../policy.js';
import { type Action, type Card, type Row, said, type Text, typed } from './card.js';
import { sayEnd } from './say-end.js';
import { sayConfirming } from './say-proof.js';
import { list, names, sayDelivery, sayDuration, sayStep, sayTime } from './words.js';

/** Whose copy it is: the buttons differ, the facts don't. */
export type Audience = 'deciders' | 'requester';

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
    lines: [...whatIsTrue(facts), ...cannotReach(facts, unreached)],
    actions: actions(facts, audience),
    note: note(facts),
  };
}

function summary(facts: RequestFacts): string {
  const { request, directory, grant, now } = facts;
  const who = directory.nameOf(request.requester);
  const what = accountName(facts);
  if (request.state === 'pending') return `${who} asks for ${what}`;
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
  const asked = sayDuration(request.seconds);
  const shortest = Math.min(
    grant?.seconds ?? request.seconds,
    ...decisions.flatMap((d) => (d.seconds === null ? [] : [d.seconds])),
  );
  return shortest < request.seconds ? `${sayDuration(shortest)}, shortened from ${asked}` : asked;
}

/** Short, because it shares a phone's line with the client's name. */
function title(facts: RequestFacts): string {
  const { request, grant, now } = facts;
  switch (request.state) {
    case 'pending':
      return 'Access request';
    case 'approved':
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

/** Who has spoken and who is still needed; afterwards, how it ended. */
function whatIsTrue(facts: RequestFacts): Text[] {
  const { request, directory, grant } = facts;
  const spoken = whoHasSpoken(facts);
  const confirming = sayConfirming(facts.confirming, directory);
  if (request.state === 'pending')
    return [...spoken, ...(confirming === null ? [] : [said(confirming)]), ...stillNeeded(facts)];
  if (request.state === 'lapsed')
    return [...spoken, said(`Nobody decided by ${sayTime(request.decideBy, directory)}.`)];
  if (request.state !== 'approved' || !grant) return spoken;
  const free = spoken.length === 0 ? [said('This policy asks for nobody’s approval.')] : [];
  return [...spoken, ...free, ...grantLines(facts, grant)];
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
  if (!isLive(grant, facts.now)) return sayEnd(facts);
  const until = sayTime(grant.endsAt as Date, facts.directory, facts.now);
  const shown = facts.exposures.length === 0 ? 'not shown yet' : 'password shown';
  return [said(`Access until ${until}; ${shown}.`)];
}

function stillNeeded(facts: RequestFacts): Text[] {
  const { request, directory, policyNow, decisions } = facts;
  if (!policyNow) return [said('This account is no longer in Keyturn, so nobody can approve this.')];
  const verdict = judge(policyNow, request, decisions, directory);
  if (verdict.kind !== 'waiting') return [];
  const missing = verdict.because.flatMap((reason) => missingStep(reason, facts, verdict.mayDecide));
  const aside = verdict.because.flatMap((reason) =>
    reason.kind === 'set-aside' ? [said(`${directory.nameOf(reason.person)}'s word no longer counts.`)] : [],
  );
  return [...aside, said(`Still needed: ${list(missing)}.`)];
}

function missingStep(reason: Reason, facts: RequestFacts, silent: readonly string[]): string[] {
  if (reason.kind !== 'step' || reason.have >= reason.need) return [];
  const { client } = facts.request;
  const could = facts.directory.approvers(reason.from, client).map((p) => p.id);
  const who = could.filter((id) => silent.includes(id));
  const missing = reason.need - reason.have;
  if (reason.from === 'contacts' && who.length === missing)
    return [`${names(who, facts.directory, 4, 'and')} of ${facts.client?.name ?? client}`];
  const step = sayStep(reason.from, missing, client, facts.directory);
  return [who.length === 0 ? `${step} (nobody is left)` : `${step} (${names(who, facts.directory)})`];
}

function actions(facts: RequestFacts, audience: Audience): Action[] {
  const { request, grant, now } = facts;
  if (request.state === 'pending') {
    if (audience === 'requester')
      return [{ kind: 'button', act: 'cancel', label: 'Cancel request', id: request.id }];
    return [
      { kind: 'button', act: 'approve', label: 'Approve', id: request.id, style: 'primary' },
      { kind: 'button', act: 'deny', label: 'Deny', id: request.id, style: 'danger' },
      ...shorter(facts),
    ];
  }
  const live = grant !== null && isLive(grant, now);
  if (!live || audience === 'requester') return [];
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
  const parts = [request.id];
  if (request.state === 'pending')
    parts.push(`decide by ${sayTime(request.decideBy, directory, request.askedAt)}`);
  return parts.join(' · ');
}
