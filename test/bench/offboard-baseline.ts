/** The same ends as one plain statement each: the grants, and what the product puts on record of each, under the same triggers, chain by chain. */

import { bulk, type Stage } from './stage.js';

const ended = (set: string, which: string, action: string, actor: string, via: string) => `with ended as (
    update keyturn.grants set state = 'ended', version = version + 1, ${set} where state = 'active' and ${which}
    returning id, client, account, holder, end_reason)
  insert into keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data)
  select client, 0, '', '', 'epoch', ${actor}, '${via}', said.action, id, said.data from ended cross join lateral (values
    ('${action}', jsonb_build_object('holder', holder, 'reason', end_reason)),
    ('revocation.done', jsonb_build_object('account', client || '/' || account, 'kind', 'nothing', 'assignee', null,
      'readBack', 'never shown', 'secretVersion', 1))) said (action, data) order by client`;

/** Ends whatever has run out. */
export async function plainExpiry({ database }: Stage): Promise<void> {
  const set = `outcome = 'expired', ended_at = ends_at`;
  await bulk(database, ended(set, 'ends_at <= keyturn.now()', 'grant.expired', 'null', 'system'));
}

/** Ends all that somebody holds. */
export async function plainOffboarding({ database }: Stage, leaver: string, lead: string): Promise<void> {
  const set = `outcome = 'revoked', ended_at = keyturn.now(), ended_by = $2, end_reason = 'offboarded'`;
  await bulk(database, ended(set, 'holder = $1', 'grant.revoked', '$2::text', 'slack'), [leaver, lead]);
}

/** Grants that are recorded as giving access: of this person, or past their time. */
export async function left({ database }: Stage, leaver?: string): Promise<number> {
  const which = leaver === undefined ? 'ends_at <= keyturn.now()' : 'holder = $1';
  const text = `select count(*)::int as n from keyturn.grants where state = 'active' and ${which}`;
  const rows = await database.run<{ n: number }>({ name: '', text }, leaver === undefined ? [] : [leaver]);
  return rows[0]?.n ?? 0;
}
