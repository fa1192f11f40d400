/** State, audit and notices, written in one transaction: the only way in which acts change the database. */

import type { Change, Many, Write } from '../core/change.js';
import type { Committed } from '../core/ports.js';
import { commitVersion } from './apply.js';
import { codeOf, constraintOf, type Database, isPassing } from './driver.js';
import { toRow } from './rows.js';

const COMMIT = { name: 'commit', text: 'select keyturn.commit($1::jsonb) as done' };

/** Raised in SQL where something that was judged by has moved (migrations/). */
const MOVED = 'KT001';
const UNIQUE = '23505';
/** The primary key of the deliveries that have been acted on. */
const DELIVERY = 'runs_pkey';
const TRIES = 6;

/**
 * Commits a change by one statement. `moved` where a version, a guard or a unique
 * key says that the judgement is stale; the caller judges again. A lost connection
 * is tried again: every visible row has a key, so a commit that did go through
 * comes back as `moved`, never twice.
 */
export async function commit(database: Database, change: Change): Promise<Committed> {
  const { configuration, ...rest } = change;
  const text = JSON.stringify({
    ...rest,
    writes: change.writes.map(asRow),
  });
  for (let n = 1; ; n++) {
    try {
      const isDone = configuration
        ? await commitVersion(database, configuration, text)
        : await commitOne(database, text);
      return isDone ? 'done' : 'moved';
    } catch (error) {
      const code = codeOf(error);
      if (code === UNIQUE && constraintOf(error) === DELIVERY) return 'repeated';
      if (code === MOVED || code === UNIQUE) return 'moved';
      if (!isPassing(error) || n === TRIES) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 20 * 2 ** n));
    }
  }
}

/** What an end may change of a row; where there are thousands, nothing else is sent. */
const CHANGED: Readonly<Partial<Record<Many['of'], readonly string[]>>> = {
  grant: ['id', 'state', 'outcome', 'version', 'endsAt', 'endedAt', 'endedBy', 'endReason'],
  link: ['id', 'state', 'version'],
  request: ['id', 'state', 'version', 'endedAt', 'endedBy'],
};

function asRow({ put, row }: Write) {
  if (put !== 'all') return { put, row: toRow(row) };
  return { put, row: { of: row.of, rows: row.rows.map((one) => toRow(one, CHANGED[row.of])) } };
}

async function commitOne(database: Database, text: string): Promise<boolean> {
  const [row] = await database.run<{ done: boolean }>(COMMIT, [text]);
  return row?.done === true;
}
