/** Letting a connection in: the grant, the person, and what they show for it are judged anew each time, in the transaction that puts it on record. */

import { event } from './audit.js';
import { whyNotConnect } from './connect.js';
import type { AdmissionFacts } from './facts.js';
import type { Grant } from './grant.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import { factorDue } from './reveal.js';
import { isLeft, MOST_SESSIONS, type Session } from './session.js';
import { type SshWay, sshWay } from './ssh-way.js';
import { TICKET_FAILURES, type Ticket } from './ticket.js';

/** Who knocks: where from, with what, and at which replica. */
export interface Knock {
  /** A fresh session's. */
  readonly id: string;
  readonly address: string;
  readonly by: 'ticket' | 'key';
  readonly owner: string;
}

/**
 * Admits the holder by their ticket, which is spent with it, or by a key of theirs that is registered. Whatever speaks
 * against it is one refusal to whoever knocks; on record it stands only where they have shown that they are somebody.
 */
export function admit(facts: AdmissionFacts, knock: Knock): Judged {
  const why = whyNotAdmit(facts, knock);
  if (why !== null) return notAdmitted(facts, knock, why);
  const grant = facts.grant as Grant;
  const holder: Actor = { person: grant.holder, via: 'ssh' };
  const row = sessionOf(facts, knock);
  const { client, account } = grant;
  return {
    change: change(facts, {
      guards: [
        { noun: 'live-grant', id: grant.id },
        { noun: 'unpaused', id: grant.holder },
        { noun: 'secret', client, account, version: row.secretVersion },
      ],
      writes: [...(knock.by === 'ticket' ? spent(facts) : []), { put: 'session', row }],
      audit: [
        event(holder, client, 'session.opened', grant.id, {
          session: row.id,
          account: `${client}/${account}`,
          address: row.address,
          version: row.secretVersion,
          ...(knock.by === 'ticket' ? { ticket: row.ticket } : { key: facts.key?.fingerprint }),
        }),
      ],
      notices: [{ about: 'request', id: grant.request }],
    }),
  };
}

function spent({ ticket }: AdmissionFacts) {
  if (!ticket) return [];
  return [{ put: 'ticket', row: { ...ticket, state: 'spent', version: ticket.version + 1 } }] as const;
}

function sessionOf(facts: AdmissionFacts, { id, address, by, owner }: Knock): Session {
  const grant = facts.grant as Grant;
  const way = facts.accountNow && sshWay(facts.accountNow, facts.directory);
  return {
    ...{ id, grant: grant.id, client: grant.client, account: grant.account, person: grant.holder },
    ticket: by === 'ticket' ? (facts.ticket?.id ?? null) : null,
    key: by === 'key' ? (facts.key?.id ?? null) : null,
    ...{ address, owner, secretVersion: facts.secret?.version as number },
    idleSeconds: (way as SshWay).idleSeconds,
    ...{ state: 'open', why: null, openedAt: facts.now, seenAt: facts.now, endedAt: null },
    ...{ endAskedAt: null, endAskedBy: null },
    ...{ recordingHash: null, recordingBytes: null, recordingEvents: null, version: 1 },
  };
}

/** What is wrong, for the record; null where nothing is. */
export function whyNotAdmit(facts: AdmissionFacts, { by }: Pick<Knock, 'by'>): string | null {
  const { grant } = facts;
  if (!grant) return 'unknown-id';
  const cannot = whyNotConnect(facts, { person: grant.holder, via: 'ssh' });
  if (cannot) return cannot.code;
  if (facts.sessions.length >= MOST_SESSIONS) return 'too-many-sessions';
  return by === 'ticket' ? ticketFault(facts, grant) : keyFault(facts);
}

function ticketFault(facts: AdmissionFacts, grant: Grant): string | null {
  const { ticket, now } = facts;
  if (!ticket) return 'no-such-ticket';
  if (ticket.grant !== grant.id || ticket.person !== grant.holder) return 'ticket-of-another';
  if (ticket.state !== 'open') return `ticket-${ticket.state}`;
  if (now >= ticket.expiresAt) return 'ticket-late';
  return isProven(facts, ticket) ? null : 'not-proven';
}

/** A key opens while the window of a press is open, and after that only what it has open, or has just left, from the same place. */
function keyFault(facts: AdmissionFacts): string | null {
  const { key, pressed, alike, cutAt, now, grant } = facts;
  if (key?.state !== 'active' || key.person !== grant?.holder) return 'no-such-key';
  const since = (at: Date) => cutAt === null || at > cutAt;
  const isOpen = pressed !== null && pressed.state !== 'dead' && now < pressed.expiresAt;
  if (isOpen && since(pressed.openedAt)) return isProven(facts, pressed) ? null : 'not-proven';
  return alike !== null && since(alike.openedAt) && isWarm(alike, now) ? null : 'window-closed';
}

function isWarm(session: Session, now: Date): boolean {
  if (session.state === 'open') return true;
  const until = (session.endedAt as Date).getTime() + session.idleSeconds * 1000;
  return isLeft(session) && now.getTime() < until;
}

/** The policy may have come to ask for a factor after the press. */
function isProven(facts: AdmissionFacts, { proof }: Ticket): boolean {
  return proof !== null || !factorDue(facts);
}

/** A ticket that is known, or a key whose owner is, is somebody's: that stands on record, of a ticket so often. Everything else is only counted. */
function notAdmitted(facts: AdmissionFacts, { by, address }: Knock, why: string): Judged {
  const { ticket, key, grant } = facts;
  const isKnown = by === 'key' ? key !== null : ticket !== null;
  const refused = refuse({ code: 'not-admitted', why, isKnown });
  if (by === 'key') {
    if (!key || !grant) return refused;
    const data = { why, address, key: key.fingerprint };
    const row = event({ person: key.person, via: 'ssh' }, grant.client, 'session.refused', grant.id, data);
    return { ...refused, change: change(facts, { audit: [row] }) };
  }
  if (!ticket || ticket.fails >= TICKET_FAILURES) return refused;
  const fails = ticket.fails + 1;
  const state = ticket.state === 'open' && fails >= TICKET_FAILURES ? 'dead' : ticket.state;
  const data = { why, address, ticket: ticket.id };
  return {
    ...refused,
    change: change(facts, {
      writes: [{ put: 'ticket', row: { ...ticket, fails, state, version: ticket.version + 1 } }],
      // In the chain of the grant that it was made for, whichever was asked for: that is all that is known of whoever knocks.
      audit: [
        event({ person: ticket.person, via: 'ssh' }, ticket.client, 'session.refused', ticket.grant, data),
      ],
    }),
  };
}
