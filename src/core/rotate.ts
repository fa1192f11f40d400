/** Changing a password at its system: the new one is in the vault before the target hears of it, and counts once it was read back. */

import { type Account, fullName } from './accounts.js';
import type { Alert } from './alert.js';
import { maySee } from './ask.js';
import type { TargetFacts } from './at-target.js';
import { type AuditEvent, event, KEYTURN } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change, Notice, SealedSecret, Write } from './change.js';
import type { Facts } from './facts.js';
import { isMadeTrueByPassword, type Revocation } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { canRotate } from './lendable.js';
import type { Actor, PersonId } from './people.js';
import { provenBy, spend } from './prove.js';
import type { Rotation, RotationCause } from './rotation.js';
import { aboutTarget, type ReadBack } from './target.js';

/** A wish that this account's password be changed; it is made true by whoever works off targets. */
export function asked(
  { now }: Facts,
  { client, id: account }: Pick<Account, 'client' | 'id'>,
  cause: RotationCause,
  by: PersonId | null,
  id: string,
): Rotation {
  return {
    ...{
      id,
      client,
      account,
      cause,
      state: 'asked',
      secretVersion: null,
      sealed: null,
      askedAt: now,
      askedBy: by,
    },
    ...{ settledAt: null, tried: 0, triedAt: null, trouble: null, version: 1 },
  };
}

/** A lead has a password changed now. */
export function rotateNow(facts: TargetFacts, actor: Actor, insists: boolean, id: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { client, account: name } = facts.place;
  const account = facts.directory.account(client, name);
  const typed = `${client}/${name}`;
  if (!account || !maySee(facts, who.person, account)) return refuse({ code: 'unknown-account', typed });
  if (!facts.directory.isLead(who.person.id)) return refuse({ code: 'leads-only' });
  if (!canRotate(account, facts.directory)) return refuse({ code: 'cannot-rotate', account: typed });
  const waits = facts.rotation;
  const cause = insists ? 'insisted' : 'asked';
  if (waits && (waits.state === 'prepared' || waits.cause === cause))
    return refuse({ code: 'rotating-already', account: typed });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'rotate',
    subject: { kind: 'account', id: typed, version: facts.secret?.version ?? 0 },
    terms: cause,
    client,
    facts: onPhone([['Change the password of', typed]]),
  });
  if (!('writes' in spent)) return spent;
  const row: Rotation = waits
    ? { ...waits, cause, askedBy: actor.person, version: waits.version + 1 }
    : asked(facts, account, cause, actor.person, id);
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'rotation', row }],
      audit: [event(actor, client, 'rotation.asked', typed, { cause, ...provenBy(actor, spent) })],
      notices: [aboutTarget(row)],
    }),
  };
}

/** Rotations that were asked for by nobody: it is time, or somebody left who had seen the password. */
export function askedByKeyturn(rows: readonly Rotation[]): Pick<Change, 'writes' | 'audit' | 'notices'> {
  return {
    writes: rows.map((row): Write => ({ put: 'rotation', row })),
    audit: rows.map((row) =>
      event(KEYTURN, row.client, 'rotation.asked', `${row.client}/${row.account}`, { cause: row.cause }),
    ),
    notices: rows.map((row): Notice => aboutTarget(row)),
  };
}

/** The new password is in the vault; from here on it may be in force at the target. */
export function prepared(facts: TargetFacts, rotation: Rotation | null, sealed: string, id: string): Change {
  const { client, account } = facts.place;
  const place = { client, id: account };
  const base = rotation ?? { ...asked(facts, place, 'used', null, id), version: 0 };
  const secretVersion = (facts.secret?.version ?? 0) + 1;
  const row: Rotation = { ...base, state: 'prepared', secretVersion, sealed, version: base.version + 1 };
  const data = { version: secretVersion, cause: row.cause };
  return change(facts, {
    guards: [{ noun: 'secret', client, account, version: secretVersion - 1 }],
    writes: [{ put: 'rotation', row }],
    audit: [event(KEYTURN, client, 'rotation.prepared', fullName(place), data)],
  });
}

/** The target has it, and has no other: it is the password in force, and whatever waited for that is done. */
export function rotated(facts: TargetFacts, rotation: Rotation, readBack: ReadBack, alertId: string): Change {
  const { client, account } = facts.place;
  const version = rotation.secretVersion as number;
  const secret: SealedSecret = {
    ...{ client, account, version, sealed: rotation.sealed as string },
    ...{ by: null, at: facts.now },
  };
  const row: Rotation = {
    ...rotation,
    state: 'done',
    settledAt: facts.now,
    trouble: null,
    version: rotation.version + 1,
  };
  const proof = { ...readBack, readBack: 'the old password is refused', secretVersion: version };
  const ends = facts.due.filter(isMadeTrueByPassword).map(
    (r): Revocation => ({
      ...r,
      state: 'done',
      doneAt: facts.now,
      proof,
      trouble: null,
      version: r.version + 1,
    }),
  );
  const told = tellAsker(facts, rotation, alertId);
  const audit: AuditEvent[] = [
    event(KEYTURN, client, 'secret.rotated', `${client}/${account}`, {
      version,
      cause: rotation.cause,
      ...readBack,
    }),
    ...ends.map((r) => event(KEYTURN, client, 'revocation.done', r.grant, proof)),
  ];
  return change(facts, {
    guards: [{ noun: 'secret', client, account, version: version - 1 }],
    writes: [
      { put: 'secret', row: secret },
      { put: 'rotation', row },
      ...ends.map((r): Write => ({ put: 'revocation', row: r })),
      ...told.map((alert): Write => ({ put: 'alert', row: alert })),
    ],
    audit,
    notices: [
      ...ends.map((r): Notice => ({ about: 'request', id: `R${r.grant.slice(1)}` })),
      ...facts.live.map((g): Notice => ({ about: 'request', id: g.request })),
      ...told.map((alert): Notice => ({ about: 'alert', id: alert.id })),
    ],
  });
}

/** Whoever asked for it hears that it is done. */
function tellAsker({ now }: Facts, { id, askedBy, client, account }: Rotation, alertId: string): Alert[] {
  if (askedBy === null) return [];
  const about = { id: alertId, kind: 'rotated', person: askedBy, key: `rotated ${id}` } as const;
  const untold = { settledAt: null, settledBy: null, version: 1 } as const;
  return [{ ...about, data: { client, account }, state: 'told', at: now, ...untold }];
}

/** Somebody entered a password by hand meanwhile, or nothing can change it any more. */
export function dropped(facts: TargetFacts, rotation: Rotation, why: string): Change {
  const row: Rotation = {
    ...rotation,
    state: 'dropped',
    settledAt: facts.now,
    version: rotation.version + 1,
  };
  const subject = `${row.client}/${row.account}`;
  return change(facts, {
    writes: [{ put: 'rotation', row }],
    audit: [event(KEYTURN, row.client, 'rotation.dropped', subject, { version: row.secretVersion, why })],
  });
}
