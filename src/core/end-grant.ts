/** What a grant's end means: nothing more is served at once, and somebody has to make it true at the target. */

import { type AuditEvent, event } from './audit.js';
import type { Change, Guard, Notice, Write } from './change.js';
import type { Directory } from './directory.js';
import type { Facts } from './facts.js';
import type { Exposure, Grant, GrantOutcome, Revocation } from './grant.js';
import type { Link } from './link.js';
import type { Actor, PersonId } from './people.js';
import type { Request } from './request.js';
import { countSessions, type SessionUse } from './session.js';
import { aboutTarget, type Undo } from './target.js';

/** A grant that has not ended, with what hangs on it. */
export interface Holding {
  readonly grant: Grant;
  /** Every showing of its secret. */
  readonly exposures: readonly Pick<Exposure, 'secretVersion'>[];
  /** Its connections, by the version of the secret that each signed in with. */
  readonly sessions: readonly Pick<SessionUse, 'secretVersion' | 'count'>[];
  /** The newest version of the account's secret; null where none is in custody. */
  readonly secretVersion: number | null;
  /** Its links that are not spent or dead. */
  readonly links: readonly Link[];
  /** Requests for more time of it that wait. */
  readonly extensions: readonly Request[];
}

interface Ended {
  readonly grant: Grant;
  readonly revocation: Revocation;
  readonly links: readonly Link[];
  readonly extensions: readonly Request[];
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly Notice[];
}

type Parts = Pick<Change, 'guards' | 'writes' | 'audit' | 'notices'>;

/** One grant's end, as parts of a change. Its links die with it, and whoever asked for more of it has asked in vain. */
export function endOne(
  facts: Facts,
  actor: Actor,
  holding: Holding,
  outcome: GrantOutcome,
  reason: string | null,
): Parts {
  const { grant, revocation, links, extensions, audit, notices } = endOf(
    facts,
    actor,
    holding,
    outcome,
    reason,
  );
  return {
    // "Never shown" must still be so when it is written: a showing or a session in between has it judged again.
    guards: [{ noun: 'exposures', id: grant.id, count: usesOf(holding) }],
    writes: [
      { put: 'grant', row: grant },
      ...links.map((row): Write => ({ put: 'link', row })),
      ...extensions.map((row): Write => ({ put: 'request', row })),
      { put: 'revocation', row: revocation },
    ],
    audit,
    notices,
  };
}

/** The same of many at once, in a few statements however many there are. */
export function endMany(
  facts: Facts,
  actor: Actor,
  holdings: readonly Holding[],
  outcome: GrantOutcome,
  reason: string | null,
): Parts {
  const all = holdings.map((holding) => endOf(facts, actor, holding, outcome, reason));
  const counts = Object.fromEntries(holdings.map((holding) => [holding.grant.id, usesOf(holding)]));
  const guards: Guard[] = all.length === 0 ? [] : [{ noun: 'exposures-of', counts }];
  const writes: Write[] = [
    { put: 'all', row: { of: 'grant', rows: all.map(({ grant }) => grant) } },
    { put: 'all', row: { of: 'link', rows: all.flatMap(({ links }) => links) } },
    { put: 'all', row: { of: 'request', rows: all.flatMap(({ extensions }) => extensions) } },
    { put: 'all', row: { of: 'new-revocation', rows: all.map(({ revocation }) => revocation) } },
  ];
  return {
    guards,
    writes: writes.filter((write) => write.put !== 'all' || write.row.rows.length > 0),
    audit: all.flatMap(({ audit }) => audit),
    notices: all.flatMap(({ notices }) => notices),
  };
}

function usesOf({ exposures, sessions }: Holding): number {
  return exposures.length + countSessions(sessions);
}

function endOf(
  facts: Facts,
  actor: Actor,
  holding: Holding,
  outcome: GrantOutcome,
  reason: string | null,
): Ended {
  const grant = endedGrant(facts, actor, holding.grant, outcome, reason);
  const revocation = firstRevocation(facts, holding);
  const extensions = holding.extensions
    .filter((extension) => extension.state === 'pending')
    .map(
      (row): Request => ({
        ...row,
        state: 'lapsed',
        version: row.version + 1,
        endedAt: facts.now,
        endedBy: null,
      }),
    );
  return {
    grant,
    revocation,
    links: holding.links.map((link) => ({ ...link, state: 'dead', version: link.version + 1 })),
    extensions,
    audit: [...endSaid(actor, grant, revocation), ...extensions.map((row) => lapseSaid(actor, row))],
    notices: [
      { about: 'request', id: grant.request },
      ...(revocation.kind === 'target' ? [aboutTarget(grant)] : []),
      ...extensions.map(({ id }): Notice => ({ about: 'request', id })),
      ...holding.links.filter((l) => l.state !== 'open').map(({ id }): Notice => ({ about: 'link', id })),
    ],
  };
}

