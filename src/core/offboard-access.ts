/** What gives a leaver access, ended at once: grants, links, requests that wait, questions to their factors, pages. */

import { fullName } from './accounts.js';
import { type AuditEvent, event } from './audit.js';
import type { Guard, Many, Notice, Write } from './change.js';
import { endMany, type Holding } from './end-grant.js';
import type { SweepFacts } from './facts.js';
import { canRotate } from './lendable.js';
import type { Link } from './link.js';
import type { Actor } from './people.js';
import { chainOf, type Proof } from './proof.js';
import { noticesOf } from './proof-change.js';
import type { Request } from './request.js';
import { asked, askedByKeyturn } from './rotate.js';
import type { SweepItem, SweepItemKind } from './sweep.js';

/** Parts of a sweep's change, and what stands on its list for them. */
export interface SweepParts {
  readonly guards: readonly Guard[];
  readonly writes: readonly Write[];
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly Notice[];
  readonly items: readonly SweepItem[];
}

/** Makes items of one sweep. */
export type Lister = (
  kind: SweepItemKind,
  subject: string,
  client: string | null,
  data: SweepItem['data'],
  state?: SweepItem['state'],
) => SweepItem;

export function lister({ now }: SweepFacts, sweep: string): Lister {
  return (kind, subject, client, data, state = 'done') => ({
    ...{ sweep, kind, subject, client, state, data, at: now },
    doneAt: state === 'done' ? now : null,
  });
}

export const REASON = 'offboarded';

/** @param facts with the directory as it is without them, so that no task is given to who leaves. */
export function endAccess(facts: SweepFacts, actor: Actor, list: Lister, sweep: string): SweepParts {
  // That nobody was shown anything meanwhile is in the count of what they hold, by which all of a sweep is guarded.
  const { guards: _, ...grants } = endMany(facts, actor, facts.holdings, 'revoked', REASON);
  const parts = [
    { ...grants, items: facts.holdings.flatMap((holding) => itemsOf(holding, list)) },
    withdrawn(facts, actor, list),
    otherLinks(facts, list),
    voided(facts, actor, list),
    closed(facts),
    changedAll(facts, grants.writes, sweep),
  ];
  return joined([...parts, { items: [...shownItems(facts, list), ...sessionItems(facts, list)] }]);
}

export function joined(parts: readonly Partial<SweepParts>[]): SweepParts {
  return {
    guards: parts.flatMap((part) => part.guards ?? []),
    writes: parts.flatMap((part) => part.writes ?? []),
    audit: parts.flatMap((part) => part.audit ?? []),
    notices: parts.flatMap((part) => part.notices ?? []),
    items: parts.flatMap((part) => part.items ?? []),
  };
}

function itemsOf({ grant, links, extensions }: Holding, list: Lister): SweepItem[] {
  const { client, account } = grant;
  return [
    list('grant', grant.id, client, { account }),
    ...links.map((link) => list('link', link.id, client, { account, purpose: link.purpose })),
    ...extensions.map((one) => list('request', one.id, client, { account })),
  ];
}

/** Requests of theirs that wait; those for more time end with their grants. */
function withdrawn(facts: SweepFacts, actor: Actor, list: Lister): Partial<SweepParts> {
  const ended = new Set(facts.holdings.flatMap(({ extensions }) => extensions.map(({ id }) => id)));
  const endedBy = actor.via === 'system' ? null : actor.person;
  const rows = facts.requests
    .filter(({ id }) => !ended.has(id))
    .map(
      (row): Request => ({
        ...row,
        state: 'cancelled',
        version: row.version + 1,
        endedAt: facts.now,
        endedBy,
      }),
    );
  return {
    writes: many({ of: 'request', rows }),
    audit: rows.map((r) => event(actor, r.client, 'request.cancelled', r.id, { because: REASON })),
    notices: rows.map(({ id }): Notice => ({ about: 'request', id })),
    items: rows.map((r) => list('request', r.id, r.client, { account: r.account })),
  };
}

/** Links of theirs that hang on no grant of theirs: the page for somebody else's new password. */
function otherLinks(facts: SweepFacts, list: Lister): Partial<SweepParts> {
  const ended = new Set(facts.holdings.flatMap(({ links }) => links.map(({ id }) => id)));
  const open = facts.links.filter(({ id }) => !ended.has(id));
  const rows = open.map((link): Link => ({ ...link, state: 'dead', version: link.version + 1 }));
  return {
    writes: many({ of: 'link', rows }),
    notices: open.filter(({ state }) => state !== 'open').map(({ id }): Notice => ({ about: 'link', id })),
    items: rows.map((link) => list('link', link.id, null, { grant: link.grant, purpose: link.purpose })),
  };
}

function voided(facts: SweepFacts, actor: Actor, list: Lister): Partial<SweepParts> {
  const rows = facts.proofs.map(
    (proof): Proof => ({
      ...proof,
      state: 'void',
      settledAt: proof.settledAt ?? facts.now,
      version: proof.version + 1,
    }),
  );
  return {
    writes: rows.map((row): Write => ({ put: 'proof', row })),
    audit: rows.map((row) =>
      event(actor, chainOf(row), 'proof.void', row.subjectId, {
        proof: row.id,
        act: row.act,
        person: row.person,
      }),
    ),
    notices: rows.flatMap(noticesOf),
    items: rows.map((row) => list('proof', row.id, row.client, { act: row.act })),
  };
}

/** Pages that they had open. */
function closed({ visits }: SweepFacts): Partial<SweepParts> {
  return {
    writes: visits.map(
      (visit): Write => ({ put: 'visit', row: { ...visit, state: 'dead', version: visit.version + 1 } }),
    ),
  };
}

/** What they were shown and what still works: due until somebody has changed it. */
function shownItems({ shown }: SweepFacts, list: Lister): SweepItem[] {
  return shown.map(({ grant, client, account, secretVersion, at }) =>
    list('exposure', grant, client, { account, version: secretVersion, since: at.toISOString() }, 'due'),
  );
}

/** Connections that are open: they end with their grants, within two seconds. */
function sessionItems({ sessions }: SweepFacts, list: Lister): SweepItem[] {
  return sessions.map(({ id, client, account, address }) =>
    list('session', id, client, { account, address }),
  );
}

/** Everything that they were shown, and that still works, is changed where Keyturn can: exactly that, each account once. */
function changedAll(facts: SweepFacts, writes: readonly Write[], sweep: string): Partial<SweepParts> {
  const already = new Set([...facts.rotating, ...writes.flatMap(rotatedBy)]);
  const seen = new Map(facts.shown.map((one) => [`${one.client}/${one.account}`, one]));
  const accounts = [...seen]
    .filter(([name]) => !already.has(name))
    .flatMap(([, { client, account }]) => facts.directory.account(client, account) ?? [])
    .filter((account) => canRotate(account, facts.directory));
  return askedByKeyturn(
    accounts.map((account) => asked(facts, account, 'offboarded', null, `${sweep} ${fullName(account)}`)),
  );
}

/** The accounts whose password the end of a grant changes anyway. */
function rotatedBy(write: Write): string[] {
  if (write.put !== 'all' || write.row.of !== 'new-revocation') return [];
  return write.row.rows
    .filter(({ undo }) => undo?.rotate)
    .map(({ client, account }) => `${client}/${account}`);
}

/** Many rows of one noun as one write; none where there are none. */
export function many(row: Many): Write[] {
  return row.rows.length === 0 ? [] : [{ put: 'all', row }];
}
