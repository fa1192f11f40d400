/** What a sweep is judged by, and what its card tells: the SQL, and the shapes it comes in. */

import type { Alert } from '../core/alert.js';
import type { LinkedIdentity } from '../core/change.js';
import type { Holding } from '../core/end-grant.js';
import type { Factor } from '../core/factor.js';
import type { Facts, Shown, SweepFacts, SweepStory, Unchanged } from '../core/facts.js';
import type { Revocation } from '../core/grant.js';
import type { Link } from '../core/link.js';
import type { PersonId } from '../core/people.js';
import type { Proof } from '../core/proof.js';
import type { Proposal } from '../core/proposal.js';
import type { Request } from '../core/request.js';
import type { Review } from '../core/review.js';
import type { Session } from '../core/session.js';
import type { SshKey } from '../core/ssh-key.js';
import type { Sweep } from '../core/sweep.js';
import type { Visit } from '../core/visit.js';
import { fromRow, fromRowOrNull, fromRows } from './rows.js';

type Json = Record<string, unknown>;

/** The rows of a table `x` as one array. */
const all = (table: string, which: string) =>
  `(select json_agg(x) from keyturn.${table} x where ${which}) as ${table}`;

/**
 * Of a person ($1), with their sweep that waits, or of the one whom a sweep ($2) is about.
 *
 * @param now SQL for what all facts have.
 * @param holdings SQL for the grants `g` of person `p` that have not ended, with what their ends take.
 */
export const bySweep = (now: string, holdings: string) => ({
  name: 'sweep_facts',
  text: `select ${now}, p.id as person, p.state as standing, p.spec->>'client' as client, to_jsonb(s) as sweep, ${holdings},
    keyturn.holdings(p.id) as counts,
    ${all('links', `x.person = p.id and x.state not in ('spent', 'dead')`)},
    ${all('requests', `x.requester = p.id and x.state = 'pending'`)},
    (select jsonb_agg(jsonb_build_object('id', r.id, 'client', r.client, 'account', r.account)) from keyturn.decisions d
       join keyturn.requests r on r.id = d.request where d.person = p.id and r.state = 'pending') as votes,
    (select jsonb_agg(to_jsonb(x) - 'id' order by x.id) from keyturn.identities x
       where x.person = p.id and x.ended_at is null) as identities,
    ${all('factors', `x.person = p.id and x.state <> 'ended'`)},
    ${all('ssh_keys', `x.person = p.id and x.state = 'active'`)},
    ${all('sessions', `x.person = p.id and x.state = 'open'`)},
    ${all('proofs', `x.person = p.id and x.state in ('asked', 'waiting', 'allowed')`)},
    ${all('visits', `x.person = p.id and x.state <> 'dead'`)},
    ${all('revocations', `x.assignee = p.id and x.state <> 'done'`)},
    ${all('reviews', `x.person = p.id and x.state = 'owed'`)},
    ${all('proposals', `x.proposer = p.id and x.state = 'waiting'`)},
    ${all('alerts', `x.person = p.id and x.state = 'open'`)},
    (select json_agg(x) from (select e."grant", e.client, e.account, e.secret_version, min(e.at) as at
       from keyturn.exposures e where e.person = p.id and not exists (select from keyturn.secrets v
         where v.client = e.client and v.account = e.account and v.version > e.secret_version)
       group by 1, 2, 3, 4) x) as shown,
    (select jsonb_agg(y.client || '/' || y.account) from keyturn.rotations y where y.state in ('asked', 'prepared')
       and exists (select from keyturn.exposures e where e.person = p.id and e.client = y.client and e.account = y.account)) as rotating
    from keyturn.people p left join keyturn.sweeps s
      on case when $2::text is null then s.person = p.id and s.state = 'waiting' else s.id = upper($2) end
    where p.id = coalesce($1, (select y.person from keyturn.sweeps y where y.id = upper($2)))`,
});

