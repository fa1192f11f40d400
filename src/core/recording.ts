/** Recordings of sessions: who may read which, and every watching on record. */

import { event } from './audit.js';
import type { VisitFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Person, PersonId } from './people.js';
import type { Refusal } from './refusals.js';
import { readSaid } from './report.js';
import { isOfSessions } from './visit.js';
import { anotherBrowser, mayNotSee } from './visit-browser.js';

/** Which session is recorded. */
export interface Recorded {
  /** `X-…`. */
  readonly session: string;
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  readonly person: PersonId;
  /** Where the connection came from. */
  readonly address: string;
}

/** A closed recording, as it is held against the audit trail. */
export interface RecordingSummary {
  /** SHA-256, hex. */
  readonly hash: string;
  /** Of plain text. */
  readonly bytes: number;
  readonly seconds: number;
  readonly events: number;
}

/** One closed cast: a shell, a command or a file transfer. */
export interface ClosedCast {
  readonly channel: number;
  /** SHA-256 of its plain text, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly pieces: number;
  readonly exitCode: number | null;
}

export interface RecordedSession extends Recorded {
  readonly begunAt: Date;
  /** Null while it goes on, and for ever where it broke off. */
  readonly end: (RecordingSummary & { readonly casts: readonly ClosedCast[] }) | null;
  readonly closedAt: Date | null;
  /** When the session ended, and what the audit trail says of it; null while it goes on. */
  readonly endedAt: Date | null;
  readonly trail: { readonly why: string | null; readonly hash: string | null } | null;
}

/** What is looked for: null for everything. Both ids. */
export interface RecordingFilter {
  readonly client: string | null;
  readonly person: PersonId | null;
}

/** What is looked for among what its reader may see. */
export interface RecordingScope extends RecordingFilter {
  readonly start: Date;
  readonly end: Date;
  /** Only this person's; null for everybody's. */
  readonly own: PersonId | null;
  /** No session of these clients. */
  readonly except: readonly string[];
}

/** Why this browser is shown no recordings. */
export function mayNotBrowse(facts: VisitFacts, browserHash: string): Refusal | null {
  if (!isOfSessions(facts.visit.page)) return { code: 'link-over' };
  return mayNotSee(facts, browserHash);
}

/** What the page's owner may see: leads and auditors everybody's, but no lead those of a client that names other staff. */
export function scopeOf(facts: VisitFacts, filter: RecordingFilter): RecordingScope {
  const { directory, start, end } = facts;
  const who = ownerOf(facts);
  const everybody = who !== undefined && seesOthers(who);
  const closed = directory.clients.filter(
    (client) => who && !isAuditor(who) && !directory.serves(who, client),
  );
  return {
    ...{ ...filter, start, end },
    own: everybody ? null : facts.visit.person,
    except: everybody ? closed.map(({ id }) => id) : [],
  };
}

/** Whether the page's owner may look into this one. What isn't theirs and what doesn't exist sound the same. */
export function mayNotWatch(facts: VisitFacts, recorded: RecordedSession | null): Refusal | null {
  const { own, except } = scopeOf(facts, { client: null, person: null });
  const theirs = recorded && (own === null ? !except.includes(recorded.client) : recorded.person === own);
  if (!recorded || !theirs) return { code: 'unknown-session' };
  return isLive(recorded) && !isLead(facts) ? { code: 'session-live' } : null;
}

/** Somebody is in it, as far as anybody knows. */
export function isLive({ end, trail }: RecordedSession): boolean {
  return end === null && trail === null;
}

/** Whether the page's owner may follow what goes on now, and end it. */
export function isLead(facts: VisitFacts): boolean {
  const who = ownerOf(facts);
  return who?.kind === 'staff' && who.tier === 'lead';
}

/** The list is read, or searched, by the browser that was let in. What was looked for is nobody's business. */
export function listRecordings(facts: VisitFacts, browserHash: string, isSearch: boolean): Judged {
  const cannot = mayNotBrowse(facts, browserHash);
  if (cannot?.code === 'other-browser') return anotherBrowser(facts);
  if (cannot) return refuse(cannot);
  const actor = { person: facts.visit.person, via: 'web' } as const;
  const said = readSaid(facts, actor, 'page', { visit: facts.visit.id, ...(isSearch && { searched: true }) });
  return {
    change: change(facts, { guards: [{ noun: 'unpaused', id: facts.visit.person }], audit: [said] }),
  };
}

/** One recording is watched. On record in the chain of the client whose session it is. */
export function watchRecording(
  facts: VisitFacts,
  browserHash: string,
  recorded: RecordedSession | null,
  channel: number,
): Judged {
  const cannot = mayNotBrowse(facts, browserHash) ?? mayNotWatch(facts, recorded);
  if (cannot?.code === 'other-browser') return anotherBrowser(facts);
  if (cannot || !recorded) return refuse(cannot ?? { code: 'unknown-session' });
  const { visit } = facts;
  const data = {
    session: recorded.session,
    channel,
    live: isLive(recorded),
    of: recorded.person,
    visit: visit.id,
  };
  const actor = { person: visit.person, via: 'web' } as const;
  return {
    change: change(facts, {
      guards: [{ noun: 'unpaused', id: visit.person }],
      audit: [event(actor, recorded.client, 'recording.watched', recorded.grant, data)],
    }),
  };
}

function ownerOf({ directory, visit }: VisitFacts): Person | undefined {
  return directory.person(visit.person);
}

function seesOthers(who: Person): boolean {
  return who.kind === 'staff' && (who.tier === 'lead' || isAuditor(who));
}

function isAuditor({ role }: Person): boolean {
  return role === 'auditor';
}
