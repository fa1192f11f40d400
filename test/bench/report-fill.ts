/** One client with hundreds of thousands of requests over five years, and all that became of them. */

import type pg from 'pg';
import { fillTables, type Work } from './offboard-fill.js';

export interface ReportFilling {
  readonly requests: number;
  readonly accounts: number;
  readonly people: readonly string[];
  readonly leads: readonly string[];
}

const ID = `lpad(n::text, 6, '0')`;
/** Newest first by its number; every tenth was denied, every fiftieth is a break-glass, every second of the others was approved by somebody, every third was shown. */
const NUMBERED = `select n, 'a' || (n * 37) % $2::int as account, ($3::text[])[1 + n % cardinality($3::text[])] as who,
    ($4::text[])[1 + n % cardinality($4::text[])] as lead, n % 10 = 9 as denied, n % 50 = 7 as glass, n % 3 = 0 as shown,
    n % 3 = 0 and n < 30000 as still,
    (select keyturn.now()) - make_interval(secs => 3600 + n * 157.0e6 / $1::int) as began from generate_series(0, $1::int - 1) n offset 0`;

const ROWS: Readonly<Record<string, string>> = {
  requests: `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version,
      state, version, asked_at, decide_by, ended_at, kind)
    select 'R-' || ${ID}, 'client-0', account, who, 1800, 'the printer is on fire again', 'reveal', 'bench', 1,
      case when denied then 'denied' else 'approved' end, 2, began, began + interval '8 hours', began,
      case when glass then 'break-glass' else 'ask' end from (${NUMBERED}) x`,
  decisions: `insert into keyturn.decisions (request, person, verdict, reason, at)
    select 'R-' || ${ID}, lead, case when denied then 'deny' else 'approve' end, case when denied then 'not today' end, began from (${NUMBERED}) x where not glass and (denied or n % 2 = 0)`,
  grants: `insert into keyturn.grants (id, request, client, account, holder, delivery, seconds, exclusive, state, outcome,
      version, active_at, ends_at, ended_at)
    select 'G-' || ${ID}, 'R-' || ${ID}, 'client-0', account, who, 'reveal', 1800, false, 'ended', 'expired', 2, began,
      began + interval '30 minutes', began + interval '30 minutes' from (${NUMBERED}) x where not denied`,
  revocations: `insert into keyturn.revocations ("grant", client, account, kind, state, due_at, done_at, proof, version)
    select 'G-' || ${ID}, 'client-0', account, case when shown then 'manual' else 'nothing' end,
      case when still then 'due' else 'done' end, began, case when still then null else began end,
      case when still then null else '{"readBack": "never shown"}'::jsonb end, 1
    from (${NUMBERED}) x where not denied`,
  exposures: `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at)
    select 'E-' || n, 'G-' || ${ID}, 'client-0', account, who, 1 + n % 5, began from (${NUMBERED}) x where shown and not denied`,
  reviews: `insert into keyturn.reviews (request, client, account, person, state, at, due_at, remind_at, reminders, version)
    select 'R-' || ${ID}, 'client-0', account, who, 'owed', began, began, began, 0, 1 from (${NUMBERED}) x where glass and not denied`,
};

export async function fillReports(url: string, { requests, accounts, people, leads }: ReportFilling) {
  const values = [requests, accounts, people, leads];
  const put =
    (text: string): Work =>
    (client) =>
      client.query(text, values);
  const secrets = (client: pg.Client) =>
    client.query(`insert into keyturn.secrets (client, account, version, sealed, at)
      select client, id, v, 'sealed', keyturn.now() from keyturn.accounts, generate_series(2, 5) v`);
  const rows = Object.entries(ROWS).map(([table, text]) => [table, put(text)] as const);
  await fillTables(url, Object.fromEntries(rows), secrets);
}
