/** Whom else it concerns that a factor said no, or could not be asked. */

import type { Alert } from './alert.js';
import type { Facts, ProofFacts } from './facts.js';
import { coolDownUntil } from './fatigue.js';
import type { Proof, ProofFailure } from './proof.js';

/** What has to be heard of a denial: a fraud pauses its person, a third denial cools them down. */
export function alertsFor(facts: ProofFacts, row: Proof, id: string): Alert[] {
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

/** So long the leads are not told of the same trouble of the same person again. */
const SAME_TROUBLE_MS = 10 * 60_000;

/** What the leads hear of a factor that failed; null where they have heard it. */
export function failureAlert(facts: ProofFacts, failure: ProofFailure, id: string): Alert | null {
  const { proof } = facts;
  const trouble = `${proof.person} ${failure}`;
  if (wasTold(facts, trouble)) return null;
  const key = `${trouble} ${facts.now.getTime()}`;
  return alertOf(facts, id, 'factor-failed', proof, key, { why: failure, act: proof.act });
}

/** A key ends with when it was told. */
function wasTold({ alertKeys, now }: ProofFacts, trouble: string): boolean {
  const before = `factor-failed ${trouble} `;
  const since = now.getTime() - SAME_TROUBLE_MS;
  return alertKeys.some((key) => key.startsWith(before) && Number(key.slice(before.length)) > since);
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
