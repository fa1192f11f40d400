/** What keeps a phone from ringing until somebody says yes, and codes from being tried until one is right. */

import type { PersonFacts } from './facts.js';
import {
  COOL_DOWN_SECONDS,
  DENIALS,
  DENIALS_WITHIN_SECONDS,
  type Proof,
  PUSH_EVERY_SECONDS,
  WRONG_CODES,
  WRONG_CODES_WITHIN_SECONDS,
} from './proof.js';

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
