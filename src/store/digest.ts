/** What a digest tells, read by index however long the history is; and the digests that there are. */

import { approversOf } from '../core/digest.js';
import type { DigestContent } from '../core/digest-content.js';
import {
  type ClientFacts,
  type DigestFacts,
  type Head,
  type LastDigest,
  QUIET,
} from '../core/digest-facts.js';
import { daysUntil, type StartOfDay } from '../core/local-day.js';
import type { PersonId } from '../core/people.js';
import type { Request } from '../core/request.js';
import type { Review } from '../core/review.js';
import type { Database } from './driver.js';
import type { FactsReader } from './facts.js';
import { fromRow, fromRows } from './rows.js';

type Json = Record<string, unknown>;

/** So many local days are in the picture. */
const DAYS = 30;

const LAST = {
  name: 'last_digest',
  text: `select (select day from keyturn.digests order by day desc limit 1) as day, created_at as "bornAt"
    from keyturn.deployment`,
};

export async function lastDigest(database: Database): Promise<LastDigest | null> {
  return (await database.run<LastDigest>(LAST, []))[0] ?? null;
}

/** The chains by a walk over the index, their ends, and from where on each is told of: every event is in one digest. */
const HEADS = `recursive chains as (
    (select chain from keyturn.audit_events order by chain limit 1) union all
    select (select e.chain from keyturn.audit_events e where e.chain > c.chain order by e.chain limit 1)
    from chains c where c.chain is not null),
  last as (select day, at, content from keyturn.digests order by day desc limit 1),
  base as (select d.created_at, d.directory_version as version,
    coalesce((select at from last), greatest(d.created_at, keyturn.now() - interval '30 days')) as since from keyturn.deployment d),
  told as (select x->>'chain' as chain, (x->>'seq')::bigint as seq from last, jsonb_array_elements(last.content->'heads') x),
  heads as (select c.chain, h.seq, encode(h.hash, 'hex') as hash,
      case when exists (select from last) then coalesce(t.seq, 0) else coalesce((select e.seq from keyturn.audit_events e
        where e.chain = c.chain and e.at < (select since from base) order by e.at desc limit 1), 0) end as after
    from chains c left join told t on t.chain = c.chain
    cross join lateral (select seq, hash from keyturn.audit_events e where e.chain = c.chain order by e.seq desc limit 1) h)`;

const count = (action: string) => `count(*) filter (where e.action = '${action}')`;
/** Whoever breaks the glass has a grant too. */
const HAPPENED = `happened as (select h.chain as client, x.* from heads h cross join lateral (
    select ${count('grant.active')} - ${count('glass.broken')} as grants, ${count('request.denied')} as denials,
      ${count('glass.broken')} as glass
    from keyturn.audit_events e where e.chain = h.chain and e.seq > h.after and e.seq <= h.seq) x where h.chain <> 'operator')`;

const NO_TIME = 'null::timestamptz';
const acted = (what: keyof ClientFacts, column: string) =>
  `select client, '${what}', ${column}, ${NO_TIME} from happened`;
const open = (what: keyof ClientFacts, from: string, oldest = NO_TIME) =>
  `select client, '${what}', count(*), ${oldest} from ${from} group by client`;

const TALLY = `tally (client, what, n, oldest) as (
    ${[
      acted('grants', 'grants'),
      acted('denials', 'denials'),
      acted('breakGlass', 'glass'),
      open('reviewsOwed', `keyturn.reviews where state = 'owed'`),
      open('reviewsLate', `keyturn.reviews where state = 'owed' and due_at <= keyturn.now()`),
      open(
        'pending',
        `keyturn.requests where state = 'pending' and decide_by > keyturn.now()`,
        'min(asked_at)',
      ),
      open('unchanged', `keyturn.revocations where state <> 'done' and kind = 'manual'`, 'min(due_at)'),
      open('due', `keyturn.revocations where state <> 'done' and kind <> 'manual'`, 'min(due_at)'),
      open('stuck', `keyturn.revocations where state <> 'done' and state = 'stuck'`),
      open(
        'sweeping',
        `(select i.client from keyturn.sweeps s join keyturn.sweep_items i on i.sweep = s.id
           where s.state in ('waiting', 'running') and i.state = 'due' and i.client is not null) i`,
      ),
    ].join('\n    union all ')})`;

