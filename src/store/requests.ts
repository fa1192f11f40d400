/** Lists of requests: a person's own, and what the clock has to end. */

import type { Grant } from '../core/grant.js';
import type { PersonId } from '../core/people.js';
import type { Request } from '../core/request.js';
import type { Database } from './driver.js';
import { fromRow, fromRowOrNull } from './rows.js';

type Json = Record<string, unknown>;

const MINE = {
  name: 'mine',
  text: `select to_jsonb(r) as request, to_jsonb(g) as "grant" from keyturn.requests r
    left join keyturn.grants g on g.request = r.id
    where r.requester = $1 order by (r.state = 'pending' or g.state <> 'ended') desc, r.asked_at desc limit 50`,
};

/** What a person asked for and holds: what lives first, then the newest. At most 50. */
export async function mine(
  database: Database,
  person: PersonId,
): Promise<{ request: Request; grant: Grant | null }[]> {
  const rows = await database.run<{ request: Json; grant: Json | null }>(MINE, [person]);
  return rows.map((row) => ({
    request: fromRow<Request>(row.request),
    grant: fromRowOrNull<Grant>(row.grant),
  }));
}

const DUE = {
  name: 'due_by_the_clock',
  text: `(select 'lapse' as verb, id from keyturn.requests
      where state = 'pending' and decide_by <= keyturn.now() order by decide_by limit $1)
    union all
    (select 'expire' as verb, id from keyturn.grants
      where state = 'active' and ends_at <= keyturn.now() order by ends_at limit $1)`,
};

/** Requests nobody decided in time and grants whose time is up, the longest due first. */
export async function dueByTheClock(
  database: Database,
  most: number,
): Promise<{ verb: 'lapse' | 'expire'; id: string }[]> {
  return database.run(DUE, [most]);
}
