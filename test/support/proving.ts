/** A Keyturn in which approving and revealing take a second factor, and the factors' answers, given by hand. */

import { waiting } from '../../src/core/ask-factor.js';
import type { Outcome } from '../../src/core/command.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Offers } from '../../src/core/lendable.js';
import { performOnProof } from '../../src/core/perform.js';
import type { Ports } from '../../src/core/ports.js';
import type { Method } from '../../src/core/proof.js';
import { allowed, settled } from '../../src/core/settle-proof.js';
import { fresh } from '../../src/store/fresh.js';
import { CAST } from '../fixtures/cast.js';
import { type House, type Kind, OFFERS, openHouse } from './house.js';

/** The cast, under policies that ask for a factor wherever they can. */
export const PROTECTED: DeclaredDirectory = {
  ...CAST,
  policies: CAST.policies.map((p) => ({ ...p, mfa: { ...p.mfa, approve: true, reveal: true } })),
};

const WITH_FACTORS: Offers = { ...OFFERS, factors: ['duo_push', 'totp'] };

export function openProtected(kind: Kind): Promise<House> {
  return openHouse(kind, PROTECTED, WITH_FACTORS);
}

/** Who lost a race judges again at once: what is random here are the acts. */
export function hasty(ports: Ports): Ports {
  return { ...ports, pause: () => new Promise((go) => setImmediate(go)) };
}

/** The factor asks its person. */
export function ring(ports: Ports, proof: string, method: Method = 'totp'): Promise<Outcome> {
  const push = method === 'duo_push' ? { txid: fresh.linkId(), code: null } : null;
  return performOnProof(ports, { id: proof }, (facts) => waiting(facts, method, push));
}

/** The factor that asks says yes, by this evidence. */
export function allow(ports: Ports, proof: string, evidence: string = fresh.linkId()): Promise<Outcome> {
  return performOnProof(ports, { id: proof }, (facts) =>
    allowed(facts, { method: facts.proof.method ?? 'totp', evidence }),
  );
}

/** It says no, or nothing. */
export function settle(
  ports: Ports,
  proof: string,
  outcome: 'denied' | 'fraud' | 'timeout',
): Promise<Outcome> {
  return performOnProof(ports, { id: proof }, (facts) => settled(facts, outcome, fresh.alertId()));
}
