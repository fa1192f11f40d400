/** What the holder reads: the grant while it lives, and a short word when something came to nothing. */

import type { RequestFacts } from '../facts.js';
import { type Grant, isLive, servesSecret } from '../grant.js';
import { roomFor, SHORTEST_SECONDS } from '../policy.js';
import { type Action, type Card, code, type Row, said, type Text } from './card.js';
import { clientOf, requestRows } from './request-card.js';
import { sayEnd } from './say-end.js';
import { sayOpen } from './session-lines.js';
import { sayDuration, sayTime } from './words.js';

/** What the holder has, until when, and the two things they can do with it. */
export function grantCard(facts: RequestFacts): Card {
  const grant = facts.grant as Grant;
  if (grant.state === 'provisioning') return comingCard(facts, grant);
  const live = isLive(grant, facts.now);
  const until =
    grant.endsAt === null ? '' : sayTime(grant.endsAt, facts.directory, grant.activeAt ?? facts.now);
  return {
    client: clientOf(facts),
    title: live ? `Yours until ${until}` : 'Your access has ended',
    rows: [
      ...requestRows(facts).filter((row) => row.label !== 'Why'),
      ...(live ? [...whereRow(facts), ...psqlRow(facts)] : []),
    ],
    lines: live ? [...sayLonger(facts, until), ...sayConnected(facts), said(holding(facts))] : sayEnd(facts),
    actions: live ? liveActions(facts, grant) : [],
    note: grant.id,
  };
}

/** One line to paste; psql asks for the password. */
function psqlRow({ accountNow, directory, grant }: RequestFacts): Row[] {
  if (grant?.delivery !== 'sql' || grant.target?.kind !== 'elevation') return [];
  const url = accountNow && directory.system(accountNow.client, accountNow.system)?.settings.url;
  const { hostname, port, pathname } = new URL(String(url).replace(/^postgres(ql)?:/, 'http:'));
  const line = `psql "host=${hostname}${port ? ` port=${port}` : ''} dbname=${decodeURIComponent(pathname.slice(1))} user=${grant.target.login}"`;
  return [{ label: 'Paste this into a terminal', text: code(line) }];
}

/** The server to sign in to, where the account has one. */
function whereRow({ accountNow, directory }: RequestFacts): Row[] {
  const host = accountNow && directory.system(accountNow.client, accountNow.system)?.settings.host;
  return typeof host === 'string' ? [{ label: 'Where', text: said(host) }] : [];
}

/** Approved, and being made at the system: the clock hasn't started. */
function comingCard(facts: RequestFacts, grant: Grant): Card {
  const trouble = grant.made?.trouble;
  return {
    client: clientOf(facts),
    title: 'Being set up',
    rows: requestRows(facts).filter((row) => row.label !== 'Why'),
    lines: [
      said('It is approved. Keyturn is setting it up at the target; your time starts when that is done.'),
      ...(trouble ? [said(`Not yet: ${trouble} Keyturn goes on trying for an hour.`)] : []),
    ],
    actions: [{ kind: 'button', act: 'return', label: 'Return early', id: grant.id }],
    note: grant.id,
  };
}

function sayConnected({ sessions, directory, now }: RequestFacts): Text[] {
  return sayOpen(sessions, directory, now).map((line) => said(`${line}.`));
}

function holding(facts: RequestFacts): string {
  if (facts.grant?.delivery === 'ssh')
    return 'Connect opens the way for ten minutes: a line to paste and a ticket, for you alone. Return early when you are done.';
  const target = facts.grant?.target;
  if (target?.kind === 'elevation' && target.as === 'own')
    return `${target.login} is in the group now. Sign in anew where it doesn’t show yet. Return early when you are done.`;
  if (target?.kind === 'elevation' && facts.grant?.delivery === 'sql')
    return `The role ${target.login} was made for you and goes away at the end, with its connections. Reveal shows its password, which psql asks for.`;
  if (target?.kind === 'elevation')
    return `The login ${target.login} was made for you and is in the group; it goes away at the end. Reveal shows its password.`;
  const stale = facts.exposures.some((e) => e.secretVersion < (facts.secret?.version ?? 0));
  if (stale) return 'The password was changed since you saw it: press Reveal for the new one.';
  return 'Reveal makes a link that works once, for you alone. Return early when you are done.';
}

/** That it was made longer, and that more was asked for: until that is decided, nothing changes. */
function sayLonger(facts: RequestFacts, until: string): Text[] {
  const was = facts.extensions.some((one) => one.state === 'approved');
  return [...(was ? [said(`Extended to ${until}.`)] : []), ...sayWaiting(facts, until)];
}

/** More time that waits for its approval. */
export function sayWaiting({ extensions }: RequestFacts, until: string): Text[] {
  const waits = extensions.find((one) => one.state === 'pending');
  return waits
    ? [
        said(
          `${waits.id} asks for ${sayDuration(waits.seconds)} more; until it is approved, this ends ${until}.`,
        ),
      ]
    : [];
}

function liveActions(facts: RequestFacts, grant: Grant): Action[] {
  const shows = servesSecret(grant);
  const connects = grant.delivery === 'ssh';
  return [
    ...(connects
      ? ([{ kind: 'button', act: 'connect', label: 'Connect', id: grant.id, style: 'primary' }] as const)
      : []),
    ...(shows
      ? ([{ kind: 'button', act: 'reveal', label: 'Reveal', id: grant.id, style: 'primary' }] as const)
      : []),
    ...longerOrNot(facts, grant),
  ];
}

/** Extend, where there is room for more and none is asked for, and Return early. */
export function longerOrNot({ extensions, policyNow }: RequestFacts, grant: Grant): Action[] {
  const waits = extensions.some((one) => one.state === 'pending');
  const fits = policyNow !== undefined && roomFor(policyNow, grant) >= SHORTEST_SECONDS;
  const back: Action = { kind: 'button', act: 'return', label: 'Return early', id: grant.id };
  return fits && !waits ? [{ kind: 'button', act: 'extend', label: 'Extend', id: grant.id }, back] : [back];
}

/** A short word to the requester when a request came to nothing, or access was taken away: an update rings no bell. */
export function outcomeCard(facts: RequestFacts): Card | null {
  const { request, grant, directory } = facts;
  const text = outcome(facts);
  if (text === null) return null;
  const more = request.kind === 'extend';
  return {
    client: clientOf(facts),
    title: more ? 'More time' : grant ? 'Your access has ended' : 'Your request',
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
  if (request.kind === 'extend' && request.state !== 'denied') return moreTime(facts);
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

/** More time, or none: said where somebody else decided it. What ended with the access has a word of its own. */
function moreTime({ request, grant, decisions, directory, now }: RequestFacts): Text[] | null {
  if (!grant?.endsAt || !isLive(grant, now)) return null;
  const until = sayTime(grant.endsAt, directory, request.askedAt);
  if (request.state === 'lapsed') return [said(`Nobody decided in time, so it still ends ${until}.`)];
  return request.state === 'approved' && decisions.length > 0
    ? [said(`Extended to ${until}: you have it for longer.`)]
    : null;
}

/** What is left on the cards of somebody who was offboarded: that it is over, and nothing of what still works. */
export function farewellCard(facts: RequestFacts): Card {
  return {
    client: clientOf(facts),
    title: 'Your access has ended',
    rows: requestRows(facts).filter((row) => row.label === 'Account'),
    lines: [],
    actions: [],
    note: facts.directory.operator,
  };
}
