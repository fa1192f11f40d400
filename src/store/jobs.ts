/** The outbox's table: leased, retried, fenced. At least once, so whoever works on a job must not mind a second time. */

import type { Database } from './driver.js';

export interface Job {
  readonly id: number;
  readonly key: string;
  readonly kind: string;
  readonly payload: { readonly id: string };
  readonly generation: number;
  readonly attempts: number;
  /** Whose turn it is: the end of this lease, as the database spells it. A later lease has another. */
  readonly lease: string;
}

const LEASE = {
  name: 'lease_jobs',
  text: `update keyturn.jobs set leased_until = keyturn.now() + make_interval(secs => $3::float8), attempts = attempts + 1
    where id = any(array(select id from keyturn.jobs
      where kind = any($2::text[]) and run_at <= keyturn.now() and (leased_until is null or leased_until <= keyturn.now())
      order by run_at, id limit $1 for update skip locked))
    returning id::int as id, key, kind, payload, generation, attempts, extract(epoch from leased_until)::text as lease`,
};

/** Takes up to so many due jobs of these kinds for so long; no other replica gets them meanwhile. */
export async function leaseJobs(
  database: Database,
  most: number,
  kinds: readonly string[],
  seconds: number,
): Promise<Job[]> {
  return database.run<Job>(LEASE, [most, kinds, seconds]);
}

/** The row as it is now, locked: a notice that commits meanwhile is waited for and then seen. */
const MINE = `select id, generation from keyturn.jobs
    where id = $1 and extract(epoch from leased_until)::text = $3 for update`;

const DONE = {
  name: 'job_done',
  text: `with mine as (${MINE}),
    gone as (delete from keyturn.jobs j using mine m where j.id = m.id and m.generation = $2)
    update keyturn.jobs j set leased_until = null, attempts = 0 from mine m
    where j.id = m.id and m.generation <> $2`,
};

/** Strikes the job off, unless there was a new notice meanwhile: then it is free to run again. */
export async function jobDone(database: Database, job: Job): Promise<void> {
  await database.run(DONE, [job.id, job.generation, job.lease]);
}

const LATER = {
  name: 'job_later',
  text: `with mine as (${MINE})
    update keyturn.jobs j set leased_until = null, last_error = $4,
      run_at = case when m.generation = $2 then keyturn.now() + make_interval(secs => $5::float8) else j.run_at end
    from mine m where j.id = m.id`,
};

/**
 * Puts the job back for so many seconds, or at once where there was a new notice
 * meanwhile. `error` must hold nothing secret; it is shown to operators.
 */
export async function jobLater(database: Database, job: Job, error: string, seconds: number): Promise<void> {
  await database.run(LATER, [job.id, job.generation, job.lease, error.slice(0, 500), seconds]);
}

export interface Backlog {
  readonly waiting: number;
  /** Seconds since the oldest job was due; 0 where none is late. */
  readonly oldestSeconds: number;
  readonly overdueRevocations: number;
  readonly oldestRevocationSeconds: number;
  /** Those that the leads were alarmed about. */
  readonly stuckRevocations: number;
}

const BACKLOG = {
  name: 'backlog',
  text: `select (select count(*)::int from keyturn.jobs) as waiting,
    (select coalesce(greatest(0, extract(epoch from keyturn.now() - min(run_at))), 0)::float8 from keyturn.jobs) as "oldestSeconds",
    (select count(*)::int from keyturn.revocations where state <> 'done') as "overdueRevocations",
    (select count(*)::int from keyturn.revocations where state = 'stuck') as "stuckRevocations",
    (select coalesce(extract(epoch from keyturn.now() - min(due_at)), 0)::float8 from keyturn.revocations where state <> 'done') as "oldestRevocationSeconds"`,
};

/** How far behind the outbox and the revocations are: for gauges and /readyz. */
export async function backlog(database: Database): Promise<Backlog> {
  return (await database.run<Backlog>(BACKLOG, []))[0] as Backlog;
}
