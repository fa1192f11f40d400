/** Passwords that are strong by length and that a person can read aloud and type. */

import { randomInt } from 'node:crypto';
import { Secret } from '../config/secret.js';

/** Without the look-alikes 0 O o, 1 l I i. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP_LENGTH = 6;
const CLASSES = [/[a-z]/, /[A-Z]/, /[2-9]/];

/** Four groups of six joined by hyphens: 138 bits, with small and capital letters, digits and a symbol. */
export function generatePassword(): Secret {
  for (;;) {
    const password = Array.from({ length: GROUPS }, group).join('-');
    // Drawn anew rather than mended, so that every password of this kind is equally likely.
    if (CLASSES.every((each) => each.test(password))) return new Secret(password);
  }
}

function group(): string {
  return Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
