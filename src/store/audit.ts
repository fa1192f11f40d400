/** The trail: read, verified, exported. Writing it is the commit's alone. */

import type { AuditEvent, AuditRow } from '../core/audit.js';
import type { Database } from './driver.js';
import { fromRow } from './rows.js';

type Json = Record<string, unknown>;

const COLUMNS = `seq::int as seq, chain, at, actor, via, action, subject, data, encode(hash, 'hex') as hash`;

const OF_REQUEST = {
  name: 'trail_of_request',
  text: `select ${COLUMNS} from keyturn.audit_events
    where subject in ($1, 'G' || substr($1, 2))
       or subject in (select l.id from keyturn.links l where l."grant" = 'G' || substr($1, 2))
    order by at, seq limit 500`,
};

/** Everything on record of one request, its grant and its links, oldest first. */
export async function trailOf(database: Database, request: string): Promise<AuditRow[]> {
  return (await database.run<Json>(OF_REQUEST, [request])).map((row) => fromRow<AuditRow>(row));
}

/** The newest events of all chains, newest first. */
export async function newestEvents(database: Database, most: number): Promise<AuditRow[]> {
  const text = `select ${COLUMNS} from keyturn.audit_events order by at desc, seq desc limit $1`;
  return (await database.run<Json>({ name: 'newest_events', text }, [most])).map((row) =>
    fromRow<AuditRow>(row),
  );
}

/** What a check of one chain found. `head` is the hash of its last event, hex: note it down elsewhere. */
export interface ChainReport {
  readonly chain: string;
  readonly events: number;
  readonly head: string;
  /** The first event that doesn't fit, and why; null where the chain is whole. */
  readonly brokenAt: number | null;
  readonly why: string | null;
}

const VERIFY = {
  name: 'verify_chains',
  text: `select c.chain, c.events::int as events, encode(c.head, 'hex') as head, v.broken_at::int as "brokenAt", v.why
    from (select chain, count(*) as events, (array_agg(hash order by seq desc))[1] as head
          from keyturn.audit_events group by chain) c
    left join lateral keyturn.verify_chain(c.chain) v on true order by c.chain`,
};

/** Recomputes every hash of every chain. */
export async function verifyChains(database: Database): Promise<ChainReport[]> {
  return database.run<ChainReport>(VERIFY, []);
}

/** Appends events by themselves, for acts whose state lies elsewhere. Inside `tx`, it shares the transaction. */
export async function appendAudit(database: Database, events: readonly AuditEvent[]): Promise<void> {
  const text = 'select keyturn.append_audit($1::jsonb)';
  await database.run({ name: 'append_audit', text }, [JSON.stringify(events)]);
}

const EXPORT = {
  name: 'export_events',
  text: `select e.chain, e.seq::int as seq, json_build_object('chain', e.chain, 'seq', e.seq,
      'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'actor', e.actor, 'via', e.via,
      'action', e.action, 'subject', e.subject, 'data', e.data, 'prev', encode(e.prev, 'hex'), 'hash', encode(e.hash, 'hex'),
      'canonical', jsonb_build_array(e.seq, e.chain, extract(epoch from e.at), e.actor, e.via, e.action, e.subject, e.data)::text)::text as line
    from keyturn.audit_events e
    where ($1::text is null or e.chain = $1) and (e.chain, e.seq) > ($2, $3::bigint)
      and ($4::timestamptz is null or e.at >= $4) and ($5::timestamptz is null or e.at < $5)
    order by e.chain, e.seq limit $6`,
};

/** What is exported: one chain or all, from one instant to before another. */
export interface ExportSpan {
  readonly chain: string | null;
  readonly start: Date | null;
  readonly end: Date | null;
}

/**
 * Events as lines of JSON, chain by chain in their order, a batch at a time. `canonical` is the text that was hashed after
 * the bytes of `prev`.
 */
export async function* exportEvents(
  database: Database,
  { chain, start, end }: ExportSpan,
  batch = 2_000,
): AsyncGenerator<readonly string[]> {
  for (let after = { chain: '', seq: 0 }; ; ) {
    const values = [chain, after.chain, after.seq, start, end, batch];
    const rows = await database.run<{ chain: string; seq: number; line: string }>(EXPORT, values);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    after = rows.at(-1) ?? after;
    if (rows.length < batch) return;
  }
}
