/** What is left to do at the system of an account: the SQL, and the shapes it comes in. */

import type { Account, System } from '../core/accounts.js';
import type { TargetFacts } from '../core/at-target.js';
import type { Facts } from '../core/facts.js';
import type { Revocation } from '../core/grant.js';
import type { Rotation } from '../core/rotation.js';
import { type AccountRow, accountFacts } from './facts-rows.js';
import { fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;

/** @param now SQL for what all facts have; @param onAccount SQL for what is known of the account $1/$2. */
export const byTarget = (now: string, onAccount: string) => ({
  name: 'target_facts',
  text: `select ${now}, $1::text as client, $2::text as account, ${onAccount},
    (select a.spec from keyturn.accounts a where a.client = $1 and a.id = $2) as stored,
    (select jsonb_agg(s.spec) from keyturn.systems s where s.client = $1) as systems,
    (select jsonb_agg(v order by v.due_at) from keyturn.revocations v
       where v.client = $1 and v.account = $2 and v.state <> 'done') as owed,
    (select to_jsonb(x) from keyturn.rotations x where x.client = $1 and x.account = $2
       and x.state in ('asked', 'prepared')) as rotation,
    (select jsonb_object_agg(v."grant", g.id) from keyturn.revocations v join keyturn.grants g
       on g.client = v.client and g.state <> 'ended' and g.target = v.undo->'withdraw'
       where v.client = $1 and v.account = $2 and v.state <> 'done' and v.undo ? 'withdraw') as lent,
    (select jsonb_object_agg(g.id, r.ended_at) from keyturn.grants g join keyturn.requests r on r.id = g.request
       where g.client = $1 and g.account = $2 and g.state = 'provisioning') as approved,
    (select jsonb_agg(a.key) from keyturn.alerts a where a.kind in ('target-stuck', 'target-untrusted')
       and a.key like '% ' || $1 || '/%' and a.at > keyturn.now() - interval '2 days') as told`,
});

export interface TargetRow extends AccountRow {
  readonly client: string;
  readonly account: string;
  readonly stored: Account | null;
  readonly systems: System[] | null;
  readonly owed: Json[] | null;
  readonly rotation: Json | null;
  readonly lent: Record<string, string> | null;
  readonly approved: Record<string, string> | null;
  readonly told: string[] | null;
}

export function targetFacts(row: TargetRow, base: Facts): TargetFacts {
  return {
    ...accountFacts(row, base),
    place: { client: row.client, account: row.account },
    stored: row.stored,
    systems: row.systems ?? [],
    due: fromRows<Revocation>(row.owed),
    rotation: fromRowOrNull<Rotation>(row.rotation),
    lentBy: row.lent ?? {},
    approvedAt: row.approved ?? {},
    told: row.told ?? [],
  };
}
