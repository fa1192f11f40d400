/** An operator after years of work: a million grants, some people who hold thousands of them, and thousands that are due. */

import pg from 'pg';
import { fill } from './offboard-fill.js';
import { openStage, type Stage } from './stage.js';

const ACCOUNTS = 10_000;
export const GRANTS = 1_000_000;
/** So many of them belong to each leaver, and as many run out in each hour that is played. */
export const EACH = 10_000;
/** Every second leaver and hour is the baseline's. */
export const TURNS = 6;

let opened: Promise<Stage> | undefined;

/** The one database of all figures of a run: filled by whoever comes first, and gone with the server. */
export function openMillion(): Promise<Stage> {
  opened ??= openFilled();
  return opened;
}

async function openFilled(): Promise<Stage> {
  const stage = await openStage(ACCOUNTS, [{ from: 'leads', need: 1 }]);
  const { url, requesters } = stage;
  const people = requesters.map(({ id }) => id);
  await fill(url, { people, accounts: ACCOUNTS, grants: GRANTS, leavers: TURNS, hours: TURNS });
  return stage;
}

/** The whole hour after the filling by which the grants of this turn have run out. */
export async function windTo(stage: Stage, turn: number): Promise<void> {
  const client = new pg.Client({ connectionString: stage.url });
  await client.connect();
  try {
    await client.query(`update keyturn.clock set shift = make_interval(hours => $1)`, [turn + 1]);
  } finally {
    await client.end();
  }
}
