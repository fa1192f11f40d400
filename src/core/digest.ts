/** The digest: once a local day, to those whom the configuration names, with the heads of every chain of the audit trail. */

import { event, KEYTURN } from './audit.js';
import type { Change, DigestRow } from './change.js';
import { contentOf, type DigestContent } from './digest-content.js';
import type { DigestFacts, LastDigest } from './digest-facts.js';
import type { Directory } from './directory.js';
import type { Facts } from './facts.js';
import { change, refuse } from './judged.js';
import { newestDay } from './local-day.js';
import type { Actor, Person } from './people.js';
import type { Refusal } from './refusals.js';

/**
 * The local day whose digest is to be sent now; null where none is. Of several
 * missed days only the newest is: it tells of all of them. A deployment missed
 * nothing before it was born.
 */
export function digestDue(
  now: Date,
  { timezone, digest }: Pick<Directory, 'timezone' | 'digest'>,
  last: LastDigest,
): string | null {
  const day = newestDay(now, timezone, digest.at);
  return day > (last.day ?? newestDay(last.bornAt, timezone, digest.at)) ? day : null;
}

/** Writes the digest that is due, with every chain's head in the operator's chain; null where none is due. */
export function sendDigest(facts: DigestFacts): Change | null {
  const day = digestDue(facts.now, facts.directory, facts.last);
  if (day === null) return null;
  const content = contentOf(facts, day, readers(facts.directory));
  const row: DigestRow = { day, at: facts.now, content: { ...content } };
  const heads = Object.fromEntries(facts.heads.map(({ chain, seq, hash }) => [chain, { seq, hash }]));
  return change(facts, {
    writes: [{ put: 'digest', row }],
    audit: [event(KEYTURN, 'operator', 'digest.sent', day, { since: content.since, heads })],
    notices: [{ about: 'digest', id: day }],
  });
}

/** Those whom the configuration names; never a contact. */
export function readers(directory: Directory): Person[] {
  const { to } = directory.digest;
  return directory.people.filter((person) => to.some((name) => directory.isMeantBy(person, name)));
}

/** Everybody who may ever be asked to approve something, of the staff and of the clients' own people. */
export function approversOf(directory: Directory): Person[] {
  const asked = new Set<Person>();
  const steps = new Map<string, string>();
  for (const { client, policy } of directory.accounts)
    for (const { from } of directory.policy(policy)?.approvals ?? [])
      steps.set(from === 'contacts' ? `${from} ${client}` : from, client);
  for (const [name, client] of steps)
    for (const person of directory.approvers(name.split(' ')[0] as string, client)) asked.add(person);
  return directory.people.filter((person) => asked.has(person));
}

/** For leads, and for those who are sent it. */
export function mayReadDigest(
  { directory }: Facts,
  actor: Actor,
): { readonly person: Person } | { readonly refused: Refusal } {
  const person = directory.person(actor.person);
  if (!person) return refuse({ code: 'nobody' });
  const may = directory.isLead(person.id) || readers(directory).includes(person);
  return may ? { person } : refuse({ code: 'digest-not-yours' });
}

/** What a digest would say at this moment, to this one person. */
export function digestNow(facts: DigestFacts, person: Person): DigestContent {
  return contentOf(facts, newestDay(facts.now, facts.directory.timezone, '00:00'), [person]);
}
