/** What a person typed: cleaned, measured, and searched for secrets before anything else sees it. */

import type { Refusal } from './refusals.js';

export const LONGEST_REASON = 2000;

const TICKET = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/;

/** Shapes that are plainly a secret. Prose about passwords is fine; a password is not. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  ['a Slack token', /\bxapp-\d-[A-Za-z0-9-]{10,}/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})/],
  ['a signed token', /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/],
  ['a one-time code seed', /otpauth:\/\//i],
  [
    'a password',
    /\b(?:password|passwd|passwort|pwd|pw|passphrase)\s*(?:[:=]|\bis\b)\s*["'`]?(?=[^\s"'`]*[^A-Za-z\s"'`])[^\s"'`]{6,}/i,
  ],
  ['a link with a password in it', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]{3,}@/i],
];

/**
 * One spelling for what looks alike: Unicode NFC, no control or direction-changing
 * characters (they can make a card read otherwise than it is), no blank edges.
 */
export function clean(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}]/gu, (c) => (c === '\n' ? c : ' '))
    .trim();
}

/** What kind of secret the text plainly holds, or null. */
export function secretIn(text: string): string | null {
  return SECRETS.find(([, shape]) => shape.test(text))?.[0] ?? null;
}

/** A reason, cleaned, or why it can't be taken. */
export function readReason(typed: string): { text: string } | { refused: Refusal } {
  if (typed.length > LONGEST_REASON)
    return { refused: { code: 'too-long', field: 'reason', most: LONGEST_REASON, was: typed.length } };
  const text = clean(typed);
  if (text === '') return { refused: { code: 'no-reason' } };
  const looksLike = secretIn(text);
  if (looksLike) return { refused: { code: 'holds-secret', field: 'reason', looksLike } };
  return { text };
}

/** A ticket number, without its `#`; null where none was typed. */
export function readTicket(typed: string | null): { ticket: string | null } | { refused: Refusal } {
  const ticket = clean(typed ?? '').replace(/^#/, '');
  if (ticket === '') return { ticket: null };
  const looksLike = secretIn(ticket);
  if (looksLike) return { refused: { code: 'holds-secret', field: 'ticket', looksLike } };
  return TICKET.test(ticket) ? { ticket } : { refused: { code: 'bad-ticket' } };
}
