/** What else a leaver leaves behind: chat accounts, authenticators, roles, votes, accounts, tasks, reviews, proposals. */

import { fullName } from './accounts.js';
import { event } from './audit.js';
import type { Notice, Write } from './change.js';
import type { SweepFacts } from './facts.js';
import { requestIdOf } from './grant.js';
import { identityId } from './identify.js';
import { joined, type Lister, many, REASON, type SweepParts } from './offboard-access.js';
import { chainOfLeaver, ownedBy } from './offboard-rules.js';
import type { Actor, Person, PersonId } from './people.js';
import { endedKey } from './ssh-key.js';

/** @param heir whose their accounts and tasks are from here on. */
export function endRest(facts: SweepFacts, actor: Actor, heir: PersonId | null, list: Lister): SweepParts {
  return joined([
    endWaysIn(facts, actor, list),
    handOver(facts, actor, heir, list),
    closeOpen(facts, actor, list),
    { items: whatEndsByItself(facts, list), notices: facts.votes.map(({ id }) => aboutRequest(id)) },
  ]);
}

const aboutRequest = (id: string): Notice => ({ about: 'request', id });

function endWaysIn(facts: SweepFacts, actor: Actor, list: Lister): Partial<SweepParts> {
  const { person, identities, factors, sshKeys, now } = facts;
  const chain = chainOfLeaver(facts);
  return {
    writes: [
      ...identities.map((row): Write => ({ put: 'identity', row: { ...row, endedAt: now } })),
      ...factors.map(
        (row): Write => ({
          put: 'factor',
          row: { ...row, state: 'ended', tokenHash: null, endedAt: now, version: row.version + 1 },
        }),
      ),
      ...sshKeys.map((key): Write => ({ put: 'ssh-key', row: endedKey(key, now) })),
    ],
    audit: [
      ...identities.map(({ platform, workspace, userId }) =>
        event(actor, chain, 'identity.ended', person, { platform, workspace, userId, why: REASON }),
      ),
      ...factors.map(({ id }) => event(actor, chain, 'factor.ended', person, { factor: id, why: REASON })),
      ...sshKeys.map(({ id, fingerprint }) =>
        event(actor, chain, 'ssh-key.ended', person, { key: id, fingerprint, why: REASON }),
      ),
    ],
    items: [
      ...identities.map((one) => list('identity', identityId(one), null, { platform: one.platform })),
      ...factors.map(({ id, kind }) => list('factor', id, null, { kind })),
      ...sshKeys.map(({ id, fingerprint }) => list('ssh-key', id, null, { fingerprint })),
    ],
  };
}

function handOver(facts: SweepFacts, actor: Actor, heir: PersonId | null, list: Lister): Partial<SweepParts> {
  const rows = facts.tasks.map((row) => ({ ...row, assignee: heir, version: row.version + 1 }));
  const data = { assignee: heir, from: facts.person };
  return {
    writes: many({ of: 'revocation', rows }),
    audit: rows.map((row) => event(actor, row.client, 'revocation.assigned', row.grant, data)),
    notices: rows.map((row) => aboutRequest(requestIdOf(row.grant))),
    items: [
      ...rows.map((row) => list('task', row.grant, row.client, { account: row.account, heir })),
      ...ownedBy(facts).map((account) => list('account', fullName(account), account.client, { heir })),
    ],
  };
}

/** What waits because of them: a configuration that they proposed, an incident about them. */
function closeOpen(facts: SweepFacts, actor: Actor, list: Lister): Partial<SweepParts> {
  const settled = { settledAt: facts.now, settledBy: actor.person } as const;
  return {
    writes: [
      ...facts.proposals.map(
        (row): Write => ({
          put: 'proposal',
          row: { ...row, ...settled, state: 'stale', version: row.version + 1 },
        }),
      ),
      ...facts.alerts.map(
        (row): Write => ({
          put: 'alert',
          row: { ...row, ...settled, state: 'settled', version: row.version + 1 },
        }),
      ),
    ],
    notices: [
      ...facts.proposals.map((row): Notice => ({ about: 'alert', id: row.alert })),
      ...facts.alerts.map(({ id }): Notice => ({ about: 'alert', id })),
    ],
    items: facts.proposals.map(({ id, digest }) => list('proposal', id, null, { digest })),
  };
}

/** What is over by their being a tombstone, and what stays owed. */
function whatEndsByItself(facts: SweepFacts, list: Lister) {
  const person = facts.directory.person(facts.person);
  return [
    ...(person ? rolesOf(person, facts.directory.groupsOf(person)) : []).map((role) =>
      list('role', role, person?.client ?? null, {}),
    ),
    ...facts.votes.map(({ id, client, account }) => list('vote', id, client, { account })),
    ...facts.reviews.map(({ request, client, account, dueAt }) =>
      list('review', request, client, { account, dueAt: dueAt.toISOString() }),
    ),
  ];
}

/** `L2`, `lead`, `auditor`, `contact of delta`, `group security`. */
export function rolesOf({ tier, role, client }: Person, groups: readonly string[]): string[] {
  const own = tier ?? role ?? (client === undefined ? null : `contact of ${client}`);
  return [...(own === null ? [] : [own]), ...groups.map((group) => `group ${group}`)];
}
