/** How sessions end, and what their recordings come to: said by the bastion, or wanted by a lead. */

import type { Alert } from './alert.js';
import { event, KEYTURN } from './audit.js';
import type { SessionFacts } from './facts.js';
import { isLive } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor } from './people.js';
import type { Session, SessionEnd } from './session.js';
import { sshWay } from './ssh-way.js';

/** The connection is over. Said again, it changes nothing. */
export function endSession(facts: SessionFacts, why: SessionEnd): Judged {
  const { session, now } = facts;
  if (session.state === 'ended') return { change: change(facts, { audit: [] }) };
  const row: Session = {
    ...session,
    state: 'ended',
    why: why === 'grant-over' ? whyOver(facts) : why,
    endedAt: now,
    version: session.version + 1,
  };
  const seconds = Math.round((now.getTime() - session.openedAt.getTime()) / 1000);
  return {
    change: change(facts, {
      writes: [{ put: 'session', row }],
      audit: [
        event(KEYTURN, row.client, 'session.ended', row.grant, {
          session: row.id,
          person: row.person,
          why: row.why,
          seconds,
          ...(row.recordingHash === null ? {} : { recording: row.recordingHash, bytes: row.recordingBytes }),
        }),
      ],
      notices: [{ about: 'request', id: facts.request.id }],
    }),
  };
}

/** The bastion hears that it has to cut; what it was is looked up here. */
function whyOver({ session, grant, paused, key, now }: SessionFacts): SessionEnd {
  if (session.endAskedAt !== null) return 'ended-by-lead';
  if (!grant || !isLive(grant, now)) return 'grant-over';
  if (paused.includes(session.person)) return 'holder-paused';
  return key?.state === 'ended' ? 'key-ended' : 'grant-over';
}

/** A lead has one session ended; the grant goes on, and its next connection takes a new press of Connect. */
export function askEnd(facts: SessionFacts, actor: Actor): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { session, now } = facts;
  if (!facts.directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  if (session.state === 'ended' || session.endAskedAt !== null)
    return refuse({ code: 'session-over', session: session.id });
  const row: Session = {
    ...session,
    endAskedAt: now,
    endAskedBy: who.person.id,
    version: session.version + 1,
  };
  const data = { session: row.id, person: row.person };
  return {
    change: change(facts, {
      writes: [{ put: 'session', row }],
      audit: [event(actor, row.client, 'session.cut', row.grant, data)],
      notices: [{ about: 'request', id: facts.request.id }],
    }),
  };
}

/** What a whole recording comes to. */
export interface Recorded {
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
  readonly events: number;
}

/** The recording is whole. On record with the session's end; where that was said before, by itself. */
export function recordSession(facts: SessionFacts, { hash, bytes, events }: Recorded): Judged {
  const { session } = facts;
  if (session.recordingHash !== null) return { change: change(facts, { audit: [] }) };
  const row: Session = {
    ...session,
    ...{ recordingHash: hash, recordingBytes: bytes, recordingEvents: events },
    version: session.version + 1,
  };
  const late = event(KEYTURN, row.client, 'session.recorded', row.grant, {
    ...{ session: row.id, recording: hash, bytes },
  });
  return {
    change: change(facts, {
      writes: [{ put: 'session', row }],
      audit: session.state === 'ended' ? [late] : [],
    }),
  };
}

/** The target showed another host key than the configured one: the leads hear of it, once a day and system. */
export function wrongHostKey(facts: SessionFacts, keys: readonly string[], alert: string): Judged {
  const { session, accountNow: account, directory, now } = facts;
  const readable = keys.filter((key) => /^SHA256:[A-Za-z0-9+/]{43}$/.test(key));
  const shown = readable.length > 0 ? readable.join(' and ') : 'none that is safe to trust';
  const configured = (account && sshWay(account, directory)?.hostKey) ?? 'another';
  const system = account?.system ?? session.account;
  const key = `target-untrusted ${session.client}/${system} ${now.toISOString().slice(0, 10)}`;
  const data = {
    ...{ client: session.client, clientName: facts.client?.name ?? session.client },
    ...{ account: session.account, system },
    says: `${system} shows the host key ${shown}; configured is ${configured}. Nothing was sent, and the session ended.`,
  };
  const row: Alert = {
    ...{ id: alert, kind: 'target-untrusted', person: null, key, data, state: 'told', at: now },
    ...{ settledAt: null, settledBy: null, version: 1 },
  };
  const isTold = facts.told.includes(key);
  return {
    change: change(facts, {
      writes: isTold ? [] : [{ put: 'alert', row }],
      audit: [
        event(KEYTURN, session.client, 'session.wrong-host-key', session.grant, {
          ...{ session: session.id, shown, configured },
        }),
      ],
      notices: isTold ? [] : [{ about: 'alert', id: alert }],
    }),
  };
}
