/** Proving: a factor is asked once, on the person's own act, and what it says is kept and spent once. */

import type { Alert } from './alert.js';
import { event, KEYTURN } from './audit.js';
import type { LinkedIdentity, Notice, Write } from './change.js';
import { activeFactor } from './factor.js';
import type { Facts, PersonFacts, ProofFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import {
  COOL_DOWN_SECONDS,
  DENIALS,
  DENIALS_WITHIN_SECONDS,
  isOpen,
  type Method,
  type Needs,
  PROOF_SECONDS,
  type Proof,
  type ProofFailure,
  PUSH_EVERY_SECONDS,
  PUSH_SECONDS,
  SPEND_SECONDS,
  WRONG_CODES,
  WRONG_CODES_WITHIN_SECONDS,
} from './proof.js';
import type { Refusal } from './refusals.js';

/** What the act writes of its proof, and what its audit event says of it. */
export interface Spent {
  readonly writes: readonly Write[];
  readonly proof: string | null;
}

/**
 * The proof of this act, spent; or what has to be proven first. Asked last, when
 * nothing else speaks against the act, so that nobody's phone rings for a refusal.
 * A proof of another person, act, subject, version or wish is none.
 */
export function spend(
  facts: Facts,
  actor: Actor,
  isDue: boolean,
  needs: Needs,
): Spent | { needs: Needs } | { refused: Refusal } {
  if (!isDue) return { writes: [], proof: null };
  const { proof } = actor;
  if (!proof) return { needs };
  const { subject } = needs;
  const fits =
    proof.person === actor.person &&
    proof.act === needs.act &&
    proof.subjectKind === subject.kind &&
    proof.subjectId === subject.id &&
    proof.subjectVersion === subject.version &&
    proof.terms === needs.terms;
  if (!fits || proof.state !== 'allowed' || facts.now >= proof.expiresAt)
    return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, state: 'spent', version: proof.version + 1 };
  return {
    writes: [{ put: 'proof', row }],
    proof: proof.id,
  };
}

/** For the audit event of an act: by which factor, and which proof. Empty where none was due. */
export function provenBy(actor: Actor, { proof }: Spent): Record<string, unknown> {
  return proof === null ? {} : { proof, factor: actor.proof?.method };
}

/** A question for the person's factor is born, or why it isn't asked now. */
export function askProof(
  facts: PersonFacts,
  actor: Actor,
  needs: Needs,
  command: Proof['command'],
  id: string,
): Judged {
  const cannot = whyNotAsk(facts, needs);
  if (cannot) return refuse(cannot);
  const row: Proof = {
    id,
    person: actor.person,
    act: needs.act,
    subjectKind: needs.subject.kind,
    subjectId: needs.subject.id,
    subjectVersion: needs.subject.version,
    terms: needs.terms,
    client: needs.client,
    facts: needs.facts,
    number: needs.number ?? null,
    command,
    via: actor.via as Proof['via'],
    identity: actor.identity ?? null,
    state: 'asked',
    method: null,
    wish: actor.wish ?? null,
    txid: null,
    code: null,
    stateHash: null,
    sends: 0,
    fails: 0,
    evidence: null,
    failure: null,
    said: null,
    askedAt: facts.now,
    pushedAt: null,
    promptedAt: null,
    expiresAt: new Date(facts.now.getTime() + PROOF_SECONDS * 1000),
    settledAt: null,
    version: 1,
  };
  // A question whose time is up, and which nobody has settled yet, gives its place away.
  const late = facts.proofs
    .filter((p) => isUnsettled(p) && !isOpen(p, facts.now))
    .map((p) => ended(facts, p, 'timeout'));
  const asked = { proof: id, act: row.act, for: row.terms };
  return {
    change: change(facts, {
      writes: [...late, row].map((one): Write => ({ put: 'proof', row: one })),
      audit: [...late.map(endSaid), event(actor, chainOf(row), 'proof.asked', row.subjectId, asked)],
      notices: [...late, row].flatMap(noticesOf),
    }),
  };
}

