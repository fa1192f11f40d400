/** Finds the line on a card that leads into a session, and what belongs to it. */

import type { HandedLine } from '../terminal-contract.js';

const SSH = /\bssh -p \d{1,5} G-[0-9A-Z]{6}@[\w.-]+/;
const PSQL = /\bpsql "host=[\w.-]+(?: port=\d{1,5})? dbname=[^\s"]+ user=[\w-]+"/;
/** As the bastion makes them: Crockford's letters in groups. */
const TICKET = /\b(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{6}\b/;
const HOST_KEY = /\bSHA256:[A-Za-z0-9+/]{43}/;

/** @param card whatever a chat shows of it; null where no such line is in it. */
export function wayIn(card: unknown): HandedLine | null {
  const text = stringsIn(card).join('\n');
  const ssh = SSH.exec(text)?.[0];
  if (ssh !== undefined)
    return { line: ssh, ticket: TICKET.exec(text)?.[0] ?? null, hostKey: HOST_KEY.exec(text)?.[0] ?? null };
  const psql = PSQL.exec(text)?.[0];
  return psql === undefined ? null : { line: psql, ticket: null, hostKey: null };
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
