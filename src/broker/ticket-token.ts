/** What is typed to be let in: made here, shown once to whoever pressed Connect, stored only as a hash. */

import { createHash, randomBytes } from 'node:crypto';

/** Crockford's: no I, L, O or U, so that nobody reads one for another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = 26;
const GROUP = /.{5}(?=.{5})/g;

/** 130 random bits as `XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX`. */
export function newTicket(): string {
  const letters = [...randomBytes(LETTERS)].map((byte) => ALPHABET[byte & 31]).join('');
  return letters.replace(GROUP, '$&-');
}

/**
 * SHA-256 of a ticket as it was typed, base64url: in any case, with its dashes or without, an O for a zero. Null where
 * it can't be one.
 */
export function hashTicket(typed: string): string | null {
  if (typed.length > 100) return null;
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (letters.length !== LETTERS || [...letters].some((letter) => !ALPHABET.includes(letter))) return null;
  return createHash('sha256').update(letters, 'utf8').digest('base64url');
}
