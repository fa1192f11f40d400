/** A grant's end at its system: what was read back there makes it true, and what can't be done is tried for ever and shouted about. */

import type { Alert } from './alert.js';
import { type Step, systemOf, type TargetFacts } from './at-target.js';
import { event, KEYTURN } from './audit.js';
import type { Change, Write } from './change.js';
import type { Revocation } from './grant.js';
import { change } from './judged.js';
import { notProvided } from './provide.js';
import type { ReadBack } from './target.js';

/** This end is true at the target, as read back there. */
export function takenBack(facts: TargetFacts, revocation: Revocation, readBack: ReadBack): Change {
  const secretVersion = revocation.undo?.rotate ? (facts.secret?.version ?? null) : null;
  const said = sayReadBack(revocation, readBack);
  const proof = { ...readBack, readBack: said, ...(secretVersion === null ? {} : { secretVersion }) };
  const row: Revocation = {
    ...revocation,
    state: 'done',
    doneAt: facts.now,
    proof,
    trouble: null,
    version: revocation.version + 1,
  };
  return change(facts, {
    writes: [{ put: 'revocation', row }],
    audit: [event(KEYTURN, row.client, 'revocation.done', row.grant, proof)],
    notices: [{ about: 'request', id: `R${row.grant.slice(1)}` }],
  });
}

/** What was read, in a few words for whoever reads the trail. */
export function sayReadBack({ undo }: Revocation, { stillLentBy, nested }: ReadBack): string {
  if (stillLentBy !== undefined)
    return `another access of theirs keeps the login in the group (${stillLentBy})`;
  const left =
    nested === true
      ? 'the login was taken out of the group, and is in it still by another group'
      : 'the login is not in the group any more';
  const parts = [
    ...(undo?.withdraw ? [undo.withdraw.as === 'jit' ? 'the login is gone' : left] : []),
    ...(undo?.rotate ? ['the old password is refused'] : []),
    ...(undo?.disable ? ['the login is switched off'] : []),
  ];
  return parts.join(', and ');
}

export interface Failure {
  /** One sentence for leads. */
  readonly says: string;
  /** Whoever answers can't show that it is the system that was configured. */
  readonly isUntrusted: boolean;
  /** It waits for a lead, and no further try changes that: they hear of it now. */
  readonly isPressing: boolean;
}

/** How long an end may be due before the leads hear of it, where the system doesn't say otherwise. */
const ALARM_AFTER_SECONDS = 900;

/** A step came to nothing: on record where it stands, and with the leads when it is late. It is tried again whatever is said here. */
export function troubled(facts: TargetFacts, step: Step, failure: Failure, alertId: string): Change {
  if ('grant' in step)
    return withAlert(facts, notProvided(facts, step.grant, failure.says), step, failure, alertId, false);
  const { client, account } = facts.place;
  const ends = facts.due.filter(({ kind }) => kind === 'target');
  const tried = { triedAt: facts.now, trouble: failure.says };
  const rows = ends.map((row): Revocation => {
    const isStuck = row.state === 'stuck' || isLate(facts, step, row.dueAt);
    return {
      ...row,
      ...tried,
      tried: row.tried + 1,
      state: isStuck ? 'stuck' : 'due',
      version: row.version + 1,
    };
  });
  const newlyStuck = rows.filter((row, i) => row.state !== ends[i]?.state);
  const news = rows.filter((row, i) => row.state !== ends[i]?.state || row.trouble !== ends[i]?.trouble);
  const { rotation } = facts;
  const again: Write[] = rotation
    ? [
        {
          put: 'rotation',
          row: { ...rotation, ...tried, tried: rotation.tried + 1, version: rotation.version + 1 },
        },
      ]
    : [];
  const late =
    failure.isPressing ||
    newlyStuck.length > 0 ||
    (rotation !== null && isLate(facts, step, rotation.askedAt));
  const made = change(facts, {
    writes: [...rows.map((row): Write => ({ put: 'revocation', row })), ...again],
    audit: newlyStuck.map((row) =>
      event(KEYTURN, client, 'revocation.stuck', row.grant, {
        account: `${client}/${account}`,
        tried: row.tried,
        trouble: failure.says,
      }),
    ),
    notices: news.map((row) => ({ about: 'request', id: `R${row.grant.slice(1)}` }) as const),
  });
  return withAlert(facts, made, step, failure, alertId, late);
}

function isLate(facts: TargetFacts, step: Step, since: Date): boolean {
  const set = systemOf(facts, step)?.settings.alarm_after;
  const seconds = typeof set === 'number' ? set : ALARM_AFTER_SECONDS;
  return facts.now.getTime() - since.getTime() >= seconds * 1000;
}

/** The leads hear of a system once a day: a whole network that is down is one alarm and not thousands. */
function withAlert(
  facts: TargetFacts,
  made: Change,
  step: Step,
  { says, isUntrusted }: Failure,
  id: string,
  isLateNow: boolean,
): Change {
  const kind = isUntrusted ? 'target-untrusted' : 'target-stuck';
  if (!isUntrusted && !isLateNow) return made;
  const { client, account } = facts.place;
  const system = systemOf(facts, step)?.id ?? account;
  const key = `${kind} ${client}/${system} ${facts.now.toISOString().slice(0, 10)}`;
  if (facts.told.includes(key)) return made;
  const clientName = facts.directory.client(client)?.name ?? client;
  const data = { client, clientName, account, system, says };
  const settled = { settledAt: null, settledBy: null, version: 1 } as const;
  const row: Alert = { id, kind, person: null, key, data, state: 'told', at: facts.now, ...settled };
  return {
    ...made,
    writes: [...made.writes, { put: 'alert', row }],
    notices: [...made.notices, { about: 'alert', id }],
  };
}