export const byStory = (now: string) => ({
  name: 'sweep_story',
  text: `select ${now}, to_jsonb(s) as sweep, p.spec->>'client' as client, keyturn.holdings(p.id) as holds,
    (select jsonb_object_agg(c.kind, c.n) from (select i.kind, count(*) as n from keyturn.sweep_items i
       where i.sweep = s.id group by i.kind) c) as counts,
    (select jsonb_build_object('total', count(*), 'changed', count(*) filter (where not x.due)) from (
       select bool_or(i.state = 'due') as due from keyturn.sweep_items i where i.sweep = s.id and i.kind = 'exposure'
       group by i.client, i.data->>'account', i.data->>'version') x) as passwords,
    (select jsonb_agg(x) from (select i.client, i.data->>'account' as account, (i.data->>'version')::int as version,
         min((i.data->>'since')::timestamptz) as since_at, min(v.assignee) as assignee
       from keyturn.sweep_items i left join keyturn.revocations v on v."grant" = i.subject
       where i.sweep = s.id and i.kind = 'exposure' and i.state = 'due' group by 1, 2, 3 order by 1, 2, 3 limit 20) x) as unchanged,
    (select jsonb_agg(o.request order by o.due_at) from keyturn.reviews o where o.person = s.person and o.state = 'owed') as owed,
    (select jsonb_agg(x.person order by x.at, x.id) from keyturn.sweeps x where s.origin = 'automatic'
       and x.origin = 'automatic' and x.at > s.at - interval '1 hour' and x.at <= s.at) as together,
    (select e.actor from keyturn.audit_events e where e.subject = s.id and e.action = 'sweep.dropped' limit 1) as "droppedBy"
    from keyturn.sweeps s join keyturn.people p on p.id = s.person where s.id = upper($1)`,
});

export interface SweepRow {
  readonly person: PersonId;
  readonly standing: SweepFacts['standing'];
  readonly client: string | null;
  readonly sweep: Json | null;
  readonly counts: SweepFacts['counts'];
  readonly links: Json[] | null;
  readonly requests: Json[] | null;
  readonly votes: SweepFacts['votes'] | null;
  readonly identities: Json[] | null;
  readonly factors: Json[] | null;
  readonly ssh_keys: Json[] | null;
  readonly sessions: Json[] | null;
  readonly proofs: Json[] | null;
  readonly visits: Json[] | null;
  readonly revocations: Json[] | null;
  readonly reviews: Json[] | null;
  readonly proposals: Json[] | null;
  readonly alerts: Json[] | null;
  readonly shown: Json[] | null;
  readonly rotating: string[] | null;
}

export function sweepFacts(row: SweepRow, base: Facts, holdings: readonly Holding[]): SweepFacts {
  return {
    ...base,
    holdings,
    person: row.person,
    standing: row.standing,
    client: row.client,
    sweep: fromRowOrNull<Sweep>(row.sweep),
    counts: row.counts,
    links: fromRows<Link>(row.links),
    requests: fromRows<Request>(row.requests),
    votes: row.votes ?? [],
    identities: fromRows<LinkedIdentity>(row.identities),
    factors: fromRows<Factor>(row.factors),
    sshKeys: fromRows<SshKey>(row.ssh_keys),
    sessions: fromRows<Session>(row.sessions),
    proofs: fromRows<Proof>(row.proofs),
    visits: fromRows<Visit>(row.visits),
    tasks: fromRows<Revocation>(row.revocations),
    shown: fromRows<Shown>(row.shown),
    rotating: row.rotating ?? [],
    reviews: fromRows<Review>(row.reviews),
    proposals: fromRows<Proposal>(row.proposals),
    alerts: fromRows<Alert>(row.alerts),
  };
}

export interface StoryRow {
  readonly sweep: Json;
  readonly client: string | null;
  readonly holds: SweepStory['holds'];
  readonly counts: SweepStory['counts'] | null;
  readonly passwords: SweepStory['passwords'];
  readonly unchanged: Json[] | null;
  readonly owed: string[] | null;
  readonly together: PersonId[] | null;
  readonly droppedBy: PersonId | null;
}

export function sweepStory(row: StoryRow, base: Facts): SweepStory {
  return {
    ...base,
    sweep: fromRow<Sweep>(row.sweep),
    client: row.client,
    holds: row.holds,
    counts: row.counts ?? {},
    passwords: row.passwords,
    unchanged: fromRows<Omit<Unchanged, 'since'> & { sinceAt: Date }>(row.unchanged).map(
      ({ sinceAt, ...one }) => ({ ...one, since: sinceAt }),
    ),
    owed: row.owed ?? [],
    together: row.together ?? [],
    droppedBy: row.droppedBy,
  };
}