function whyNotAsk(facts: PersonFacts, needs: Needs): Refusal | null {
  const { now, proofs } = facts;
  const open = proofs.find((p) => isOpen(p, now));
  if (open) {
    const same = open.act === needs.act && open.subjectId === needs.subject.id && open.terms === needs.terms;
    return same
      ? { code: 'confirming-already' }
      : { code: 'confirm-first', act: open.act, subject: open.subjectId };
  }
  const coolUntil = coolDownUntil(proofs, now);
  if (coolUntil) return { code: 'cooling-down', until: coolUntil };
  return codesLeft(facts) > 0 ? null : { code: 'too-many-codes' };
}

/** Until when nothing of a person is confirmed, because they denied too often; null where they didn't. */
export function coolDownUntil(proofs: readonly Proof[], now: Date): Date | null {
  const denials = proofs
    .filter((p) => (p.state === 'denied' || p.state === 'fraud') && p.settledAt !== null)
    .map((p) => (p.settledAt as Date).getTime())
    .sort((a, b) => a - b);
  const last = denials.findLastIndex(
    (at, n) => n >= DENIALS - 1 && at - (denials[n - DENIALS + 1] as number) <= DENIALS_WITHIN_SECONDS * 1000,
  );
  if (last < 0) return null;
  const until = new Date((denials[last] as number) + COOL_DOWN_SECONDS * 1000);
  return now < until ? until : null;
}

/**
 * Seconds until a person's phone may ring again; 0 where it may now. A question that
 * comes sooner waits for its turn: nobody has to press twice, and no phone rings twice.
 */
export function pushWait({ proofs, now }: Pick<PersonFacts, 'proofs' | 'now'>): number {
  const lastPush = Math.max(0, ...proofs.map((p) => p.pushedAt?.getTime() ?? 0));
  return Math.max(0, lastPush / 1000 + PUSH_EVERY_SECONDS - now.getTime() / 1000);
}

/** How many wrong codes the person may still type. */
export function codesLeft({ proofs, now }: PersonFacts): number {
  const since = now.getTime() - WRONG_CODES_WITHIN_SECONDS * 1000;
  // Counted from when its last code was typed, so that who typed too many waits the whole time.
  const recent = proofs.filter((p) => (p.settledAt ?? now).getTime() > since);
  return WRONG_CODES - recent.reduce((sum, p) => sum + p.fails, 0);
}

/** The factors that may be tried next, in order: the wish first, and without those that turned out not to be theirs. */
export function methodsFor(
  { proof, factors }: ProofFacts,
  order: readonly Method[],
  notTheirs: readonly Method[],
): Method[] {
  const theirs = order.filter((m) => !notTheirs.includes(m) && (m !== 'totp' || activeFactor(factors)));
  const { wish } = proof;
  if (wish === null) return theirs;
  return theirs.includes(wish) ? [wish] : [];
}

/** The next factor after the present one (or after the one that they wait for), or null where the person has no other. */
export function anotherMethod(facts: ProofFacts, order: readonly Method[]): Method | null {
  const all = methodsFor({ ...facts, proof: { ...facts.proof, wish: null } }, order, []);
  const present = facts.proof.method ?? facts.proof.wish ?? all[0];
  const next = all[(all.indexOf(present as Method) + 1) % all.length];
  return next === undefined || next === present ? null : next;
}

/** A push is about to go out. Written first: whoever finds it so sends at most one more. */
export function sending({ proof, ...facts }: ProofFacts): Judged {
  if (proof.state !== 'asked' || facts.now >= proof.expiresAt) return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, sends: proof.sends + 1, pushedAt: facts.now, version: proof.version + 1 };
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit: [] }) };
}

