/** How much of what, in the words of every card about an offboarding. */

import { count, list } from './words.js';

/** What can end or go to somebody else, in the words of a count. */
const NOUNS: readonly (readonly [kind: string, noun: string])[] = [
  ['grant', 'grant'],
  ['request', 'request'],
  ['link', 'open link'],
  ['identity', 'chat account'],
  ['factor', 'authenticator'],
  ['ssh-key', 'SSH key'],
  ['session', 'live session'],
  ['proof', 'question to their phone'],
  ['proposal', 'proposed configuration'],
];

/** "3 grants, 1 request and 2 chat accounts"; "nothing" where there is none. By the kinds of a sweep's items. */
export function sayCounts(counts: Readonly<Record<string, number | undefined>>): string {
  const parts = NOUNS.flatMap(([kind, noun]) => (counts[kind] ? [count(counts[kind], noun)] : []));
  return list(parts) || 'nothing';
}

/** What somebody holds, as the database counts it, by the kinds of a sweep's items. */
export function asKinds(holds: Readonly<Record<string, number>>): Record<string, number | undefined> {
  const { grants, links, requests, identities, factors, sshKeys, sessions, proofs, proposals } = holds;
  return {
    ...{ grant: grants, link: links, request: requests, identity: identities },
    ...{ factor: factors, 'ssh-key': sshKeys, session: sessions, proof: proofs, proposal: proposals },
  };
}

/** "2 accounts and 1 task". */
export function sayEstate(accounts: number, tasks: number): string {
  return list([
    ...(accounts > 0 ? [count(accounts, 'account')] : []),
    ...(tasks > 0 ? [count(tasks, 'task')] : []),
  ]);
}
