/** Authenticators: allowed by a factor that its person has or by a lead's word, tried once, ended by their person or a lead. */

import type { Alert } from './alert.js';
import { event } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Write } from './change.js';
import { activeFactor, type Factor, OFFER_SECONDS } from './factor.js';
import type { FactorFacts, Facts, PersonFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { LINK_FAILURES, LINK_SECONDS } from './link.js';
import type { Actor, Person, PersonId } from './people.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';

/**
 * Lets a person enrol an authenticator. For oneself it takes a factor that one has;
 * for somebody else a lead and the lead's own factor. Only a first lead, while no
 * lead has any factor and the command line says so, needs none: there is nobody
 * else whose word it could be.
 *
 * @param facts of the person it is for.
 */
export function offerFactor(facts: PersonFacts, actor: Actor, id: string, alert: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotOffer(facts, who.person);
  if (cannot) return refuse(cannot);
  const isOwn = facts.person === actor.person;
  const isFirst = actor.via === 'cli' && isOwn && facts.isUnproven && facts.directory.isLead(actor.person);
  const spent = spend(facts, actor, !isFirst, {
    act: 'offer-factor',
    subject: { kind: 'person', id: facts.person, version: 1 },
    terms: 'totp',
    client: null,
    facts: onPhone([
      ['Person', facts.directory.nameOf(facts.person)],
      ['Chat account', facts.identities.map((i) => `${i.platform} ${i.userId}`).join(', ') || 'none'],
      ['Asked by', who.person.name],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const row: Factor = {
    id,
    person: facts.person,
    kind: 'totp',
    state: 'offered',
    offeredBy: who.person.id,
    proof: spent.proof,
    sealed: null,
    lastStep: null,
    tokenHash: null,
    browserHash: null,
    fails: 0,
    offeredAt: facts.now,
    expiresAt: new Date(facts.now.getTime() + OFFER_SECONDS * 1000),
    activeAt: null,
    endedAt: null,
    version: 1,
  };
  const told = alertFor(facts, alert, 'factor-offered', id, { factor: id, by: who.person.id });
  return {
    change: change(facts, {
      writes: [...spent.writes, ...endOffers(facts), { put: 'factor', row }, { put: 'alert', row: told }],
      audit: [
        event(actor, chainOf(facts), 'factor.offered', facts.person, {
          factor: id,
          ...provenBy(actor, spent),
        }),
      ],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

function whyNotOffer(facts: PersonFacts, who: Person): Refusal | null {
  if (!facts.offers.factors.includes('totp')) return { code: 'no-codes-here' };
  const target = facts.directory.person(facts.person);
  if (!target || target.role === 'auditor')
    return { code: 'unknown-person', typed: target?.email ?? facts.person };
  const own = target.id === who.id;
  return own || facts.directory.isLead(who.id) ? null : { code: 'leads-only' };
}

function endOffers(facts: PersonFacts): Write[] {
  return facts.factors
    .filter((f) => f.state === 'offered' || f.state === 'trying')
    .map((f) => ({ put: 'factor', row: ended(facts, f) }));
}

function ended(facts: Facts, factor: Factor): Factor {
  return { ...factor, state: 'ended', tokenHash: null, endedAt: facts.now, version: factor.version + 1 };
}

/** Makes the address of the page on which an offered authenticator is enrolled; a former one opens nothing. */
export function pressEnrol(facts: FactorFacts, person: PersonId, tokenHash: string): Judged {
  const { factor, now } = facts;
  if (factor.person !== person || !facts.directory.person(person)) return refuse({ code: 'enrol-over' });
  if (facts.paused.includes(person)) return refuse({ code: 'paused' });
  // The page that was opened before has its own, shorter time.
  const expiresAt = new Date(factor.offeredAt.getTime() + OFFER_SECONDS * 1000);
  if ((factor.state !== 'offered' && factor.state !== 'trying') || now >= expiresAt)
    return refuse({ code: 'enrol-over' });
  const row: Factor = {
    ...factor,
    state: 'offered',
    expiresAt,
    tokenHash,
    browserHash: null,
    sealed: null,
    version: factor.version + 1,
  };
  return { change: change(facts, { writes: [{ put: 'factor', row }], audit: [] }) };
}

/** Whether this page may still be used by this browser. */
export function enrolRefusal(
  { factor, now, directory, paused }: FactorFacts,
  browserHash: string,
): Refusal | null {
  const open = factor.state === 'offered' || factor.state === 'trying';
  if (!open || now >= factor.expiresAt || !directory.person(factor.person)) return { code: 'enrol-over' };
  // A pause that a new authenticator would outlive were none.
  if (paused.includes(factor.person)) return { code: 'paused' };
  const another = factor.browserHash !== null && factor.browserHash !== browserHash;
  return another ? { code: 'other-browser' } : null;
}

/** The page shows the new secret, to the first browser that asks. */
export function beginEnrol(facts: FactorFacts, browserHash: string, sealed: string): Judged {
  const cannot = enrolRefusal(facts, browserHash);
  if (cannot) return refuse(cannot);
  const { factor } = facts;
  const soon = new Date(facts.now.getTime() + LINK_SECONDS * 1000);
  const row: Factor = {
    ...factor,
    state: 'trying',
    sealed,
    browserHash,
    expiresAt: soon < factor.expiresAt ? soon : factor.expiresAt,
    version: factor.version + 1,
  };
  return { change: change(facts, { writes: [{ put: 'factor', row }], audit: [] }) };
}

/**
 * A first code was typed. Right: the authenticator counts from now on, in the
 * place of a former one, and its person is told in every chat. Wrong: it counts.
 *
 * @param step the step of a right code; null where it was wrong.
 */
export function tryCode(facts: FactorFacts, browserHash: string, step: number | null, alert: string): Judged {
  const cannot = enrolRefusal(facts, browserHash);
  const { factor } = facts;
  if (cannot || factor.state !== 'trying') return refuse(cannot ?? { code: 'enrol-over' });
  const actor: Actor = { person: factor.person, via: 'web' };
  if (step === null) return wrongTry(facts, factor);
  const former = activeFactor(facts.factors);
  const row: Factor = {
    ...factor,
    state: 'active',
    lastStep: step,
    tokenHash: null,
    activeAt: facts.now,
    version: factor.version + 1,
  };
  const told = alertFor(facts, alert, 'factor-added', factor.id, {
    factor: factor.id,
    by: factor.offeredBy,
    replaced: former?.id ?? null,
  });
  return {
    change: change(facts, {
      guards: [{ noun: 'unpaused', id: factor.person }],
      writes: [
        ...(former ? [{ put: 'factor', row: ended(facts, former) } as const] : []),
        { put: 'factor', row },
        { put: 'alert', row: told },
      ],
      audit: [
        event(actor, chainOf(facts), 'factor.added', factor.person, {
          factor: factor.id,
          offeredBy: factor.offeredBy,
          replaced: former?.id ?? null,
          proof: factor.proof,
        }),
      ],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

function wrongTry(facts: FactorFacts, factor: Factor): Judged {
  const fails = factor.fails + 1;
  const over = fails >= LINK_FAILURES;
  const row: Factor = over
    ? { ...ended(facts, factor), fails }
    : { ...factor, fails, version: factor.version + 1 };
  const actor: Actor = { person: factor.person, via: 'web' };
  const audit = over
    ? [event(actor, chainOf(facts), 'factor.ended', factor.person, { factor: factor.id, why: 'wrong codes' })]
    : [];
  return {
    refused: over ? { code: 'enrol-over' } : { code: 'wrong-code', left: LINK_FAILURES - fails },
    change: change(facts, { writes: [{ put: 'factor', row }], audit }),
  };
}

/** Ends an authenticator, by its person's factor or a lead's. */
export function endFactor(facts: PersonFacts, actor: Actor, id: string, alert: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const factor = facts.factors.find((f) => f.id === id);
  if (!factor) return refuse({ code: 'no-factor-yet' });
  if (factor.person !== who.person.id && !facts.directory.isLead(who.person.id))
    return refuse({ code: 'leads-only' });
  const spent = spend(facts, actor, true, {
    act: 'end-factor',
    subject: { kind: 'factor', id, version: 1 },
    terms: 'end',
    client: null,
    facts: onPhone([['Person', facts.directory.nameOf(factor.person)]]),
  });
  if (!('writes' in spent)) return spent;
  const told = alertFor(facts, alert, 'factor-ended', id, { factor: id, by: who.person.id });
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'factor', row: ended(facts, factor) }, { put: 'alert', row: told }],
      audit: [
        event(actor, chainOf(facts), 'factor.ended', factor.person, {
          factor: id,
          ...provenBy(actor, spent),
        }),
      ],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

/** Something that the person themselves is told, in every chat they have. */
export function alertFor(
  facts: PersonFacts,
  id: string,
  kind: Alert['kind'],
  key: string,
  data: Alert['data'],
): Alert {
  return {
    id,
    kind,
    person: facts.person,
    key: `${kind} ${key}`,
    data,
    state: 'told',
    at: facts.now,
    settledAt: null,
    settledBy: null,
    version: 1,
  };
}

function chainOf(facts: PersonFacts): string {
  return facts.directory.person(facts.person)?.client ?? 'operator';
}
