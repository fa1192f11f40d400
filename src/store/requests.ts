/** Lists of requests: a person's own, and what the clock has to see to. */

import type { Grant } from '../core/grant.js';
import type { PersonId } from '../core/people.js';
import type { Request } from '../core/request.js';
import type { Session } from '../core/session.js';
import type { Database } from './driver.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;

const MINE = {
  name: 'mine',
  text: `select to_jsonb(r) as request, to_jsonb(g) as "grant", (select jsonb_agg(s order by s.opened_at)
      from keyturn.sessions s where s."grant" = g.id and s.state = 'open') as sessions from keyturn.requests r
    left join keyturn.grants g on g.request = r.id
    where r.requester = $1 order by (r.state = 'pending' or g.state <> 'ended') desc, r.asked_at desc limit 50`,
};

/** What a person asked for and holds: what lives first, then the newest. At most 50. */
export async function mine(
  database: Database,
  person: PersonId,
): Promise<{ request: Request; grant: Grant | null; sessions: Session[] }[]> {
  const rows = await database.run<{ request: Json; grant: Json | null; sessions: Json[] | null }>(MINE, [
    person,
  ]);
  return rows.map((row) => ({
    request: fromRow<Request>(row.request),
    grant: fromRowOrNull<Grant>(row.grant),
    sessions: fromRows<Session>(row.sessions),
  }));
}

const DUE = {
  name: 'due_by_the_clock',
  text: `(select 'lapse' as verb, id from keyturn.requests
      where state = 'pending' and decide_by <= keyturn.now() order by decide_by limit $1)
    union all
    (select 'lapse' as verb, r.id from keyturn.requests r join keyturn.grants g on g.id = r.extends
      where r.state = 'pending' and r.extends is not null and r.decide_by > keyturn.now() and g.state = 'ended' limit $1)
    union all
    (select 'escalate' as verb, id from keyturn.requests
      where state = 'pending' and escalated_at is null and escalate_at <= keyturn.now() and decide_by > keyturn.now()
      order by escalate_at limit $1)
    union all
    (select 'expire' as verb, id from keyturn.grants
      where state = 'active' and ends_at <= keyturn.now() order by ends_at limit $1)
    union all
    (select 'remind-review' as verb, request as id from keyturn.reviews
      where state = 'owed' and remind_at <= keyturn.now() order by remind_at limit $1)`,
};

/**
 * Requests nobody decided in time, or whose grant has ended before more of it was given; those that others have to be
 * told of; and grants whose time is up. Of each kind the longest due first.
 */
export async function dueByTheClock(
  database: Database,
  most: number,
): Promise<{ verb: 'lapse' | 'escalate' | 'expire' | 'remind-review'; id: string }[]> {
  return database.run(DUE, [most]);
}

const WARN = { name: 'warn_due', text: 'select keyturn.warn_due($1) as n' };

/** Has the holders told whose access ends within ten minutes, each end once. Returns how many. */
export async function warnOfEnds(database: Database, most: number): Promise<number> {
  return (await database.run<{ n: number }>(WARN, [most]))[0]?.n ?? 0;
}