/** By when they were decided; asked at most as much earlier as a policy waits. */
const PER_DAY = `starts as (select array_agg(x::timestamptz order by x::timestamptz) as at from jsonb_array_elements_text($1::jsonb) x),
  longest as (select make_interval(secs => coalesce(max((spec->>'decideWithin')::float8), 0)) as wait from keyturn.policies),
  per_day as (select c.id as client, r.* from keyturn.clients c cross join lateral (
    select width_bucket(coalesce(q.ended_at, q.asked_at), (select at from starts)) as n,
      count(*) filter (where q.state = 'approved' and q.kind = 'ask')::int as grants,
      count(*) filter (where q.state = 'denied')::int as denials,
      count(*) filter (where q.kind = 'break-glass')::int as "breakGlass"
    from keyturn.requests q where q.client = c.id and q.state in ('approved', 'denied')
      and q.asked_at >= (select at[1] from starts) - (select wait from longest) group by 1) r)`;

const DIGEST = {
  name: 'digest_facts',
  text: `with ${HEADS}, ${HAPPENED}, ${TALLY}, ${PER_DAY}
  select keyturn.now() as now, b.version as directory, b.since, b.created_at as "bornAt", (select day from last) as day,
    (select jsonb_agg(jsonb_build_object('chain', chain, 'seq', seq, 'hash', hash) order by chain) from heads) as heads,
    (select jsonb_agg(t) from tally t where t.n > 0) as tally,
    (select jsonb_agg(d) from per_day d where d.n > 0) as days,
    (select jsonb_agg(jsonb_build_object('review', to_jsonb(o), 'request', to_jsonb(r)) order by o.due_at)
       from (select * from keyturn.reviews where state = 'owed' order by due_at limit 500) o
       join keyturn.requests r on r.id = o.request) as reviews,
    (select jsonb_agg(t order by t.due_at) from (select v."grant", v.client, v.account, g.holder, v.assignee, v.due_at
       from (select * from keyturn.revocations where state <> 'done' and kind = 'manual' order by due_at limit 500) v
       join keyturn.grants g on g.id = v."grant") t) as tasks,
    (select jsonb_agg(t) from (select assignee, count(*)::int as count from keyturn.revocations
       where state <> 'done' and kind = 'manual' group by 1) t) as "taskCounts",
    (select jsonb_agg(s order by s.at) from (select id, person, state, at, (select count(*)::int from keyturn.sweep_items i
         where i.sweep = w.id and i.state = 'due') as due from keyturn.sweeps w
       where state in ('waiting', 'running') or (state = 'done' and settled_at > b.since) order by at limit 50) s) as sweeps,
    (select jsonb_agg(jsonb_build_object('id', id, 'person', person) order by at) from keyturn.alerts
       where state = 'open' and person is not null) as incidents,
    (select jsonb_agg(jsonb_build_object('id', id, 'proposer', proposer) order by at) from keyturn.proposals
       where state = 'waiting') as proposals
  from base b`,
};

interface Row {
  readonly now: Date;
  readonly directory: number;
  readonly since: Date;
  readonly bornAt: Date;
  readonly day: string | null;
  readonly heads: Head[] | null;
  readonly tally: Tally[] | null;
  readonly days: Day[] | null;
  readonly reviews: { readonly review: Json; readonly request: Json }[] | null;
  readonly tasks: Json[] | null;
  readonly taskCounts: DigestFacts['taskCounts'] | null;
  readonly sweeps: Json[] | null;
  readonly incidents: DigestFacts['incidents'] | null;
  readonly proposals: DigestFacts['proposals'] | null;
}
interface Tally {
  readonly client: string;
  readonly what: keyof ClientFacts;
  readonly n: number;
  readonly oldest: string | null;
}
type Day = Pick<ClientFacts, 'client' | 'grants' | 'denials' | 'breakGlass'> & { readonly n: number };

