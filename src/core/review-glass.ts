/** Reviewing a break-glass: somebody else says whether it was justified, in time, or a lead hears that nobody did. */

import type { Alert } from './alert.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change, Notice } from './change.js';
import type { Directory } from './directory.js';
import { endMany } from './end-grant.js';
import type { RequestFacts, ReviewFacts } from './facts.js';
import { readReason } from './free-text.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor, Person, PersonId } from './people.js';
import type { Needs } from './proof.js';
import { provenBy, type Spent, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import { isLate, type Review } from './review.js';

/** So long a lead's leave to break glass once more holds. */
const ALLOWED_SECONDS = 60 * 60;
/** A late review is shouted about as often. */
const LATE_AGAIN_SECONDS = 24 * 60 * 60;

type Reviewed = Pick<RequestFacts, 'request' | 'policyNow' | 'directory'>;

/** Whether this person may review this break-glass: leads, and the staff who are told of it; never whoever broke it. */
export function mayReview({ request, policyNow, directory }: Reviewed, id: PersonId): boolean {
  const person = directory.person(id);
  if (person?.kind !== 'staff' || request.requester === id || request.kind !== 'break-glass') return false;
  return isReviewer(directory, person, policyNow?.breakGlass?.notify ?? []);
}

function isReviewer(directory: Directory, person: Person, notify: readonly string[]): boolean {
  return person.tier === 'lead' || notify.some((name) => directory.isMeantBy(person, name));
}

/** Everybody who may review it, in the directory's order. */
export function reviewers(facts: Reviewed): PersonId[] {
  return facts.directory.people.map((p) => p.id).filter((id) => mayReview(facts, id));
}

/** Settles a break-glass. `misuse` ends all that its person holds and pauses them until a lead has spoken to them. */
export function review(
  facts: ReviewFacts,
  actor: Actor,
  { verdict, note: typed }: { readonly verdict: 'justified' | 'misuse'; readonly note: string },
  alert: string,
): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const owed = facts.review;
  const cannot = whyNotReview(facts, who.person.id);
  if (cannot || !owed) return refuse(cannot ?? { code: 'no-review', request: facts.request.id });
  const note = readReason(typed);
  if ('refused' in note) return note;
  // To call it justified is an approval, if a late one; to call it misuse only takes away.
  const isDue = verdict === 'justified' && (facts.policyNow?.mfa.approve ?? false);
  const spent = spend(facts, actor, isDue, reviewNeeds(facts, owed, verdict));
  if (!('writes' in spent)) return spent;
  const row: Review = {
    ...owed,
    state: verdict,
    reviewer: who.person.id,
    note: note.text,
    settledAt: facts.now,
    version: owed.version + 1,
  };
  return {
    change: verdict === 'misuse' ? misuse(facts, actor, row, alert) : settled(facts, actor, row, spent),
  };
}

function reviewNeeds(facts: ReviewFacts, owed: Review, verdict: string): Needs {
  return {
    act: 'review',
    subject: { kind: 'request', id: owed.request, version: owed.version },
    terms: verdict,
    client: owed.client,
    facts: onPhone([
      ['Break-glass', owed.request],
      ['By', facts.directory.nameOf(owed.person)],
      ['Account', `${owed.client}/${owed.account}`],
      ['Your word', verdict],
    ]),
  };
}

/** Why this person can't review it; null where they can. */
export function whyNotReview(facts: RequestFacts, person: PersonId): Refusal | null {
  const { request, review: owed } = facts;
  if (request.kind !== 'break-glass' || !owed) return { code: 'no-review', request: request.id };
  if (request.requester === person) return { code: 'own-review' };
  if (!mayReview(facts, person)) return { code: 'not-reviewer' };
  return owed.state === 'owed'
    ? null
    : { code: 'reviewed-already', request: request.id, verdict: owed.state, by: owed.reviewer };
}

function settled(facts: ReviewFacts, actor: Actor, row: Review, spent: Spent): Change {
  return change(facts, {
    writes: [...spent.writes, { put: 'review', row }],
    audit: [said(actor, row, provenBy(actor, spent))],
    notices: noticesOf(row),
  });
}

function said(actor: Actor, row: Review, proven: Record<string, unknown> = {}) {
  const data = { person: row.person, note: row.note, ...proven };
  return event(actor, row.client, `review.${row.state as 'justified' | 'misuse'}`, row.request, data);
}

