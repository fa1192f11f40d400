/** Answers to `mine`, `pending`, `show` and `help`. */

import type { AuditRow } from '../audit.js';
import type { Directory } from '../directory.js';
import type { RequestFacts } from '../facts.js';
import { secretIn } from '../free-text.js';
import { type Grant, isLive } from '../grant.js';
import type { Request } from '../request.js';
import type { Session } from '../session.js';
import { HELP } from '../words.js';
import { type Card, said, type Text, typed } from './card.js';
import { type Audience, requestCard } from './request-card.js';
import { sayFactor, sayProven } from './say-proof.js';
import { endings, sayOpen, sessionLine } from './session-lines.js';
import { sayDuration, sayInstant, sayTime } from './words.js';

/** A request, with its grant where there is one: a line in a list. */
export interface Item {
  readonly request: Request;
  readonly grant: Grant | null;
  /** Its connections that are open now. */
  readonly sessions: readonly Session[];
}

const MOST_LINES = 15;

export function mineCard(items: readonly Item[], directory: Directory, now: Date): Card {
  const lines = items
    .slice(0, MOST_LINES)
    .map((item) =>
      said([itemLine(item, directory, now), ...sayOpen(item.sessions, directory, now)].join('; ')),
    );
  return listCard(
    'My requests and grants',
    lines,
    items,
    'You have asked for nothing yet. Type /access to ask.',
  );
}

export function pendingCard(items: readonly Item[], directory: Directory, now: Date): Card {
  const lines = items.slice(0, MOST_LINES).map(({ request }) => {
    const who = directory.nameOf(request.requester);
    const by = sayTime(request.decideBy, directory, now);
    return said(
      `${request.id}  ${nameIn(request, directory)}: ${who}, ${sayDuration(request.seconds)}, decide by ${by}`,
    );
  });
  return listCard('Waiting for your decision', lines, items, 'Nothing waits for you.');
}

function listCard(title: string, lines: Text[], items: readonly Item[], none: string): Card {
  const more = items.length - lines.length;
  const buttons = items
    .slice(0, 5)
    .map(
      ({ request }) =>
        ({ kind: 'button', act: 'show', label: `Show ${request.id}`, id: request.id }) as const,
    );
  return {
    client: null,
    title,
    rows: [],
    lines: lines.length === 0 ? [said(none)] : more > 0 ? [...lines, said(`and ${more} more`)] : lines,
    actions: buttons,
  };
}

function itemLine({ request, grant }: Item, directory: Directory, now: Date): string {
  const what = nameIn(request, directory);
  if (grant && isLive(grant, now))
    return `${grant.id}  ${what}: yours until ${sayTime(grant.endsAt as Date, directory, now)}`;
  if (grant)
    return `${grant.id}  ${what}: ${grant.outcome ?? 'expired'} ${sayTime(grant.endedAt ?? grant.endsAt ?? now, directory, now)}`;
  const waits = request.state === 'pending' ? 'waits for a decision' : request.state;
  const more = request.kind === 'extend' ? `${sayDuration(request.seconds)} more, ` : '';
  return `${request.id}  ${what}: ${more}${waits}`;
}

function nameIn(request: Request, directory: Directory): string {
  const client = directory.client(request.client)?.name ?? request.client;
  const account = directory.account(request.client, request.account)?.name ?? request.account;
  return `${client}, ${account}`;
}

/** One request whole: its card, and below it the trail as it stands in the chain. */
export function showCard(
  facts: RequestFacts,
  trail: readonly AuditRow[],
  audience: Audience,
  mayEndSessions = false,
): Card {
  const card = requestCard(facts, audience);
  const { sessions, directory, now } = facts;
  const open = sessions.map((session) => said(sessionLine(session, directory, now)));
  const lines = trail.map((row) => trailLine(row, directory));
  return {
    ...card,
    lines: [...card.lines, ...open, said('Trail:'), ...lines],
    actions: [...card.actions, ...(mayEndSessions ? endings(sessions) : [])],
    unfolded: true,
  };
}

