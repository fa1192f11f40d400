/** Fresh ids: short where people type them, unguessable everywhere. */

import { randomBytes, randomInt } from 'node:crypto';
import type { Fresh } from '../core/ports.js';

/** Crockford's alphabet: no I, L, O or U, so that nobody reads one for another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function letters(n: number): string {
  return Array.from({ length: n }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** A request's id can be guessed and opens nothing: everything behind it is authorised again. */
export const fresh: Fresh = {
  requestId: () => `R-${letters(6)}`,
  linkId: () => `L-${letters(12)}`,
  exposureId: () => `E-${letters(12)}`,
  proofId: () => `C-${letters(12)}`,
  factorId: () => `F-${letters(12)}`,
  alertId: () => `A-${letters(12)}`,
  /** Short, because leads speak of it; like a request's, it opens nothing. */
  proposalId: () => `V-${letters(6)}`,
  sweepId: () => `S-${letters(6)}`,
  visitId: () => `W-${letters(12)}`,
  rotationId: () => `N-${letters(12)}`,
  codeAskId: () => `K-${letters(12)}`,
  /** Short, because leads speak of it. */
  sessionId: () => `X-${letters(6)}`,
  sshKeyId: () => `H-${letters(12)}`,
  ticketId: () => `T-${letters(12)}`,
};

export function newPersonId(): string {
  return `P-${letters(10)}`;
}

/** 32 random bytes, base64url: 43 characters. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