/** Everything that a digest tells, of one version of the directory. */
export async function digestFacts(database: Database, reader: FactsReader): Promise<DigestFacts> {
  for (;;) {
    const base = await reader.facts();
    const { directory } = base;
    const starts = daysUntil(base.now, directory.timezone, DAYS);
    const [row] = await database.run<Row>(DIGEST, [JSON.stringify(starts.map(({ start }) => start))]);
    const pending = await reader.ofPending();
    const unreached = await notReached(
      database,
      approversOf(directory).map(({ id }) => id),
    );
    const isOne = pending.every((facts) => facts.directory.version === directory.version);
    if (!row) throw new Error('this database is not marked as a deployment');
    if (row.directory !== directory.version || !isOne) continue;
    return { ...base, ...told(row, starts), now: row.now, pending, unreached };
  }
}

function told(row: Row, starts: readonly StartOfDay[]) {
  return {
    last: { day: row.day, bornAt: row.bornAt },
    since: row.since,
    heads: row.heads ?? [],
    clients: clientsOf(row.tally ?? []),
    days: starts.map(({ day }, n) => ({
      day,
      clients: (row.days ?? []).filter((one) => one.n === n + 1).map(({ n: _, ...counts }) => counts),
    })),
    reviews: (row.reviews ?? []).map(({ review, request }) => ({
      review: fromRow<Review>(review),
      request: fromRow<Request>(request),
    })),
    tasks: fromRows<DigestFacts['tasks'][number]>(row.tasks),
    taskCounts: row.taskCounts ?? [],
    sweeps: fromRows<DigestFacts['sweeps'][number]>(row.sweeps),
    incidents: row.incidents ?? [],
    proposals: row.proposals ?? [],
  };
}

function clientsOf(tally: readonly Tally[]): ClientFacts[] {
  const found = new Map<string, ClientFacts>();
  for (const { client, what, n, oldest } of tally) {
    const known = found.get(client) ?? { ...QUIET, client };
    found.set(client, { ...known, [what]: n, ...oldestOf(known, what, oldest) });
  }
  return [...found.values()];
}

function oldestOf(known: ClientFacts, what: keyof ClientFacts, oldest: string | null): Partial<ClientFacts> {
  if (oldest === null) return {};
  const at = new Date(oldest);
  if (what === 'pending') return { oldestPendingAt: at };
  return known.oldestDueAt !== null && known.oldestDueAt < at ? {} : { oldestDueAt: at };
}

/** Whose every chat turned away the last card of late, or who has none. The postings of years are not gone through. */
const NOT_REACHED = {
  name: 'approvers_not_reached',
  text: `with recent as (
      select r.id from keyturn.clients c cross join lateral (select q.id from keyturn.requests q
        where q.client = c.id order by q.asked_at desc limit 20) r
      union select id from (select id from keyturn.requests where state = 'pending' order by decide_by limit 500) p
      union select day from (select day from keyturn.digests order by day desc limit 2) d),
    newest as (select distinct on (p.place, p.platform, p.workspace) p.place, p.platform, p.workspace, p.unreachable
      from recent r join keyturn.postings p on p.subject = r.id where p.place like 'person:%'
      order by p.place, p.platform, p.workspace, p.at desc)
    select a.person from jsonb_array_elements_text($1::jsonb) with ordinality as a(person, n)
    where not exists (select from keyturn.identities i where i.person = a.person and i.ended_at is null
      and not exists (select from newest w where w.place = 'person:' || i.person and w.platform = i.platform
        and w.workspace = i.workspace and w.unreachable is not null))
    order by a.n`,
};

async function notReached(database: Database, people: readonly PersonId[]): Promise<PersonId[]> {
  const rows = await database.run<{ person: PersonId }>(NOT_REACHED, [JSON.stringify(people)]);
  return rows.map(({ person }) => person);
}

/** A digest as it was sent, and its own event in the operator's chain, which holds the heads of all others. */
export interface StoredDigest {
  readonly content: DigestContent;
  readonly anchor: Head | null;
}

const STORED = {
  name: 'stored_digest',
  text: `select d.content, (select jsonb_build_object('chain', e.chain, 'seq', e.seq, 'hash', encode(e.hash, 'hex'))
      from keyturn.audit_events e where e.subject = d.day and e.chain = 'operator' and e.action = 'digest.sent'
      order by e.seq limit 1) as anchor
    from keyturn.digests d where d.day = $1`,
};

export async function storedDigest(database: Database, day: string): Promise<StoredDigest | null> {
  return (await database.run<StoredDigest>(STORED, [day]))[0] ?? null;
}
