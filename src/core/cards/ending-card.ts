/** What rings the holder of a grant while it lives: that it ends soon, and that the password was changed meanwhile. */

import type { RequestFacts } from '../facts.js';
import { type Grant, isLive, servesSecret } from '../grant.js';
import { type Action, type Card, said, type Text } from './card.js';
import { longerOrNot, sayWaiting } from './grant-card.js';
import { accountName, clientOf } from './request-card.js';
import { sayEnd } from './say-end.js';
import { sayDuration, sayTime } from './words.js';

/** So long before its end the holder is told. `keyturn.warn_due` keeps the same. */
const WARNING_SECONDS = 10 * 60;

/** Each end of a grant is warned of once, in a message of its own. */
export type EndingKind = 'ending' | `ending-${number}`;
/** Each version of a password that takes another's place. */
export type ChangedKind = `changed-${number}`;

/** The warning of the end as it is now; null where nobody was warned of it. */
export function endingKind({ grant, extensions }: RequestFacts): EndingKind | null {
  if (!grant?.warnedAt || !grant.endsAt) return null;
  if (grant.warnedAt.getTime() < grant.endsAt.getTime() - WARNING_SECONDS * 1000) return null;
  const longer = extensions.filter((one) => one.state === 'approved').length;
  return longer === 0 ? 'ending' : `ending-${longer}`;
}

/** Ten minutes before the end; afterwards, what came instead. */
export function endingCard(facts: RequestFacts, kind: string): Card {
  const { grant, now } = facts as RequestFacts & { grant: Grant };
  const until = endOf(facts, grant);
  const base = { client: clientOf(facts), rows: accountRow(facts), note: grant.id };
  if (!isLive(grant, now))
    return { ...base, title: 'Your access has ended', lines: sayEnd(facts), actions: [] };
  if (kind !== endingKind(facts)) return { ...base, title: `Extended to ${until}`, lines: [], actions: [] };
  const left = ((grant.endsAt as Date).getTime() - (grant.warnedAt as Date).getTime()) / 1000;
  const title = `Ends at ${until}, in ${sayDuration(Math.ceil(left / 60) * 60)}`;
  return {
    ...base,
    title,
    summary: `${title}: ${accountName(facts)}`,
    lines: [...sayWaiting(facts, until), ...(offersMore(facts, grant) ? [said(MORE)] : [])],
    actions: longerOrNot(facts, grant),
  };
}

const MORE = 'Extend asks for more time; somebody has to approve it before the end.';

function offersMore(facts: RequestFacts, grant: Grant): boolean {
  const isFree = facts.policyNow?.approvals.length === 0;
  return !isFree && longerOrNot(facts, grant).some((one) => one.kind === 'button' && one.act === 'extend');
}

/** The password that took another's place while this grant lived; null where none did, or the holder put it there. */
export function changedKind({ grant, secret, now }: RequestFacts): ChangedKind | null {
  if (!grant?.activeAt || !secret || !isLive(grant, now) || !servesSecret(grant)) return null;
  return secret.at > grant.activeAt && secret.by !== grant.holder ? `changed-${secret.version}` : null;
}

/** To every holder of a grant that lives on: the password they may have seen is not the account's any more. */
export function changedCard(facts: RequestFacts, kind: string): Card {
  const { grant, now } = facts as RequestFacts & { grant: Grant };
  const isCurrent = kind === changedKind(facts);
  const hasSeen = facts.exposures.some((e) => `changed-${e.secretVersion}` === kind);
  const live = isLive(grant, now);
  return {
    client: clientOf(facts),
    title: 'The password was changed',
    summary: `The password of ${accountName(facts)} was changed. Press Reveal for the new one.`,
    rows: accountRow(facts),
    lines: live ? sayChanged(isCurrent, hasSeen) : [said('Your access has ended.')],
    actions: live && isCurrent && !hasSeen ? [reveal(grant)] : [],
    note: grant.id,
  };
}

function sayChanged(isCurrent: boolean, hasSeen: boolean): Text[] {
  if (!isCurrent) return [said('It has been changed once more since.')];
  return [
    said(
      hasSeen
        ? 'You have been shown the new one.'
        : 'The password was changed. Press Reveal for the new one. Your access goes on as it was.',
    ),
  ];
}

function reveal(grant: Grant): Action {
  return { kind: 'button', act: 'reveal', label: 'Reveal', id: grant.id, style: 'primary' };
}

function accountRow(facts: RequestFacts): Card['rows'] {
  return [{ label: 'Account', text: said(accountName(facts)) }];
}

function endOf(facts: RequestFacts, grant: Grant): string {
  return grant.endsAt ? sayTime(grant.endsAt, facts.directory, grant.activeAt ?? facts.now) : '';
}
