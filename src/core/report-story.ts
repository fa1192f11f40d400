/** One request's whole story in the cells of a table. */

import { sayFactor } from './cards/say-proof.js';
import { sayDuration } from './cards/words.js';
import type { Directory } from './directory.js';
import type { ReportCell, Story } from './report-data.js';
import { sayClock } from './report-instant.js';
import type { Session } from './session.js';

export const STORY_HEAD = ['When', 'Who', 'What', 'Why', 'Decided', 'Access', 'Shown', 'Taken back'];

export function storyCells(story: Story, directory: Directory): ReportCell[] {
  const { request } = story;
  const { reason, ticket } = request;
  return [
    [sayClock(request.askedAt, directory), request.id],
    [directory.nameOf(request.requester)],
    sayWhat(story, directory),
    [reason, ...(ticket === null ? [] : [`#${ticket}`])],
    [...sayDecided(story, directory), ...sayReview(story, directory)],
    sayAccess(story, directory),
    sayShown(story, directory),
    sayTakenBack(story, directory),
  ];
}

function sayWhat({ request }: Story, directory: Directory): string[] {
  const { client, account, kind, seconds } = request;
  const name = directory.account(client, account)?.name;
  const kinds = { ask: [], 'break-glass': ['Break-glass'], extend: [`More time for ${request.extends}`] };
  return [
    ...kinds[kind],
    ...(name === undefined ? [] : [name]),
    `${client}/${account}`,
    sayDuration(seconds),
  ];
}

function sayDecided({ request, method, decisions }: Story, directory: Directory): string[] {
  const words = decisions.flatMap((d) => {
    const did = d.verdict === 'approve' ? 'Approved' : 'Denied';
    const shorter = d.seconds === null ? '' : ` for ${sayDuration(d.seconds)}`;
    const why = d.reason === null ? [] : [`“${d.reason}”`];
    const by = d.proof === null ? [] : [`${sayFactor(d.method)}, ${d.proof}`];
    return [`${did}${shorter} by ${directory.nameOf(d.person)}`, sayClock(d.at, directory), ...by, ...why];
  });
  const own = request.proof === null ? [] : [`Nobody was asked; ${sayFactor(method)}, ${request.proof}`];
  const policy = `Policy ${request.policy}, version ${request.policyVersion}`;
  return [...own, ...words, ...sayOver(request, directory), policy];
}

function sayOver({ state, endedAt, endedBy }: Story['request'], directory: Directory): string[] {
  const at = endedAt === null ? '' : `, ${sayClock(endedAt, directory)}`;
  if (state === 'pending') return ['Waits for a decision'];
  if (state === 'cancelled') return [`Cancelled by ${directory.nameOf(endedBy)}${at}`];
  return state === 'lapsed' ? [`Lapsed: nobody decided in time${at}`] : [];
}

function sayReview({ review }: Story, directory: Directory): string[] {
  if (review === null) return [];
  if (review.state === 'owed') return [`Review owed by ${sayClock(review.dueAt, directory)}`];
  const by = `${directory.nameOf(review.reviewer)}, ${sayClock(review.settledAt ?? review.at, directory)}`;
  const verdict = review.state === 'justified' ? 'Justified' : 'Misuse';
  return [`Review: ${verdict}, ${by}`, ...(review.note === null ? [] : [`“${review.note}”`])];
}

function sayAccess({ grant }: Story, directory: Directory): string[] {
  if (grant === null) return [];
  const at = (instant: Date | null) => (instant === null ? '…' : sayClock(instant, directory));
  const [from, to] = [at(grant.activeAt), at(grant.endedAt ?? grant.endsAt)];
  const [day, time = to] = to.split(' ');
  const span = `${from} to ${from.startsWith(`${day} `) ? time : to}`;
  if (grant.state !== 'ended') return [span, 'Has not ended'];
  return [span, sayEnd(grant, directory), ...(grant.endReason === null ? [] : [`“${grant.endReason}”`])];
}

/** How it ended, and by whom. */
export function sayEnd({ outcome, endedBy }: NonNullable<Story['grant']>, directory: Directory): string {
  const ends = {
    expired: 'Time was up',
    returned: 'Returned early',
    revoked: `Revoked by ${directory.nameOf(endedBy)}`,
  };
  return ends[outcome ?? 'expired'];
}

function sayShown({ grant, exposures, sessions }: Story, directory: Directory): string[] {
  if (grant === null) return [];
  if (grant.delivery === 'ssh')
    return sessions.length === 0 ? ['No session'] : sessions.map((s) => saySession(s, directory));
  if (exposures.length === 0) return ['Never shown'];
  return exposures.map(({ secretVersion, at }) => `Version ${secretVersion}, ${sayClock(at, directory)}`);
}

/** `X-8F3KQ2, 2026-11-23 14:03 to 14:20, from 203.0.113.7 (left)`. */
function saySession({ id, openedAt, endedAt, address, why }: Session, directory: Directory): string {
  const ended = endedAt === null ? 'still open' : `to ${sayClock(endedAt, directory)}`;
  return `${id}, ${sayClock(openedAt, directory)} ${ended}, from ${address}${why === null ? '' : ` (${why})`}`;
}

function sayTakenBack({ grant, revocation }: Story, directory: Directory): string[] {
  if (grant === null || revocation === null) return [];
  if (revocation.kind === 'target' && revocation.state !== 'done')
    return ['Not taken back yet', ...(revocation.trouble === null ? [] : [revocation.trouble])];
  if (revocation.state !== 'done') {
    const who = revocation.assignee === null ? 'somebody' : directory.nameOf(revocation.assignee);
    return [`Still works until ${who} changes it`];
  }
  const at = revocation.doneAt === null ? [] : [sayClock(revocation.doneAt, directory)];
  const { readBack } = revocation.proof ?? {};
  const back = typeof readBack === 'string' ? [`Read back: ${readBack}`] : [];
  if (revocation.kind === 'nothing') return ['Nothing to change', ...back, ...at];
  if (revocation.kind === 'target') return ['Taken back by Keyturn', ...back, ...at];
  return [`Changed by ${directory.nameOf(revocation.doneBy)}`, ...back, ...at];
}