/** It is the person's turn, by this factor. */
export function waiting(
  { proof, ...facts }: ProofFacts,
  method: Method,
  push: { readonly txid: string; readonly code: string | null } | null,
): Judged {
  if (proof.state !== 'asked') return refuse({ code: 'proof-stale' });
  const seconds = push ? PUSH_SECONDS : PROOF_SECONDS;
  const row: Proof = {
    ...proof,
    ...(push ?? { txid: null, code: null }),
    method,
    wish: null,
    state: 'waiting',
    expiresAt: new Date(facts.now.getTime() + seconds * 1000),
    version: proof.version + 1,
  };
  return kept(facts, row);
}

/** Duo told the code of a verified push only now. */
export function codeTold({ proof, ...facts }: ProofFacts, code: string): Judged {
  if (proof.state !== 'waiting' || proof.code === code) return refuse({ code: 'proof-stale' });
  return kept(facts, { ...proof, code, version: proof.version + 1 });
}

/** The person is sent to Duo's own page; the newest address alone counts. */
export function prompted({ proof, ...facts }: ProofFacts, actor: Actor, stateHash: string): Judged {
  if (proof.person !== actor.person) return refuse({ code: 'confirm-not-yours' });
  if (!isTurnOf(proof, 'duo_universal', facts.now)) return refuse({ code: 'proof-stale' });
  const row: Proof = { ...proof, stateHash, promptedAt: facts.now, version: proof.version + 1 };
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit: [] }) };
}

/** The person wants to be asked by another factor. What the first one says from here on counts for nothing. */
export function another({ proof, ...facts }: ProofFacts, actor: Actor, method: Method): Judged {
  if (proof.person !== actor.person) return refuse({ code: 'confirm-not-yours' });
  const open = proof.state === 'waiting' || proof.state === 'asked';
  if (!open || facts.now >= proof.expiresAt) return refuse({ code: 'proof-stale' });
  const row: Proof = {
    ...proof,
    state: 'asked',
    method: null,
    wish: method,
    txid: null,
    code: null,
    stateHash: null,
    sends: 0,
    expiresAt: new Date(facts.now.getTime() + PROOF_SECONDS * 1000),
    version: proof.version + 1,
  };
  return kept(facts, row, [
    event(actor, chainOf(proof), 'proof.another', proof.subjectId, { proof: proof.id, factor: method }),
  ]);
}

/** The factor says yes. `step`: of the authenticator's code, spent with it. */
export function allowed(
  { proof, factors, ...facts }: ProofFacts,
  by: { readonly method: Method; readonly evidence: string; readonly step?: number },
): Judged {
  if (!isTurnOf(proof, by.method, facts.now)) return refuse({ code: 'proof-stale' });
  const row: Proof = {
    ...proof,
    state: 'allowed',
    evidence: by.evidence,
    settledAt: facts.now,
    expiresAt: new Date(facts.now.getTime() + SPEND_SECONDS * 1000),
    version: proof.version + 1,
  };
  const factor = activeFactor(factors);
  const step: Write[] =
    by.step === undefined || !factor
      ? []
      : [{ put: 'factor', row: { ...factor, lastStep: by.step, version: factor.version + 1 } }];
  const said = event(actorOf(proof), chainOf(proof), 'proof.allowed', proof.subjectId, {
    proof: proof.id,
    act: proof.act,
    factor: by.method,
  });
  const { change: made } = kept(facts, row, [said]);
  return { change: { ...made, writes: [...step, ...made.writes] } };
}

/** A code that isn't right. It counts; after a few nothing more is taken, and the leads are told. */
export function wrongCode(facts: ProofFacts, actor: Actor, alertId: string): Judged {
  const { proof } = facts;
  if (proof.person !== actor.person) return refuse({ code: 'confirm-not-yours' });
  if (!isTurnOf(proof, 'totp', facts.now)) return refuse({ code: 'proof-stale' });
  const left = codesLeft(facts) - 1;
  const counted: Proof = { ...proof, fails: proof.fails + 1, version: proof.version + 1 };
  if (left <= 0) {
    const fifth = { ...facts, proof: { ...proof, fails: proof.fails + 1 } };
    const over = failed(fifth, 'too-many-codes', alertId);
    return { refused: { code: 'too-many-codes' }, ...('change' in over ? { change: over.change } : {}) };
  }
  const said = event(actor, chainOf(proof), 'proof.wrong-code', proof.subjectId, { proof: proof.id, left });
  return {
    refused: { code: 'wrong-code', left },
    change: change(facts, { writes: [{ put: 'proof', row: counted }], audit: [said] }),
  };
}

