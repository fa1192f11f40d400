/** What must hold after every act, whatever it was: asked of the database and not of the model. */

import type { House } from './house.js';

/** Each finds what breaks it among the requests of these people ($1); none may find anything. */
const LAWS: Readonly<Record<string, string>> = {
  'nobody’s own word counts': `select d.request as id from mine r join keyturn.decisions d on d.request = r.id where d.person = r.requester
    union all select o.request from mine r join keyturn.reviews o on o.request = r.id where o.person in (o.reviewer, o.allowed_by)
    union all select s.id from keyturn.sweeps s where s.person = any($1) and s.person in (s.proposer, s.confirmer, s.heir)`,
  'no grant lives past its end by more than approved extensions': `select g.id from mine r join keyturn.grants g on g.request = r.id
    where g.ends_at > g.active_at + make_interval(secs => g.seconds + coalesce((select sum(least(x.seconds,
      (select min(d.seconds) from keyturn.decisions d where d.request = x.id and d.verdict = 'approve' and d.person in (select id from here))))
      from keyturn.requests x where x.extends = g.id and x.state = 'approved'), 0))`,
  'nothing is shown when access has ended, or to anybody else': `select e.id from mine r join keyturn.grants g on g.request = r.id
    join keyturn.exposures e on e."grant" = g.id where e.at >= g.ends_at or e.at > g.ended_at or e.person <> g.holder`,
  'who is gone or paused holds nothing': `select g.id from mine r join keyturn.grants g on g.request = r.id
    where g.state <> 'ended' and (g.holder not in (select id from here) or g.holder in (select a.person from keyturn.alerts a where a.state = 'open'))
    union all select l.id from keyturn.links l where l.person = any($1) and l.state not in ('spent', 'dead')
      and l.person not in (select id from here)
    union all select r.id from mine r where r.state = 'pending' and r.requester not in (select id from here)`,
  'one pending request each': `select min(id) from mine where state = 'pending' group by requester, client, account having count(*) > 1`,
  'an exclusive account has one holder': `select min(g.id) from mine r join keyturn.grants g on g.request = r.id
    where g.state <> 'ended' and g.exclusive group by g.client, g.account having count(*) > 1`,
  'every end has its revocation, and nothing else has': `select g.id from mine r join keyturn.grants g on g.request = r.id
    left join keyturn.revocations v on v."grant" = g.id where (g.state = 'ended') <> (v."grant" is not null)`,
  'a password is to be changed as long as it is one that was shown': `select v."grant" from mine r join keyturn.grants g on g.request = r.id
    join keyturn.revocations v on v."grant" = g.id where (v.state <> 'done') <> exists (select from keyturn.exposures e
      where e."grant" = g.id and e.secret_version = (select max(s.version) from keyturn.secrets s where s.client = g.client and s.account = g.account))`,
  'every break-glass owes one review': `select r.id from mine r left join keyturn.reviews o on o.request = r.id
    where (r.kind = 'break-glass') <> (o.request is not null) or o.person <> r.requester`,
};

/** As a function, so that both databases plan it once and not after every act. */
const FUNCTION = `create function broken_laws(people text[]) returns table (law text, at text) language plpgsql as $laws$
  begin return query with mine as (select * from keyturn.requests where requester = any($1)),
    here as (select p.id from keyturn.people p where p.id = any($1) and p.state = 'here')
    ${Object.entries(LAWS)
      .map(([law, text]) => `select '${law}', x.id from (${text}) x (id)`)
      .join('\n    union all ')};
  end $laws$`;

/** Before any act. */
export async function layDownLaws({ database }: House): Promise<void> {
  await database.run({ name: 'lay_down_laws', text: FUNCTION }, []);
}

/** The laws that are broken for these people, each with where. */
export async function brokenLaws({ database }: House, people: readonly string[]): Promise<string[]> {
  const text = 'select law, at from broken_laws($1)';
  const rows = await database.run<{ law: string; at: string }>({ name: 'broken_laws', text }, [people]);
  return rows.map(({ law, at }) => `${law}: ${at}`);
}

export interface Stored {
  readonly id: string;
  readonly state: string;
  readonly grant: string | null;
  readonly given: number | null;
  readonly revocation: string | null;
  readonly assignee: string | null;
  readonly review: string | null;
  readonly escalated: boolean;
}

const STORED = {
  name: 'stored_requests',
  text: `select r.id, r.state, g.state as "grant", extract(epoch from g.ends_at - g.active_at)::int as given, v.state as revocation,
      v.assignee, o.state as review, r.escalated_at is not null as escalated
    from keyturn.requests r left join keyturn.grants g on g.request = r.id left join keyturn.revocations v on v."grant" = g.id
    left join keyturn.reviews o on o.request = r.id where r.id = any($1)`,
};

/** What is stored of these requests, for the model to be compared with. */
export async function stored({ database }: House, ids: readonly string[]): Promise<Map<string, Stored>> {
  const rows = await database.run<Stored>(STORED, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}