/** `#12  23 Nov 14:03:07  Lena Falk: approved`. */
export function trailLine(row: AuditRow, directory: Directory): Text {
  const who = row.actor === null ? 'Keyturn' : directory.nameOf(row.actor);
  return typed(`#${row.seq}  ${sayInstant(row.at, directory)}  ${who}: ${sayAct(row)}`);
}

function sayAct(row: AuditRow): string {
  const { data } = row;
  const acts: Record<AuditRow['action'], string> = {
    'request.asked':
      data.kind === 'extend'
        ? `asked for ${data.minutes} minutes more of ${data.extends}, under ${data.policy}`
        : `asked for ${data.account}, ${data.minutes} minutes, under ${data.policy}`,
    'request.approved': 'that was the last approval needed',
    'request.denied': 'the request ended',
    'request.cancelled':
      data.because === 'offboarded' ? 'withdrew it: the one who asked has left' : 'took the request back',
    'request.lapsed': typeof data.why === 'string' ? `it lapsed: ${data.why}` : 'nobody decided in time',
    'request.escalated': data.mayDecide
      ? 'nobody had decided, so others may since then'
      : 'nobody had decided, so others were told',
    'decision.approve': `approved for ${data.minutes} minutes`,
    'decision.deny': `denied: ${data.reason}`,
    'grant.active': `access began, until ${String(data.until).replace('T', ' ').slice(0, 16)} UTC`,
    'grant.extended': `made longer by ${data.minutes} minutes (${data.request}), until ${String(data.until).replace('T', ' ').slice(0, 16)} UTC`,
    'grant.expired': 'time was up',
    'grant.returned': 'returned it early',
    'grant.revoked': `revoked it: ${data.reason}`,
    'link.made': data.purpose === 'reveal' ? 'pressed Reveal' : 'opened the page for the new password',
    'link.asked': 'a browser opened the link and asked',
    'link.confirmed': `confirmed the browser that showed ${data.number}`,
    'link.failed': `a try at the link failed: ${data.why}`,
    'link.dead': `the link died: ${data.why}`,
    'secret.shown': `was shown version ${data.version} of the password`,
    'secret.stored': `put version ${data.version} of the password into custody`,
    'code.shown': 'was shown live one-time codes beside it',
    'code.asked': `asked the client’s contacts for a one-time code (${data.n})`,
    'code.typed': `typed the one-time code (${data.n}), for the page alone`,
    'code.handed': `the page took the one-time code (${data.n})`,
    'revocation.due':
      data.kind === 'target'
        ? 'it has to be taken back at the target'
        : 'the password that was shown has to be changed',
    'revocation.done': `taken back: ${data.readBack}`,
    'revocation.stuck': `can’t be taken back at the target so far: ${data.trouble}`,
    'grant.provisioning': 'being set up at the target',
    'rotation.asked': `a new password is due (${data.cause})`,
    'rotation.prepared': `version ${data.version} of the password is in the vault, before the target has it`,
    'rotation.dropped': `a new password was not needed any more: ${data.why}`,
    'secret.rotated': `version ${data.version} of the password is in force, and the one before is refused`,
    'orphan.removed': `removed ${data.login}, which no grant stands behind`,
    'revocation.assigned': 'the password is somebody else’s to change now: its former owner has left',
    'ticket.made': 'pressed Connect: the way to a session is open for ten minutes',
    'session.opened': `connected from ${data.address} (${data.session}) by ${data.key ? `the key ${data.key}` : 'a ticket'}`,
    'session.refused': `was not let in from ${data.address} (${data.why})`,
    'session.cut': `ended the session ${data.session}`,
    'session.ended': `the session ${data.session} ended after ${sayDuration(Number(data.seconds))} (${data.why})`,
    'session.recorded': `the recording of ${data.session} is whole: ${data.recording}`,
    'session.wrong-host-key': `the target showed the host key ${data.shown}, and ${data.configured} is configured: ${data.session} ended`,
    'ssh-key.added': `registered the SSH key ${data.fingerprint}`,
    'ssh-key.ended': `the SSH key ${data.fingerprint} ended`,
    'identity.linked': `${data.platform} account linked`,
    'identity.ended': `${data.platform} account is no full member any more (${data.why}); its link ended`,
    'identity.met': `${data.platform} account met, by its confirmed e-mail`,
    'proof.asked': `was asked on their phone to confirm: ${sayProven(data.act)}`,
    'proof.another': 'chose another factor',
    'proof.allowed': `confirmed by ${sayFactor(data.factor)}: ${sayProven(data.act)}`,
    'proof.wrong-code': 'typed a wrong code',
    'proof.denied': 'denied it on their phone',
    'proof.fraud': 'reported on their phone that they had not asked for it',
    'proof.timeout': 'confirmed nothing in time',
    'proof.failed': `could not be asked for a second factor (${data.why})`,
    'proof.void': 'confirmed what could not be done any more',
    'person.paused':
      data.request === undefined
        ? 'paused, after the report of a push that nobody had asked for'
        : 'paused, after a break-glass that was misuse',
    'person.resumed': 'settled the incident; the person may act again',
    'person.swept': `offboarded; ${data.sweep} has the list`,
    'sweep.proposed': data.why ? `the chat account was ${data.why}` : 'wants somebody offboarded',
    'sweep.access-ended': 'all their access ended',
    'sweep.done': 'nothing of the offboarding is left to do',
    'sweep.dropped': 'dropped the offboarding: they are still here',
    'factor.offered': 'was allowed to enrol an authenticator',
    'factor.added': 'enrolled an authenticator',
    'factor.ended': 'an authenticator ended',
    'glass.broken': `broke the glass for ${data.account}, ${data.minutes} minutes: ${data.reason}`,
    'glass.allowed': 'let them break glass once more',
    'review.justified': `reviewed it: justified. ${data.note}`,
    'review.misuse': `reviewed it: misuse. ${data.note}`,
    'review.reminded': 'those who may review it were reminded',
    'review.late': 'nobody has reviewed it in time; the leads were told',
    'directory.proposed': 'proposed a configuration that makes access easier',
    'directory.refused': 'refused the proposed configuration',
    'directory.applied': 'the configuration was applied',
    'digest.sent': 'sent the digest of the day, which holds the heads of all chains',
    'keys.rotated': 'the data keys were re-wrapped',
    'report.read': `read the report ${data.report} ${data.subject}, ${data.from} to ${data.to}`,
    'recording.watched': `watched the recording of session ${data.session}`,
    'audit.exported': `exported the audit trail, ${data.from} to ${data.to}`,
    'visit.made': 'made a link to a report',
    'visit.asked': 'a browser opened the link to a report and asked',
    'visit.confirmed': `confirmed the browser that showed ${data.number}`,
    'visit.failed': `a try at the link to a report failed: ${data.why}`,
    'visit.dead': `the link to a report died: ${data.why}`,
    'act.refused': `tried to ${data.verb}; refused (${data.because})`,
  };
  return acts[row.action];
}

/** What was typed is quoted, unless it holds a secret: a chat keeps what it was told. */
export function helpCard(unknown?: string): Card {
  const quoted = unknown === undefined || secretIn(unknown) !== null ? [] : [unknown.slice(0, 200)];
  const lines = HELP.map(({ usage, does }) => said(`/access ${usage}: ${does}`));
  return {
    client: null,
    title: unknown === undefined ? 'What you can type' : 'I didn’t understand that',
    rows: quoted.map((text) => ({ label: 'You typed', text: typed(text) })),
    lines,
    actions: [{ kind: 'button', act: 'ask', label: 'Request access', id: 'form', style: 'primary' }],
  };
}
