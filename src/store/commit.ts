/** State, audit and notices, written in one transaction: the only way in which acts change the database. */

import type { Change, Write } from '../core/change.js';
import type { Committed } from '../core/ports.js';
import { commitVersion } from './apply.js';
import { codeOf, constraintOf, type Database, isPassing, USUAL_LIMIT_MS } from './driver.js';
import { packed } from './packed.js';
import { toRow } from './rows.js';

const COMMIT = { name: 'commit', text: 'select keyturn.commit($1::jsonb) as done' };

/** Raised in SQL where something that was judged by has moved (migrations/). */
const MOVED = 'KT001';
const UNIQUE = '23505';
/** The primary key of the deliveries that have been acted on. */
const DELIVERY = 'runs_pkey';
const TRIES = 6;
/** A second for every 50 KB, of which a fair machine commits in a fiftieth of that. */
const LIMIT_MS_A_BYTE = 0.02;

/**
 * Commits a change by one statement. `moved` where a version, a guard or a unique
 * key says that the judgement is stale; the caller judges again. A lost connection
 * is tried again: every visible row has a key, so a commit that did go through
 * comes back as `moved`, never twice.
 */
export async function commit(database: Database, change: Change): Promise<Committed> {
  const { configuration, ...rest } = change;
  const text = JSON.stringify({ ...rest, writes: change.writes.flatMap(asRows) });
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

function asRows(write: Write): readonly object[] {
  if (write.put !== 'all') return [{ put: write.put, row: toRow(write.row) }];
  const { of } = write.row;
  return packed(write.row).map((rows) => ({ put: 'all', row: { of, rows } }));
}

async function commitOne(database: Database, text: string): Promise<boolean> {
  // Nobody's ten thousand ends are cut short by a slow machine: they would only be begun again.
  const within = USUAL_LIMIT_MS + text.length * LIMIT_MS_A_BYTE;
  const [row] = await database.run<{ done: boolean }>({ ...COMMIT, within }, [text]);
  return row?.done === true;
}