function endedGrant(
  facts: Facts,
  actor: Actor,
  grant: Grant,
  outcome: GrantOutcome,
  reason: string | null,
): Grant {
  const expired = grant.endsAt !== null && facts.now >= grant.endsAt;
  return {
    ...grant,
    state: 'ended',
    outcome: expired ? 'expired' : outcome,
    version: grant.version + 1,
    endedAt: expired ? grant.endsAt : facts.now,
    endedBy: expired || actor.via === 'system' ? null : actor.person,
    endReason: reason,
  };
}

function endSaid(actor: Actor, grant: Grant, revocation: Revocation): AuditEvent[] {
  const taken = revocation.state === 'done' ? 'revocation.done' : 'revocation.due';
  return [
    event(actor, grant.client, `grant.${grant.outcome ?? 'expired'}`, grant.id, {
      holder: grant.holder,
      reason: grant.endReason,
    }),
    event(actor, grant.client, taken, grant.id, {
      account: `${grant.client}/${grant.account}`,
      kind: revocation.kind,
      assignee: revocation.assignee,
      ...revocation.proof,
    }),
  ];
}

function lapseSaid(actor: Actor, request: Request): AuditEvent {
  return event(actor, request.client, 'request.lapsed', request.id, { why: 'the access has ended' });
}

/**
 * What has to be made true: Keyturn takes back what the grant made at its system, and changes what was shown where it
 * can reach it. Elsewhere it is a named person's task, until they did it. A password nobody saw needs no change.
 */
function firstRevocation(facts: Facts, holding: Holding): Revocation {
  const { grant, exposures, secretVersion } = holding;
  const { client, account } = grant;
  const untried = { doneBy: null, undo: null, tried: 0, triedAt: null, trouble: null, version: 1 };
  const base = { grant: grant.id, client, account, dueAt: facts.now, ...untried };
  const open = { assignee: null, doneAt: null, proof: null };
  const undo = undoOf(facts, holding);
  if (undo) return { ...base, ...open, kind: 'target', state: 'due', undo };
  if (wasShown(holding)) {
    const owner = facts.directory.account(client, account)?.owner;
    const assignee = whoChanges(facts.directory, grant.holder, owner);
    return { ...base, ...open, kind: 'manual', state: 'due', assignee };
  }
  const readBack = exposures.length === 0 ? 'never shown' : 'changed since it was shown';
  const proof = { readBack, secretVersion };
  return { ...base, ...open, kind: 'nothing', state: 'done', doneAt: facts.now, proof };
}

/** Whether the password in force is one that the holder has seen. */
function wasShown({ grant, exposures, secretVersion }: Holding): boolean {
  return grant.delivery === 'reveal' && exposures.some((e) => e.secretVersion === secretVersion);
}

/** Whether a session signed in with the secret in force. Nobody saw it; but who was root there may have left a way to it. */
function wasUsed({ sessions, secretVersion }: Holding): boolean {
  return sessions.some((s) => s.secretVersion === secretVersion);
}

function undoOf(facts: Facts, holding: Holding): Undo | null {
  const { target, client, account } = holding.grant;
  const isUsed = wasShown(holding) || wasUsed(holding);
  const rotates = facts.directory.account(client, account)?.rotate?.afterUse === true && isUsed;
  const undo: Undo = {
    ...(target?.kind === 'elevation' ? { withdraw: target } : {}),
    ...(target?.kind === 'login' ? { disable: target } : {}),
    ...(rotates ? { rotate: { version: holding.secretVersion as number } } : {}),
  };
  return Object.keys(undo).length > 0 ? undo : null;
}

/** Who changes a password by hand: the account's owner, else the first lead who didn't hold it. */
export function whoChanges(
  directory: Directory,
  holder: PersonId,
  owner: string | undefined,
): PersonId | null {
  const leads = directory.leads();
  return (directory.owner(owner) ?? leads.find((p) => p.id !== holder) ?? leads[0])?.id ?? null;
}