/** No, or nothing within the time. A denial is not sent again by itself; three of them alert, a fraud pauses. */
export function settled(facts: ProofFacts, outcome: 'denied' | 'fraud' | 'timeout', alertId: string): Judged {
  const { proof } = facts;
  // Nobody was asked yet, or has said yes: there is nothing to deny.
  const isDue = outcome === 'timeout' ? isUnsettled(proof) : proof.state === 'waiting';
  if (!isDue) return refuse({ code: 'proof-stale' });
  const row = ended(facts, proof, outcome);
  const alerts = alertsFor(facts, row, alertId);
  const paused = alerts.some((alert) => alert.kind === 'fraud')
    ? [event(KEYTURN, 'operator', 'person.paused', proof.person, { alert: alertId, proof: proof.id })]
    : [];
  const strangers = outcome === 'timeout' ? [] : disowned(facts);
  const { change: made } = kept(facts, row, [
    endSaid(row),
    ...paused,
    ...strangers.map((i) => disownedSaid(facts, i)),
  ]);
  return {
    change: {
      ...made,
      writes: [
        ...made.writes,
        ...strangers.map((identity): Write => ({ put: 'identity', row: identity })),
        ...alerts.map((alert): Write => ({ put: 'alert', row: alert })),
      ],
      notices: [...made.notices, ...alerts.map((alert): Notice => ({ about: 'alert', id: alert.id }))],
    },
  };
}

/** The chat account that its person has just said isn't theirs: nothing is written to it any more. */
function disowned({ proof, identities, now }: ProofFacts): LinkedIdentity[] {
  const { identity } = proof;
  if (proof.act !== 'link' || identity === null) return [];
  const { platform, workspace, userId } = identity;
  return identities
    .filter((i) => i.platform === platform && i.workspace === workspace && i.userId === userId)
    .filter((i) => i.provenAt === null)
    .map((i) => ({ ...i, endedAt: now }));
}

function disownedSaid({ directory }: Facts, { person, platform, workspace, userId }: LinkedIdentity) {
  const data = { platform, workspace, userId, why: 'denied by its person' };
  return event(KEYTURN, directory.person(person)?.client ?? 'operator', 'identity.ended', person, data);
}

function alertsFor(facts: ProofFacts, row: Proof, id: string): Alert[] {
  const data = {
    act: row.act,
    subject: row.subjectId,
    via: row.via,
    workspace: row.identity?.workspace ?? null,
    userId: row.identity?.userId ?? null,
    facts: row.facts,
  };
  if (row.state === 'fraud') return [alertOf(facts, id, 'fraud', row, row.id, data, 'open')];
  const others = facts.proofs.filter((p) => p.id !== row.id);
  const cooledAlready = coolDownUntil(others, facts.now) !== null;
  const until = coolDownUntil([...others, row], facts.now);
  if (row.state !== 'denied' || cooledAlready || !until) return [];
  return [alertOf(facts, id, 'cool-down', row, row.id, { ...data, until: until.toISOString() })];
}

function alertOf(
  facts: Facts,
  id: string,
  kind: Alert['kind'],
  proof: Proof,
  key: string,
  data: Alert['data'],
  state: Alert['state'] = 'told',
): Alert {
  const about = { id, kind, person: proof.person, key: `${kind} ${key}`, data, state };
  return { ...about, at: facts.now, settledAt: null, settledBy: null, version: 1 };
}

/** So long the leads are not told of the same trouble of the same person again. */
const SAME_TROUBLE_MS = 10 * 60_000;

