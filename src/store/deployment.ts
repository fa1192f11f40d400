/** What a database is for, and its clock. */

import type { Database } from './driver.js';

export type Mode = 'local' | 'server';

/**
 * Marks a fresh database for this mode.
 *
 * @throws when the database was marked for the other mode: local play and earnest never share one.
 */
export async function claimDatabase(database: Database, mode: Mode): Promise<void> {
  const text = `insert into keyturn.deployment (id, mode, created_at) values (1, $1, keyturn.now())
    on conflict (id) do update set mode = deployment.mode returning mode`;
  const [row] = await database.run<{ mode: Mode }>({ name: 'claim_database', text }, [mode]);
  if (row?.mode === mode) return;
  throw new Error(
    row?.mode === 'local'
      ? 'This database belongs to local mode (its people and passwords are made up). Point DATABASE_URL elsewhere, or remove ./.keyturn.'
      : 'This database is in earnest use; local mode never opens it. Unset DATABASE_URL, or use another folder.',
  );
}

/** The database's own time, which every rule goes by. */
export async function now(database: Database): Promise<Date> {
  const [row] = await database.run<{ now: Date }>({ name: 'now', text: 'select keyturn.now() as now' }, []);
  return row?.now as Date;
}

/** Seconds by which the clock has been moved: zero in earnest. */
export async function clockShift(database: Database): Promise<number> {
  const text = 'select extract(epoch from shift)::float8 as shift from keyturn.clock';
  return (await database.run<{ shift: number }>({ name: 'clock_shift', text }, []))[0]?.shift ?? 0;
}

/** Moves the clock on. Only for tests and local mode; callers are held to KEYTURN_ALLOW_TEST_ENDPOINTS. */
export async function shiftClock(database: Database, seconds: number): Promise<void> {
  const text = `update keyturn.clock set shift = shift + make_interval(secs => $1::float8)`;
  await database.run({ name: 'shift_clock', text }, [seconds]);
}

/** What is this old is asked for no more: a signed delivery can be replayed for minutes only. */
export async function forgetOldRuns(database: Database): Promise<void> {
  const text = `delete from keyturn.runs where at < keyturn.now() - interval '30 days'`;
  await database.run({ name: 'forget_old_runs', text }, []);
}

/** True for the one replica that comes first with this key, once and for all. */
export async function firstToRun(database: Database, key: string): Promise<boolean> {
  const text =
    'insert into keyturn.runs (key, at) values ($1, keyturn.now()) on conflict do nothing returning 1 as one';
  return (await database.run({ name: 'first_to_run', text }, [key])).length === 1;
}
