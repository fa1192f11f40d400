/** What comes of a question to a factor: yes, no, nothing; or what it was for can't be done any more. */

import { event, KEYTURN } from './audit.js';
import type { LinkedIdentity, Notice, Write } from './change.js';
import { activeFactor } from './factor.js';
import type { Facts, ProofFacts } from './facts.js';
import { codesLeft } from './fatigue.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import {
  actorOf,
  chainOf,
  isTurnOf,
  isUnsettled,
  type Method,
  type Proof,
  type ProofFailure,
  SPEND_SECONDS,
} from './proof.js';
import { alertsFor, failureAlert } from './proof-alerts.js';
import { ended, endSaid, kept } from './proof-change.js';

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

/** The factor could not be asked, or its answer is none that counts. Leads are told; nothing is passed by. */
export function failed(facts: ProofFacts, failure: ProofFailure, alertId: string): Judged {
  const { proof } = facts;
  if (proof.state !== 'asked' && proof.state !== 'waiting') return refuse({ code: 'proof-stale' });
  const row = { ...ended(facts, proof, 'failed'), failure };
  const { change: made } = kept(facts, row, [endSaid(row)]);
  const alert = failureAlert(facts, failure, alertId);
  if (!alert) return { change: made };
  return {
    change: {
      ...made,
      writes: [...made.writes, { put: 'alert', row: alert }],
      notices: [...made.notices, { about: 'alert', id: alert.id }],
    },
  };
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

/** Its act is done, and its person's own card may say so. */
export function done({ proof, ...facts }: ProofFacts): Judged {
  return { change: change(facts, { audit: [], notices: [{ about: 'confirm', id: proof.id }] }) };
}