/** The factor could not be asked, or its answer is none that counts. Leads are told; nothing is passed by. */
export function failed(facts: ProofFacts, failure: ProofFailure, alertId: string): Judged {
  const { proof } = facts;
  if (proof.state !== 'asked' && proof.state !== 'waiting') return refuse({ code: 'proof-stale' });
  const row = { ...ended(facts, proof, 'failed'), failure };
  const { change: made } = kept(facts, row, [endSaid(row)]);
  const trouble = `${proof.person} ${failure}`;
  if (wasTold(facts, trouble)) return { change: made };
  const key = `${trouble} ${facts.now.getTime()}`;
  const alert = alertOf(facts, alertId, 'factor-failed', proof, key, { why: failure, act: proof.act });
  return {
    change: {
      ...made,
      writes: [...made.writes, { put: 'alert', row: alert }],
      notices: [...made.notices, { about: 'alert', id: alert.id }],
    },
  };
}

/** A key ends with when it was told. */
function wasTold({ alertKeys, now }: ProofFacts, trouble: string): boolean {
  const before = `factor-failed ${trouble} `;
  const since = now.getTime() - SAME_TROUBLE_MS;
  return alertKeys.some((key) => key.startsWith(before) && Number(key.slice(before.length)) > since);
}

/** What was confirmed can't be done any more: the proof is spent on nothing else, and the person reads why. */
export function moot({ proof, ...facts }: ProofFacts, said: string): Judged {
  if (!isUnsettled(proof)) return refuse({ code: 'proof-stale' });
  const row: Proof = {
    ...proof,
    state: 'void',
    said,
    settledAt: proof.settledAt ?? facts.now,
    version: proof.version + 1,
  };
  return kept(facts, row, [
    event(actorOf(proof), chainOf(proof), 'proof.void', proof.subjectId, { proof: proof.id, act: proof.act }),
  ]);
}

/** Whether this factor was asked by this proof and may still answer. */
export function isTurnOf(proof: Proof, method: Method, now: Date): boolean {
  return proof.state === 'waiting' && proof.method === method && now < proof.expiresAt;
}

/** The one who acts by this proof, as they came. */
export function actorOf(proof: Proof): Actor {
  const { person, via, identity } = proof;
  return identity === null ? { person, via } : { person, via, identity };
}

function isUnsettled({ state }: Proof): boolean {
  return state === 'asked' || state === 'waiting' || state === 'allowed';
}

type End = 'denied' | 'fraud' | 'timeout' | 'failed';

function ended(facts: Facts, proof: Proof, state: End): Proof & { readonly state: End } {
  return { ...proof, state, settledAt: facts.now, version: proof.version + 1 };
}

/** What is on record of a proof that came to nothing. */
function endSaid(row: Proof & { readonly state: End }) {
  const why = row.failure === null ? {} : { why: row.failure };
  const data = { proof: row.id, act: row.act, ...why };
  return event(actorOf(row), chainOf(row), `proof.${row.state}`, row.subjectId, data);
}

function kept(facts: Facts, row: Proof, audit: Parameters<typeof change>[1]['audit'] = []) {
  return { change: change(facts, { writes: [{ put: 'proof', row }], audit, notices: noticesOf(row) }) };
}

/** The work that a factor makes, the person's own card, and the card that says who is confirming. */
function noticesOf(proof: Proof): Notice[] {
  const { id, state } = proof;
  // What was allowed is not done yet: the card says so when it is, or why it can't be.
  const own: Notice[] = [
    { about: 'proof', id },
    ...(state === 'allowed' ? [] : [{ about: 'confirm', id } as const]),
  ];
  return proof.subjectKind === 'request' ? [...own, { about: 'request', id: proof.subjectId }] : own;
}

/** Its act is done, and its person's own card may say so. */
export function done({ proof, ...facts }: ProofFacts): Judged {
  return { change: change(facts, { audit: [], notices: [{ about: 'confirm', id: proof.id }] }) };
}

function chainOf(proof: Proof): string {
  return proof.client ?? 'operator';
}
