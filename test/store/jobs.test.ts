import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openServer } from '../../src/store/driver.js';
import { type Job, jobDone, jobLater, leaseJobs } from '../../src/store/jobs.js';
import { KINDS, openTestDatabase } from '../support/house.js';
import { createDatabase } from '../support/postgres.js';

const NOTICE = `select keyturn.notice('request', $1)`;
const notice = (database: Database, id: string) => database.run({ name: '', text: NOTICE }, [id]);
const jobs = (database: Database) =>
  database.run<{ key: string; leased: boolean; attempts: number; late: boolean }>(
    {
      name: '',
      text: `select key, leased_until is not null as leased, attempts, run_at <= keyturn.now() as late from keyturn.jobs`,
    },
    [],
  );

async function lease(database: Database): Promise<Job> {
  const [job] = await leaseJobs(database, 8, ['request'], 60);
  if (!job) throw new Error('nothing is due');
  return job;
}

describe.each(KINDS)('the outbox’s jobs on the %s database', (kind) => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ database, close } = await openTestDatabase(kind));
  });
  afterAll(() => close());

  test('what is done is struck off; what was noticed meanwhile is due again at once', async () => {
    await notice(database, 'R-1');
    await jobDone(database, await lease(database));
    expect(await jobs(database)).toEqual([]);

    await notice(database, 'R-1');
    const job = await lease(database);
    expect(await leaseJobs(database, 8, ['request'], 60)).toEqual([]);
    await notice(database, 'R-1');
    expect(await leaseJobs(database, 8, ['request'], 60)).toEqual([]);
    await jobDone(database, job);
    await jobDone(database, await lease(database));
    expect(await jobs(database)).toEqual([]);
  });

  test('what failed waits, unless it was noticed meanwhile', async () => {
    await notice(database, 'R-2');
    await jobLater(database, await lease(database), 'no answer', 60);
    expect(await jobs(database)).toMatchObject([{ leased: false, attempts: 1, late: false }]);
    await notice(database, 'R-2');
    const job = await lease(database);
    await notice(database, 'R-2');
    await jobLater(database, job, 'no answer', 60);
    expect(await jobs(database)).toMatchObject([{ leased: false, late: true }]);
    await jobDone(database, await lease(database));
  });

  test('whoever lost the lease changes nothing any more', async () => {
    await notice(database, 'R-3');
    const slow = await lease(database);
    await database.run(
      { name: '', text: `update keyturn.jobs set leased_until = keyturn.now() - interval '1 second'` },
      [],
    );
    const next = await lease(database);
    await jobDone(database, slow);
    await jobLater(database, slow, 'too late', 60);
    expect(await jobs(database)).toMatchObject([{ leased: true, attempts: 2 }]);
    await jobDone(database, next);
    expect(await jobs(database)).toEqual([]);
  });
});

test('a notice that commits while the job is being struck off is not left waiting for its lease', async () => {
  const { url, drop } = await createDatabase();
  const database = openServer(url, () => undefined);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await notice(database, 'R-4');
  const job = await lease(database);
  await other.query('begin');
  await other.query(NOTICE, ['R-4']);
  const done = jobDone(database, job);
  const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  while ((await other.query(waits)).rowCount === 0);
  await other.query('commit');
  await done;
  expect(await jobs(database)).toMatchObject([{ leased: false, late: true }]);
  await other.end();
  await database.close();
  await drop();
});
