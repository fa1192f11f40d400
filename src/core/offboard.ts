/** Offboarding: a lead's word, a second one where the leaver is a lead, and then everything in one commit. */

import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import { offboardingOnPhone } from './cards/sweep-preview.js';
import type { Change, Guard } from './change.js';
import type { SweepFacts, SweepStory } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { endAccess, joined, lister, many } from './offboard-access.js';
import { endRest } from './offboard-rest.js';
import { chainOfLeaver, mayInherit, ownedBy, wordsNeeded } from './offboard-rules.js';
import type { Actor, PersonId } from './people.js';
import type { Needs } from './proof.js';
import { provenBy, type Spent, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import type { Sweep } from './sweep.js';

/** What somebody wants done with an offboarding. */
export type SweepCommand =
  /** `heir`: whose their accounts and tasks will be; absent: as the first lead said, or nobody. */
  | { readonly verb: 'offboard'; readonly person: PersonId; readonly heir?: PersonId | null }
  | { readonly verb: 'confirm-sweep'; readonly id: string; readonly heir?: PersonId | null }
  /** They are still here. */
  | { readonly verb: 'drop-sweep'; readonly id: string };

/**
 * A lead's word that this person is to be offboarded. Everything of theirs ends with it, or, where they are a lead,
 * with the word of a second one.
 *
 * @param id a fresh sweep's.
 */
export function offboard(
  facts: SweepFacts,
  actor: Actor,
  wanted: PersonId | null | undefined,
  id: string,
): Judged {
  const cannot = whyNotOffboard(facts, actor);
  if (cannot) return refuse(cannot);
  const first = firstWord(facts, actor);
  const words = wordsNeeded(facts);
  // The first lead's word is a word for this heir; a second one for another would be one word for each.
  const fixed = words === 2 ? first : null;
  const heir = heirOf(facts, wanted === undefined ? first?.heir : wanted, fixed);
  if ('refused' in heir) return heir;
  const waits = words === 2 && !first;
  const spent = spend(facts, actor, facts.offers.factors.length > 0, needsOf(facts, heir.heir, waits));
  if (!('writes' in spent)) return spent;
  const base = facts.sweep ?? born(facts, id);
  if (waits) return { change: propose(facts, actor, spent, { ...base, heir: heir.heir }) };
  const word =
    words === 2
      ? { confirmer: actor.person, confirmProof: spent.proof }
      : { proposer: actor.person, proof: spent.proof, confirmer: null, confirmProof: null };
  return { change: run(facts, actor, spent, { ...base, ...word, heir: heir.heir }) };
}

/** Why this lead can't have this person offboarded now, whoever takes over; null where they can. */
export function whyNotOffboard(facts: SweepFacts, actor: Actor): Refusal | null {
  const who = whoSweeps(facts, actor);
  if ('refused' in who) return who.refused;
  const words = wordsNeeded(facts);
  if (words === null) return { code: 'no-second-lead', person: facts.person };
  const waits = words === 2 && facts.sweep?.proposer === actor.person;
  return waits ? { code: 'sweep-waits', sweep: facts.sweep.id } : null;
}

/** Whoever sweeps is a lead and not the one who goes, and there is something to sweep. */
function whoSweeps(facts: SweepFacts, actor: Actor) {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { directory, person, standing, sweep } = facts;
  if (!directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  if (person === who.person.id)
    return refuse(
      directory.leads().length === 1 ? { code: 'last-lead', person } : { code: 'own-offboarding' },
    );
  if (sweep && sweep.state !== 'waiting')
    return refuse({ code: 'sweep-over', sweep: sweep.id, state: sweep.state });
  return standing === 'swept' ? refuse({ code: 'swept-already', person }) : who;
}

/** The sweep on which another lead has spoken whose word still counts; null where nobody has. */
function firstWord({ sweep, directory, paused }: SweepFacts, actor: Actor): Sweep | null {
  const by = sweep?.proposer ?? null;
  const counts = by !== null && by !== actor.person && directory.isLead(by) && !paused.includes(by);
  return counts ? sweep : null;
}

function heirOf(
  facts: SweepFacts,
  wanted: PersonId | null | undefined,
  fixed: Sweep | null,
): { heir: PersonId | null } | { refused: Refusal } {
  const heir = wanted ?? null;
  if (fixed && heir !== fixed.heir) return refuse({ code: 'other-heir', sweep: fixed.id, heir: fixed.heir });
  const [accounts, tasks] = [ownedBy(facts).length, facts.tasks.length];
  if (heir === null)
    return accounts + tasks > 0
      ? refuse({ code: 'heir-needed', person: facts.person, accounts, tasks })
      : { heir };
  const may = mayInherit(facts.directory, heir) && heir !== facts.person && !facts.paused.includes(heir);
  return may ? { heir } : refuse({ code: 'bad-heir', heir });
}

function needsOf(facts: SweepFacts, heir: PersonId | null, waits: boolean): Needs {
  return {
    act: 'offboard',
    subject: { kind: 'person', id: facts.person, version: 1 },
    terms: `${facts.sweep?.id ?? 'new'} to ${heir ?? 'nobody'}`,
    client: facts.client,
    facts: offboardingOnPhone(facts, heir, waits),
  };
}

function born(facts: SweepFacts, id: string): Sweep {
  return {
    ...{ id, person: facts.person, origin: 'lead', state: 'waiting', why: 'asked by a lead', at: facts.now },
    ...{ accessEndedAt: null, proposer: null, proof: null, heir: null, confirmer: null, confirmProof: null },
    ...{ settledAt: null, version: 0 },
  };
}

/** The first of two words: nothing is ended by it. */
function propose(facts: SweepFacts, actor: Actor, spent: Spent, base: Sweep): Change {
  const row: Sweep = { ...base, proposer: actor.person, proof: spent.proof, version: base.version + 1 };
  const data = { person: facts.person, heir: row.heir, ...provenBy(actor, spent) };
  return change(facts, {
    writes: [...spent.writes, { put: 'sweep', row }],
    audit: [event(actor, chainOfLeaver(facts), 'sweep.proposed', row.id, data)],
    notices: [{ about: 'sweep', id: row.id }],
  });
}

/** Everything ends, and everything that stays is somebody else's. What has to be changed by hand stays due. */
function run(facts: SweepFacts, actor: Actor, spent: Spent, base: Sweep): Change {
  const { person, now } = facts;
  const tombstone = { person, heir: base.heir };
  const after = { ...facts, directory: facts.directory.without(person, base.heir) };
  const list = lister(facts, base.id);
  const parts = joined([endAccess(after, actor, list, base.id), endRest(facts, actor, base.heir, list)]);
  const state = parts.items.some((item) => item.state === 'due') ? 'running' : 'done';
  const row: Sweep = {
    ...base,
    state,
    accessEndedAt: base.accessEndedAt ?? now,
    settledAt: state === 'done' ? now : null,
    version: base.version + 1,
  };
  const items = many({ of: 'sweep-item', rows: parts.items });
  return change(facts, {
    alone: true,
    tombstone,
    guards: [
      { noun: 'holdings', id: person, counts: facts.counts },
      ...[base.heir, base.proposer].flatMap((id): Guard[] => (id === null ? [] : [{ noun: 'unpaused', id }])),
      ...parts.guards,
    ],
    writes: [...spent.writes, { put: 'sweep', row }, ...parts.writes, ...items],
    audit: [...parts.audit, ...said(facts, actor, spent, base, row)],
    notices: [...parts.notices, { about: 'sweep', id: row.id }],
  });
}

function said(facts: SweepFacts, actor: Actor, spent: Spent, base: Sweep, row: Sweep) {
  const { person, counts } = facts;
  const chain = chainOfLeaver(facts);
  const shown = facts.shown.map((one) => `${one.client}/${one.account} v${one.secretVersion}`);
  const swept = {
    ...{
      sweep: row.id,
      heir: row.heir,
      proposer: row.proposer,
      counts,
      shown: [...new Set(shown)].slice(0, 500),
    },
    ...provenBy(actor, spent),
  };
  return [
    ...(base.accessEndedAt === null
      ? [event(actor, chain, 'sweep.access-ended', row.id, { person, counts })]
      : []),
    event(actor, chain, 'person.swept', person, swept),
    ...(row.state === 'done' ? [event(actor, chain, 'sweep.done', row.id, { person })] : []),
  ];
}

/** A lead says that they are still here, or that it was not meant: what waits is over, and what has ended stays ended. */
export function dropSweep(facts: SweepFacts, actor: Actor): Judged {
  const who = whoSweeps(facts, actor);
  if ('refused' in who) return who;
  const { sweep, directory, person } = facts;
  if (!sweep) return refuse({ code: 'settled-already' });
  const name = directory.nameOf(person);
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'keep',
    subject: { kind: 'person', id: person, version: sweep.version },
    terms: sweep.id,
    client: facts.client,
    facts: onPhone([
      ['Is still here', name],
      ['Offboarding', sweep.id],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const row: Sweep = { ...sweep, state: 'dropped', settledAt: facts.now, version: sweep.version + 1 };
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'sweep', row }],
      audit: [
        event(actor, chainOfLeaver(facts), 'sweep.dropped', sweep.id, { person, ...provenBy(actor, spent) }),
      ],
      notices: [{ about: 'sweep', id: sweep.id }],
    }),
  };
}

/** Nothing of it is left to do. */
export function finishSweep(facts: SweepStory, actor: Actor): Judged {
  const { sweep, passwords } = facts;
  if (sweep.state !== 'running' || passwords.changed < passwords.total)
    return refuse({ code: 'settled-already' });
  const row: Sweep = { ...sweep, state: 'done', settledAt: facts.now, version: sweep.version + 1 };
  return {
    change: change(facts, {
      writes: [{ put: 'sweep', row }],
      audit: [event(actor, chainOfLeaver(facts), 'sweep.done', sweep.id, { person: sweep.person })],
      notices: [{ about: 'sweep', id: sweep.id }],
    }),
  };
}
