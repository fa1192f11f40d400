/** What the holder reads: the grant while it lives, and a short word when something came to nothing. */

import type { RequestFacts } from '../facts.js';
import { type Grant, isLive } from '../grant.js';
import { type Action, type Card, said, type Text } from './card.js';
import { clientOf, requestRows } from './request-card.js';
import { sayEnd } from './say-end.js';
import { sayTime } from './words.js';

/** What the holder has, until when, and the two things they can do with it. */
export function grantCard(facts: RequestFacts): Card {
  const grant = facts.grant as Grant;
  const live = isLive(grant, facts.now);
  const until =
    grant.endsAt === null ? '' : sayTime(grant.endsAt, facts.directory, grant.activeAt ?? facts.now);
  return {
    client: clientOf(facts),
    title: live ? `Yours until ${until}` : 'Your access has ended',
    rows: requestRows(facts).filter((row) => row.label !== 'Why'),
    lines: live ? [said(holding(facts))] : sayEnd(facts),
    actions: live ? liveActions(grant) : [],
    note: grant.id,
  };
}

function holding(facts: RequestFacts): string {
  const stale = facts.exposures.some((e) => e.secretVersion < (facts.secret?.version ?? 0));
  if (stale) return 'The password was changed since you saw it: press Reveal for the new one.';
  return 'Reveal makes a link that works once, for you alone. Return early when you are done.';
}

function liveActions(grant: Grant): Action[] {
  return [
    { kind: 'button', act: 'reveal', label: 'Reveal', id: grant.id, style: 'primary' },
    { kind: 'button', act: 'return', label: 'Return early', id: grant.id },
  ];
}

/** A short word to the requester when a request came to nothing, or access was taken away: an update rings no bell. */
export function outcomeCard(facts: RequestFacts): Card | null {
  const { request, grant, directory } = facts;
  const text = outcome(facts);
  if (text === null) return null;
  return {
    client: clientOf(facts),
    title: grant ? 'Your access has ended' : 'Your request',
    rows: [],
    lines: [...text, said(`${accountOf(facts)}, ${grant?.id ?? request.id}`)],
    actions: [],
    note: directory.operator,
  };
}

function accountOf(facts: RequestFacts): string {
  return facts.accountNow?.name ?? `${facts.request.client}/${facts.request.account}`;
}

function outcome(facts: RequestFacts): Text[] | null {
  const { request, grant, directory, decisions } = facts;
  if (request.state === 'denied') {
    const denial = decisions.find((d) => d.verdict === 'deny');
    const by = said(`${directory.nameOf(request.endedBy)} denied it.`);
    return denial?.reason ? [by, { typed: `“${denial.reason}”` }] : [by];
  }
  if (request.state === 'lapsed')
    return [said('Nobody decided in time, so it lapsed. Ask again if you still need it.')];
  if (grant?.state === 'ended' && grant.outcome !== 'returned') return sayEnd(facts);
  return null;
}
