/** One row of a report for the CSV: every cell as plain text, instants in the operator's timezone with their offset. */

import type { Directory } from './directory.js';
import type { PersonId } from './people.js';
import type { CsvColumn } from './report-csv.js';
import type { FollowedExposure, ProvenDecision, ReportRecord, Story } from './report-data.js';
import { isoInstant } from './report-instant.js';
import type { Session } from './session.js';

type Cells = Partial<Record<CsvColumn, string | number | null>>;

/** The cells that this kind of record has. */
export function sayRecord({ record, row }: ReportRecord, directory: Directory): Cells {
  const at = (instant: Date | null) => (instant === null ? null : isoInstant(instant, directory.timezone));
  switch (record) {
    case 'request':
      return { record, ...ofStory(row, directory) };
    case 'month': {
      const { month, account, requests, ...counts } = row;
      const { granted, denied, breakGlass } = counts;
      return { record, account, at: month, count: requests, granted, denied, break_glass: breakGlass };
    }
    case 'decision': {
      const { request, client, account, verdict, seconds, reason } = row;
      const minutes = seconds === null ? null : seconds / 60;
      const what = { id: request, kind: verdict, client, account, minutes, reason, at: at(row.at) };
      return { record, ...what, ...whoIs(row.requester, directory), decisions: provenBy(row) };
    }
    case 'exposure': {
      const { grant, client, account, person, secretVersion } = row;
      const what = { id: grant, client, account, at: at(row.at), shown: `version ${secretVersion}` };
      const changed = row.changedAt === null ? 'not changed since' : 'changed since';
      const since = { taken_back: changed, taken_back_at: at(row.changedAt) };
      return { record, ...whoIs(person, directory), ...what, ...since };
    }
    case 'identity': {
      const { platform, workspace, userId, linkedAt, provenAt, endedAt } = row;
      const state = endedAt !== null ? 'ended' : provenAt !== null ? 'proven' : 'met';
      return {
        ...{ record, id: userId, kind: `${platform} ${workspace}`, state, at: at(linkedAt) },
        ...{ from: at(provenAt), ended_at: at(endedAt) },
      };
    }
    case 'factor': {
      const { id, kind, state, offeredBy, offeredAt, activeAt, endedAt } = row;
      const who = offeredBy === null ? null : directory.nameOf(offeredBy);
      return {
        ...{ record, id, kind, state, person: who, at: at(offeredAt) },
        ...{ from: at(activeAt), ended_at: at(endedAt) },
      };
    }
    case 'item': {
      const { kind, subject, client, state, data, doneAt } = row;
      const account = typeof data.account === 'string' ? data.account : null;
      // Whose it is from then on.
      const heir = typeof data.heir === 'string' ? whoIs(data.heir, directory) : {};
      const what = { id: subject, kind, client, account, state, at: at(row.at), ended_at: at(doneAt) };
      return { record, ...what, ...heir };
    }
  }
}

function ofStory(story: Story, directory: Directory): Cells {
  const { request, grant, revocation, review } = story;
  const { id, kind, client, account, reason, ticket, state, policy, policyVersion } = request;
  const at = (instant: Date | null | undefined) => (instant ? isoInstant(instant, directory.timezone) : null);
  return {
    ...{ id, kind, client, account, reason, ticket, state, policy, policy_version: policyVersion },
    ...whoIs(request.requester, directory),
    at: at(request.askedAt),
    minutes: request.seconds / 60,
    decisions: sayDecisions(story, directory),
    from: at(grant?.activeAt),
    until: at(grant?.endsAt),
    ended: grant?.outcome ?? null,
    ended_at: at(grant?.endedAt),
    ended_by: grant?.endedBy ? directory.nameOf(grant.endedBy) : null,
    end_reason: grant?.endReason ?? null,
    shown: [
      ...story.exposures.map((e) => sayShowing(e, directory)),
      ...story.sessions.map((s) => saySession(s, directory)),
    ].join('; '),
    taken_back: revocation?.state ?? null,
    taken_back_at: at(revocation?.doneAt),
    taken_back_by: revocation?.doneBy ? directory.nameOf(revocation.doneBy) : null,
    read_back: revocation?.proof ? String(revocation.proof.readBack ?? '') : null,
    review: review?.state ?? null,
    review_by: review?.reviewer ? directory.nameOf(review.reviewer) : null,
    review_note: review?.note ?? null,
  };
}

function whoIs(id: PersonId, directory: Directory) {
  const known = directory.person(id) ?? directory.former.find((p) => p.id === id);
  return { person: directory.nameOf(id), email: known?.email ?? null };
}

/** `Lena Falk approve 2026-… (duo_push C-…): reason`, and of a break-glass its own proof. */
function sayDecisions({ request, method, decisions }: Story, directory: Directory): string {
  const own = request.proof === null ? [] : [`break-glass (${method} ${request.proof})`];
  const others = decisions.map((d) => {
    const when = isoInstant(d.at, directory.timezone);
    const shorter = d.seconds === null ? '' : `, ${d.seconds / 60} minutes`;
    const why = d.reason === null ? '' : `: ${d.reason}`;
    const by = provenBy(d);
    return `${directory.nameOf(d.person)} ${d.verdict} ${when}${shorter}${by === '' ? '' : ` (${by})`}${why}`;
  });
  return [...own, ...others].join('; ');
}

function provenBy({ method, proof }: ProvenDecision): string {
  return proof === null ? '' : `${method ?? 'a factor'} ${proof}`;
}

function saySession({ id, openedAt, endedAt, address, why }: Session, { timezone }: Directory): string {
  const ended = endedAt === null ? 'open' : `${isoInstant(endedAt, timezone)} ${why}`;
  return `session ${id} ${isoInstant(openedAt, timezone)} from ${address}, ${ended}`;
}

function sayShowing({ secretVersion, at, changedAt }: FollowedExposure, { timezone }: Directory): string {
  const since = changedAt === null ? 'not changed since' : `changed ${isoInstant(changedAt, timezone)}`;
  return `version ${secretVersion} ${isoInstant(at, timezone)}, ${since}`;
}
