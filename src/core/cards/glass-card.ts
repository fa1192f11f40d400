/** Break-glass on cards: loud to those who are told, plain to the client whose account it is. */

import type { RequestFacts } from '../facts.js';
import { isLive } from '../grant.js';
import { isAllowed, isLate, type Review } from '../review.js';
import { type Action, type Card, said, type Text, typed } from './card.js';
import { accountName, clientOf, requestRows } from './request-card.js';
import { sayEnd } from './say-end.js';
import { sayDuration, sayTime } from './words.js';

/** To those who may review it, and to the alerts channel. */
export function glassCard(facts: RequestFacts): Card {
  const { request, directory } = facts;
  const who = directory.nameOf(request.requester);
  return {
    client: clientOf(facts),
    title: 'Break-glass',
    summary: `Break-glass: ${who} took ${accountName(facts)} without asking`,
    rows: [
      ...requestRows(facts),
      { label: 'Taken by', text: said(`${who}, ${sayTime(request.askedAt, directory)}`) },
    ],
    lines: [...whatIsTrue(facts), ...ofReview(facts)],
    actions: actions(facts),
    note: request.id,
  };
}

function whatIsTrue(facts: RequestFacts): Text[] {
  const { grant, directory, now, exposures, request } = facts;
  const asked =
    request.proof === null
      ? 'Nobody was asked.'
      : `Nobody was asked; ${directory.nameOf(request.requester)}’s second factor confirmed it.`;
  if (grant && isLive(grant, now)) {
    const seen = exposures.length > 0 ? 'They have been shown the password.' : 'Nothing was shown yet.';
    return [said(`${asked} It ends ${sayTime(grant.endsAt as Date, directory)}. ${seen}`)];
  }
  return [said(asked), ...sayEnd(facts)];
}

function ofReview({ review, directory, now }: RequestFacts): Text[] {
  if (!review) return [];
  const who = directory.nameOf(review.person);
  const by = sayTime(review.dueAt, directory, now);
  if (review.state !== 'owed') return reviewed(review, directory.nameOf(review.reviewer));
  if (!isLate(review, now)) return [said(`To be reviewed by ${by}, by somebody other than ${who}.`)];
  const late = said(`Nobody has reviewed it: it was due ${by}. Until then ${who} breaks no more glass.`);
  return isAllowed(review, now)
    ? [late, said(`${directory.nameOf(review.allowedBy)} lets them break glass once more.`)]
    : [late];
}

function reviewed(review: Review, by: string): Text[] {
  const word = review.state === 'justified' ? 'justified' : 'misuse';
  return [said(`Reviewed by ${by}: ${word}.`), typed(`“${review.note ?? ''}”`)];
}

function actions({ request, review, grant, now }: RequestFacts): Action[] {
  const all: Action[] = [];
  if (review?.state === 'owed')
    all.push({ kind: 'button', act: 'review', label: 'Review', id: request.id, style: 'primary' });
  if (grant && isLive(grant, now))
    all.push({ kind: 'button', act: 'revoke', label: 'Revoke', id: grant.id, style: 'danger' });
  if (review && isLate(review, now) && !isAllowed(review, now))
    all.push({ kind: 'button', act: 'allow-glass', label: 'Allow one more', id: request.id });
  return all;
}

/** To the client's own people: what was taken, by whom, why, until when, and whom to ask. */
export function toldClientCard(facts: RequestFacts): Card {
  const { request, grant, directory, now } = facts;
  const who = directory.nameOf(request.requester);
  const live = grant !== null && isLive(grant, now);
  return {
    client: clientOf(facts),
    title: 'Emergency access',
    summary: `${directory.operator} took emergency access to ${accountName(facts)}`,
    rows: requestRows(facts).map((row) =>
      row.label === 'How'
        ? { label: 'How long', text: said(`at most ${sayDuration(request.seconds)}`) }
        : row,
    ),
    lines: [
      said(
        `${who} of ${directory.operator} took this access ${sayTime(request.askedAt, directory)} without asking first, as agreed for emergencies.`,
      ),
      said(
        live
          ? `It ends by itself ${sayTime(grant.endsAt as Date, directory)}. Somebody else at ${directory.operator} reviews it afterwards.`
          : closing(facts),
      ),
    ],
    actions: [],
    note: request.id,
  };
}

function closing({ review, directory }: RequestFacts): string {
  if (review?.state === 'justified') return `It has ended, and ${directory.operator} found it justified.`;
  if (review?.state === 'misuse')
    return `It has ended. ${directory.operator} found that it should not have been taken; ask them what follows.`;
  return `It has ended. Somebody else at ${directory.operator} reviews it.`;
}
