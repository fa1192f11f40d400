/** What has to be looked after in custody without anybody asking: passwords whose time has come, and which logins grants stand behind. */

import type { Database } from './driver.js';

export interface Place {
  readonly client: string;
  readonly account: string;
}

const OLD = {
  name: 'rotations_due',
  text: `select a.client, a.id as account from keyturn.accounts a
    where a.removed_at is null and (a.spec#>>'{rotate,everySeconds}') is not null
      and coalesce((select max(s.at) from keyturn.secrets s where s.client = a.client and s.account = a.id), 'epoch')
        <= keyturn.now() - make_interval(secs => (a.spec#>>'{rotate,everySeconds}')::float8)
      and not exists (select from keyturn.rotations r where r.client = a.client and r.account = a.id
        and r.state in ('asked', 'prepared'))
      and not exists (select from keyturn.grants g where g.client = a.client and g.account = a.id and g.state <> 'ended')
    order by a.client, a.id limit $1`,
};

/** Accounts whose password is older than it may become, that nobody holds now and that aren't being changed. */
export async function rotationsDue(database: Database, most: number): Promise<Place[]> {
  return database.run<Place>(OLD, [most]);
}

const BEHIND = {
  name: 'grants_behind',
  text: `select g.id from keyturn.grants g left join keyturn.revocations v on v."grant" = g.id
    where g.id = any($1::text[]) and (g.state <> 'ended' or v.state <> 'done')`,
};

/** Of these grants, those that live, or whose end Keyturn is still making true. */
export async function grantsBehind(database: Database, grants: readonly string[]): Promise<Set<string>> {
  const rows = await database.run<{ id: string }>(BEHIND, [grants]);
  return new Set(rows.map(({ id }) => id));
}

const FORGOTTEN = {
  name: 'targets_forgotten',
  text: `insert into keyturn.jobs (key, kind, payload, run_at)
    select distinct 'target:' || x.client || '/' || x.account, 'target', jsonb_build_object('id', x.client || '/' || x.account), keyturn.now()
    from (select client, account from keyturn.revocations where kind = 'target' and state <> 'done'
      union all select client, account from keyturn.grants where state = 'provisioning'
      union all select client, account from keyturn.rotations where state in ('asked', 'prepared')) x
    on conflict (key) do nothing returning id`,
};

/** Has every account looked at that has something left to do and no job for it. Returns how many there were. */
export async function noticeTargets(database: Database): Promise<number> {
  return (await database.run(FORGOTTEN, [])).length;
}
