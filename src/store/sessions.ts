/** Sessions as the bastion's replicas see them: which have to be cut, who still carries which, and what was left behind. */

import type { SessionEnd } from '../core/session.js';
import type { Database } from './driver.js';

const CUT = {
  name: 'sessions_to_cut',
  text: `select w.id, case when s.state = 'ended' then s.why when s.end_asked_at is not null then 'ended-by-lead'
      else 'grant-over' end as why
    from (select value as id from jsonb_array_elements_text($1::jsonb)) w left join keyturn.sessions s on s.id = w.id
    left join keyturn.grants g on g.id = s."grant" left join keyturn.ssh_keys k on k.id = s.key
    where s.id is null or s.state = 'ended' or s.end_asked_at is not null or g.state <> 'active'
      or g.ends_at <= keyturn.now() or k.state = 'ended' or keyturn.is_paused(s.person)`,
};

/** Those among these sessions that may go on no longer, and why: a grant that is over, a lead's word, a pause, a key that was ended. */
export async function sessionsToCut(
  database: Database,
  sessions: readonly string[],
): Promise<{ readonly id: string; readonly why: SessionEnd }[]> {
  return database.run({ ...CUT, within: 5_000 }, [JSON.stringify(sessions)]);
}

const SEEN = {
  name: 'sessions_seen',
  text: `update keyturn.sessions set seen_at = keyturn.now() where state = 'open'
    and id in (select value from jsonb_array_elements_text($1::jsonb))`,
};

/** Says that this replica still carries these. */
export async function sessionsSeen(database: Database, sessions: readonly string[]): Promise<void> {
  await database.run(SEEN, [JSON.stringify(sessions)]);
}

const LOST = {
  name: 'sessions_lost',
  text: `select id from keyturn.sessions where state = 'open'
    and seen_at < keyturn.now() - make_interval(secs => $1) order by seen_at limit 200`,
};

/** Open sessions that no replica has said to carry for so long, the longest first; at most 200. */
export async function sessionsLost(database: Database, seconds: number): Promise<string[]> {
  return (await database.run<{ id: string }>(LOST, [seconds])).map(({ id }) => id);
}

const KNOWN = {
  name: 'ssh_key_known',
  text: `select exists (select from keyturn.grants g join keyturn.ssh_keys k on k.person = g.holder
    where g.id = upper($1) and g.delivery = 'ssh' and g.state = 'active' and g.ends_at > keyturn.now()
      and k.fingerprint = $2 and k.state = 'active') as known`,
};

/** Whether this key is registered for whoever holds this grant now. */
export async function isKeyOfHolder(
  database: Database,
  grant: string,
  fingerprint: string,
): Promise<boolean> {
  const [row] = await database.run<{ known: boolean }>(KNOWN, [grant, fingerprint]);
  return row?.known === true;
}
