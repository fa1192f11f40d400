/** Somebody's chat says that they have left: their access ends at once, and the rest waits for a lead. */

import { type AuditEvent, event } from './audit.js';
import type { Write } from './change.js';
import type { SweepFacts } from './facts.js';
import { identityId } from './identify.js';
import { change, type Judged, refuse } from './judged.js';
import { endAccess, lister, many, type SweepParts } from './offboard-access.js';
import { chainOfLeaver } from './offboard-rules.js';
import type { Actor, ChatIdentity } from './people.js';
import { AUTOMATIC_AN_HOUR, type Sweep } from './sweep.js';

/** What a chat says of an account of theirs that is no more. */
export interface Leave {
  readonly identity: ChatIdentity;
  /** In words: "deactivated in Slack". */
  readonly why: string;
}

/**
 * Ends the account's link, and with it all that gives its person access, unless so many leave at once that it may be a
 * mistake, or nobody would be left who could put it right: then a lead decides. The person is paused until a lead has.
 *
 * @param id a fresh sweep's.
 */
export function leave(facts: SweepFacts, actor: Actor, { identity, why }: Leave, id: string): Judged {
  const linked = facts.identities.find((one) => identityId(one) === identityId(identity));
  if (facts.standing === 'swept' || !linked) return refuse({ code: 'identity-ended' });
  const { platform, workspace, userId } = identity;
  const unlinked = event(actor, chainOfLeaver(facts), 'identity.ended', facts.person, {
    ...{ platform, workspace, userId, why: 'deactivated' },
  });
  const ended: Write = { put: 'identity', row: { ...linked, endedAt: facts.now } };
  const isNew = facts.sweep === null;
  const ends = speaksForThem(facts, linked) && !facts.sweep?.accessEndedAt && mayEnd(facts);
  if (!ends && !(isNew && speaksForThem(facts, linked)))
    return { change: change(facts, { writes: [ended], audit: [unlinked] }) };
  const row = facts.sweep ? touched(facts, facts.sweep) : born(facts, why, ends, id);
  const access = ends ? endAccess(withoutThem(facts), actor, lister(facts, row.id), row.id) : NOTHING;
  const items = many({ of: 'sweep-item', rows: access.items });
  return {
    change: change(facts, {
      alone: true,
      guards: [{ noun: 'holdings', id: facts.person, counts: facts.counts }, ...access.guards],
      writes: [ended, { put: 'sweep', row }, ...access.writes, ...items],
      audit: [unlinked, ...access.audit, ...said(facts, actor, row, why, isNew, ends)],
      notices: [...access.notices, { about: 'sweep', id: row.id }],
    }),
  };
}

const NOTHING: SweepParts = { guards: [], writes: [], audit: [], notices: [], items: [] };

/** An account that only an e-mail address vouches for says nothing of somebody who has a proven one elsewhere. */
function speaksForThem(
  { identities, offers }: SweepFacts,
  linked: SweepFacts['identities'][number],
): boolean {
  if (linked.provenAt !== null || offers.factors.length === 0) return true;
  return !identities.some((one) => one.provenAt !== null);
}

/** Whether this many may be true, and somebody is left who can say that it isn't. A sweep that waits for the leads' word goes on waiting. */
function mayEnd({ counts, directory, person, paused, sweep }: SweepFacts): boolean {
  if (sweep?.origin === 'automatic') return false;
  const isLead = directory.isLead(person);
  const others = directory.leads().filter(({ id }) => id !== person && !paused.includes(id));
  return (counts.leaving ?? 0) < AUTOMATIC_AN_HOUR && !(isLead && others.length === 0);
}

function withoutThem(facts: SweepFacts): SweepFacts {
  return { ...facts, directory: facts.directory.without(facts.person, null) };
}

function born(facts: SweepFacts, why: string, ends: boolean, id: string): Sweep {
  return {
    ...{ id, person: facts.person, origin: 'automatic', state: 'waiting', why, at: facts.now },
    accessEndedAt: ends ? facts.now : null,
    ...{ proposer: null, proof: null, heir: null, confirmer: null, confirmProof: null },
    ...{ settledAt: null, version: 1 },
  };
}

/** A lead had asked for it already; what their chat says ends the access of the one whom it is about. */
function touched({ now }: SweepFacts, sweep: Sweep): Sweep {
  return { ...sweep, accessEndedAt: now, version: sweep.version + 1 };
}

function said(
  facts: SweepFacts,
  actor: Actor,
  row: Sweep,
  why: string,
  isNew: boolean,
  ends: boolean,
): AuditEvent[] {
  const chain = chainOfLeaver(facts);
  const { person, counts } = facts;
  const proposed = event(actor, chain, 'sweep.proposed', row.id, { person, why, ends });
  const over = event(actor, chain, 'sweep.access-ended', row.id, { person, why, counts });
  return [...(isNew ? [proposed] : []), ...(ends ? [over] : [])];
}