function misuse(facts: ReviewFacts, actor: Actor, row: Review, id: string): Change {
  const ends = endMany(facts, actor, facts.holdings, 'revoked', `misuse: ${row.request}`);
  const alert: Alert = {
    id,
    kind: 'misuse',
    person: row.person,
    key: `misuse ${row.request}`,
    data: { request: row.request, by: actor.person, note: row.note, ended: facts.holdings.length },
    state: 'open',
    at: facts.now,
    settledAt: null,
    settledBy: null,
    version: 1,
  };
  return change(facts, {
    // Nothing of theirs may be born between what was found and what is ended.
    alone: true,
    guards: [{ noun: 'holdings', id: row.person, counts: facts.counts }, ...ends.guards],
    writes: [{ put: 'review', row }, ...ends.writes, { put: 'alert', row: alert }],
    audit: [
      said(actor, row),
      ...ends.audit,
      event(actor, 'operator', 'person.paused', row.person, { alert: id, request: row.request }),
    ],
    notices: [...noticesOf(row), ...ends.notices, { about: 'alert', id }],
  });
}

function noticesOf(row: Review): Notice[] {
  const reminders = Array.from({ length: row.reminders }, (_, n): Notice => {
    return { about: 'alert', id: reminderId(row.request, n + 1) };
  });
  return [{ about: 'request', id: row.request }, ...reminders];
}

/** A lead lets the person break glass once more although a review is late, with the lead's own factor. */
export function allowGlass(facts: RequestFacts, actor: Actor, alert: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { review: owed, now, directory } = facts;
  if (!directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  if (!owed) return refuse({ code: 'no-review', request: facts.request.id });
  if (owed.person === who.person.id) return refuse({ code: 'own-review' });
  if (!isLate(owed, now)) return refuse({ code: 'review-not-late', request: owed.request });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'allow-glass',
    subject: { kind: 'person', id: owed.person, version: owed.version },
    terms: owed.request,
    client: owed.client,
    facts: onPhone([
      ['Let break glass once more', directory.nameOf(owed.person)],
      ['Although this isn’t reviewed', owed.request],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const allowedUntilAt = new Date(now.getTime() + ALLOWED_SECONDS * 1000);
  const row: Review = { ...owed, allowedBy: who.person.id, allowedUntilAt, version: owed.version + 1 };
  const told: Alert = {
    ...{
      id: alert,
      kind: 'glass-allowed',
      person: owed.person,
      key: `glass-allowed ${alert}`,
      state: 'told',
    },
    ...{ data: { by: who.person.id, until: allowedUntilAt.toISOString(), request: owed.request } },
    ...{ at: now, settledAt: null, settledBy: null, version: 1 },
  };
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'review', row }, { put: 'alert', row: told }],
      audit: [
        event(actor, owed.client, 'glass.allowed', owed.request, {
          person: owed.person,
          until: allowedUntilAt.toISOString(),
          ...provenBy(actor, spent),
        }),
      ],
      notices: [...noticesOf(row), { about: 'alert', id: told.id }],
    }),
  };
}

/** Those who may review it hear of it once more; from its time on the leads and the alerts channel do. */
export function remindOfReview(facts: RequestFacts, actor: Actor): Judged {
  const { review: owed, now, request } = facts;
  if (owed?.state !== 'owed' || now < owed.remindAt) return refuse({ code: 'busy' });
  const late = isLate(owed, now);
  const reminders = owed.reminders + 1;
  const remindAt = late ? new Date(now.getTime() + LATE_AGAIN_SECONDS * 1000) : owed.dueAt;
  const row: Review = { ...owed, reminders, remindAt, version: owed.version + 1 };
  const alert: Alert = {
    ...{ id: reminderId(request.id, reminders), kind: late ? 'review-late' : 'review-owed', state: 'told' },
    ...{ person: owed.person, key: `review ${request.id} ${reminders}` },
    data: { request: request.id, told: reviewers(facts) },
    ...{ at: now, settledAt: null, settledBy: null, version: 1 },
  };
  return {
    change: change(facts, {
      writes: [
        { put: 'review', row },
        { put: 'alert', row: alert },
      ],
      audit: [
        event(actor, request.client, late ? 'review.late' : 'review.reminded', request.id, { reminders }),
      ],
      notices: noticesOf(row),
    }),
  };
}

/** Known from the request, so that the settling can bring each reminder up to date. */
function reminderId(request: string, n: number): string {
  return `A-${request.slice(2)}-${n}`;
}
