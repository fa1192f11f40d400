/** The statements that read facts: each is one snapshot of everything that a verb judges by. */

import { byStory, bySweep } from './sweep-facts.js';
import { byTarget } from './target-facts.js';

/** What is known of an account; `c` and `a` are SQL for its client and id. */
const onAccount = (c: string, a: string) => `
  (select to_jsonb(s) from (select version, by, at from keyturn.secrets where client = ${c} and account = ${a}
     order by version desc limit 1) s) as secret,
  (select to_jsonb(s) from (select version, by, at from keyturn.secrets where client = ${c} and account = 'totp:' || ${a}
     order by version desc limit 1) s) as seed,
  (select jsonb_agg(g) from keyturn.grants g where g.client = ${c} and g.account = ${a} and g.state <> 'ended') as live,
  (select jsonb_agg(p) from keyturn.requests p where p.client = ${c} and p.account = ${a} and p.state = 'pending') as pending,
  (select jsonb_agg(v) from keyturn.revocations v where v.client = ${c} and v.account = ${a} and v.state <> 'done') as due`;

const NOW = `keyturn.now() as now, (select directory_version from keyturn.deployment) as directory,
  (select jsonb_agg(x.person) from (select person from keyturn.alerts where state = 'open' union
     select person from keyturn.sweeps where state = 'waiting' and access_ended_at is not null) x) as paused`;

/** How many connections of a grant there were by each version of the secret; `g` is SQL for its id. */
const usesOf = (g: string) => `select s.secret_version as "secretVersion", count(*)::int as count,
  (count(*) filter (where s.why in ('grant-over', 'holder-paused')))::int as cut
  from keyturn.sessions s where s."grant" = ${g} group by s.secret_version`;

const ON_REQUEST = `to_jsonb(r) as request, to_jsonb(t) as "grant", to_jsonb(w) as revocation,
  (select jsonb_agg(d order by d.at, d.person) from keyturn.decisions d where d.request = r.id) as decisions,
  (select jsonb_agg(e order by e.at) from keyturn.exposures e where e."grant" = t.id) as exposures,
  (select jsonb_agg(l) from keyturn.links l where l."grant" = t.id and l.state not in ('spent', 'dead')) as links,
  (select jsonb_agg(k) from keyturn.tickets k where k."grant" = t.id and k.state = 'open') as tickets,
  (select jsonb_agg(s order by s.opened_at) from keyturn.sessions s where s."grant" = t.id and s.state = 'open') as sessions,
  (select jsonb_agg(u) from (${usesOf('t.id')}) u) as "sessionUses",
  (select jsonb_agg(x order by x.asked_at) from keyturn.requests x where x.extends = t.id) as extensions,
  (select to_jsonb(o) from keyturn.reviews o where o.request = r.id) as review,
  (r.proof is not null and (exists (select from keyturn.links l where l.proof = r.proof)
     or exists (select from keyturn.tickets k where k.proof = r.proof)
     or exists (select from keyturn.exposures e where e.proof = r.proof))) as "glassSpent",
  (select jsonb_agg(c.person order by c.asked_at) from keyturn.proofs c where c.subject_kind = 'request'
     and c.subject_id = r.id and c.state in ('asked', 'waiting', 'allowed') and c.expires_at > keyturn.now()) as confirming,
  ${onAccount('r.client', 'r.account')}`;

/** A request `r` with its grant `t` (an extension: with the one that it is of) and that one's revocation `w`, where there are any. */
const WITH_GRANT = `left join keyturn.grants t on t.id = coalesce(r.extends, 'G' || substr(r.id, 2)) left join keyturn.revocations w on w."grant" = t.id`;

export const BARE = { name: 'facts', text: `select ${NOW}` };
export const BY_ACCOUNT = { name: 'account_facts', text: `select ${NOW}, ${onAccount('$1', '$2')}` };
export const BY_GLASS = {
  name: 'glass_facts',
  text: `select ${NOW}, ${onAccount('$1', '$2')}, (select jsonb_agg(o order by o.due_at) from keyturn.reviews o
    where o.person = $3 and o.state = 'owed') as owed`,
};
/** Grants `g` with what their ends take. As json, which by the thousand is made in half of the time that jsonb takes. */
const holdings = (which: string) => `(select json_agg(h) from (
    select to_json(g) as "grant",
      (select json_agg(json_build_object('secretVersion', e.secret_version)) from keyturn.exposures e where e."grant" = g.id) as exposures,
      (select json_agg(u) from (${usesOf('g.id')}) u) as sessions,
      (select max(s.version) from keyturn.secrets s where s.client = g.client and s.account = g.account) as "secretVersion",
      (select json_agg(l) from keyturn.links l where l."grant" = g.id and l.state not in ('spent', 'dead')) as links,
      (select json_agg(x) from keyturn.requests x where x.extends = g.id and x.state = 'pending') as extensions
    from keyturn.grants g where ${which}) h) as holdings`;
export const DUE = {
  name: 'due_facts',
  text: `select ${NOW}, ${holdings(`g.id in (select d.id from keyturn.grants d
    where d.state = 'active' and d.ends_at <= keyturn.now() order by d.ends_at limit $1)`)}`,
};
export const BY_SWEEP = bySweep(NOW, holdings("g.holder = p.id and g.state <> 'ended'"));
export const BY_STORY = byStory(NOW);
export const BY_TARGET = byTarget(NOW, onAccount('$1', '$2'));
export const BY_REQUEST = {
  name: 'request_facts',
  text: `select ${NOW}, ${ON_REQUEST} from keyturn.requests r ${WITH_GRANT} where r.id = upper($1)`,
};
export const BY_REVIEW = {
  name: 'review_facts',
  text: `select ${NOW}, ${ON_REQUEST}, ${holdings("g.holder = r.requester and g.state <> 'ended'")},
    keyturn.holdings(r.requester) as counts from keyturn.requests r ${WITH_GRANT} where r.id = upper($1)`,
};
/** By SQL that says which link `k` is meant. */
const byLink = (name: string, which: string) => ({
  name: `link_facts_${name}`,
  text: `select ${NOW}, to_jsonb(k) as link, (select to_jsonb(c) from keyturn.proofs c
      where c.subject_kind = 'link' and c.subject_id = k.id order by c.asked_at desc limit 1) as proof,
    (select to_jsonb(o) from keyturn.code_windows o where o.link = k.id) as "codeWindow",
    (select jsonb_agg(q order by q.n) from keyturn.code_asks q where q.link = k.id) as "codeAsks", ${ON_REQUEST} from keyturn.links k
    join keyturn.grants t on t.id = k."grant" join keyturn.requests r on r.id = t.request
    left join keyturn.revocations w on w."grant" = t.id where ${which}`,
});
export const BY_TOKEN = byLink('token_hash', 'k.token_hash = $1');
export const BY_LINK = byLink('id', 'k.id = $1');
export const BY_CODE_ASK = byLink('ask', 'k.id = (select a.link from keyturn.code_asks a where a.id = $1)');
export const PENDING = {
  name: 'pending_facts',
  text: `select ${NOW}, ${ON_REQUEST} from keyturn.requests r ${WITH_GRANT}
    where r.state = 'pending' order by r.decide_by limit 500`,
};

/** What is known of what a report is about, and its days as instants. All are SQL. */
const ofReport = (report: string, subject: string, from: string, to: string, reader: string) => `
  (select to_jsonb(x) from (
    select a.client || '/' || a.id as id, a.spec->>'name' as name, a.client, c.spec->>'name' as "clientName"
      from keyturn.accounts a join keyturn.clients c on c.id = a.client where ${report} = 'account'
      and a.client = split_part(${subject}, '/', 1) and a.client || '/' || a.id = ${subject}
    union all select c.id, c.spec->>'name', c.id, c.spec->>'name' from keyturn.clients c where ${report} = 'client' and c.id = ${subject}
    union all select p.id, p.spec->>'name', p.spec->>'client', c.spec->>'name'
      from keyturn.people p left join keyturn.clients c on c.id = p.spec->>'client'
      where (${report} = 'person' and (p.id = ${subject} or lower(p.email) = lower(${subject}))) or (${report} = 'sessions' and p.id = ${subject})
    union all select s.id, p.spec->>'name', p.spec->>'client', c.spec->>'name' from keyturn.sweeps s
      join keyturn.people p on p.id = s.person left join keyturn.clients c on c.id = p.spec->>'client'
      where ${report} = 'sweep' and s.id = ${subject}) x limit 1) as about,
  span."from"::text as "from", span."to"::text as "to", span."from"::timestamp at time zone span.zone as "start",
  (span."to" + 1)::timestamp at time zone span.zone as "end",
  (select jsonb_agg(u) from keyturn.visits u where u.person = ${reader} and u.state in ('open', 'asked')) as unopened
  from (select d.zone, coalesce(${from}, coalesce(${to}, d.today) - 29) as "from", coalesce(${to}, d.today) as "to"
    from (select z.zone, (keyturn.now() at time zone z.zone)::date as today
      from (select coalesce((select operator->>'timezone' from keyturn.configurations order by version desc limit 1), 'UTC')
        as zone) z) d) span`;

export const BY_REPORT = {
  name: 'report_facts',
  text: `select ${NOW}, ${ofReport('$1::text', '$2::text', '$3::date', '$4::date', '$5::text')}`,
};
const byVisit = (column: string) => ({
  name: `visit_facts_${column}`,
  text: `select v.visit, v.proof, ${NOW}, f.* from (
      select to_jsonb(q) as visit, q.page, q.person, (select to_jsonb(c) from keyturn.proofs c
        where c.subject_kind = 'visit' and c.subject_id = q.id order by c.asked_at desc limit 1) as proof
      from keyturn.visits q where q.${column} = $1) v,
    lateral (select ${ofReport(
      `v.page->>'report'`,
      `v.page->>'subject'`,
      `case when $4::boolean then $2::date else (v.page->>'from')::date end`,
      `case when $4::boolean then $3::date else (v.page->>'to')::date end`,
      'v.person',
    )}) f`,
});
export const BY_VISIT_TOKEN = byVisit('token_hash');
export const BY_VISIT = byVisit('id');

/** What is known of a person; `p` is SQL for their id. */
const ofPerson = (p: string) => `${p} as person,
  (select jsonb_agg(c order by c.asked_at) from keyturn.proofs c where c.person = ${p}
     and (c.asked_at > keyturn.now() - interval '1 hour' or c.state in ('asked', 'waiting', 'allowed'))) as proofs,
  (select jsonb_agg(f) from keyturn.factors f where f.person = ${p} and f.state <> 'ended') as factors,
  (select jsonb_agg(k order by k.added_at) from keyturn.ssh_keys k where k.person = ${p} and k.state = 'active') as "sshKeys",
  (select jsonb_agg(to_jsonb(i) - 'id' order by i.id) from keyturn.identities i
     where i.person = ${p} and i.ended_at is null) as identities,
  (select jsonb_agg(a.key) from keyturn.alerts a
     where a.person = ${p} and a.at > keyturn.now() - interval '1 hour') as "alertKeys",
  not exists (select from keyturn.factors where active_at is not null)
    and not exists (select from keyturn.proofs where evidence is not null) as "isUnproven"`;

export const BY_PERSON = { name: 'person_facts', text: `select ${NOW}, ${ofPerson('$1::text')}` };
export const BY_SSH_KEY = {
  name: 'ssh_key_facts',
  text: `select ${NOW}, ${ofPerson('$1::text')}, exists (select from keyturn.ssh_keys k
    where k.fingerprint = $2 and k.state = 'active' and k.person <> $1::text) as "isTaken"`,
};
/** By a grant ($1), with the ticket of this hash ($2), or the holder's key of this fingerprint ($3), from this address ($4). */
export const BY_KNOCK = {
  name: 'admission_facts',
  text: `select ${NOW}, ${ON_REQUEST}, (select to_jsonb(k) from keyturn.tickets k where k.token_hash = $2) as ticket,
    to_jsonb(h) as key,
    (select to_jsonb(k) from keyturn.tickets k where k."grant" = t.id and k.state <> 'dead'
      order by k.opened_at desc limit 1) as pressed,
    (select to_jsonb(s) from keyturn.sessions s where s."grant" = t.id and s.key = h.id and s.address = $4
      order by s.state = 'open' desc, s.ended_at desc limit 1) as alike,
    (select max(s.end_asked_at) from keyturn.sessions s where s."grant" = t.id) as "cutAt"
    from keyturn.requests r ${WITH_GRANT}
    left join keyturn.ssh_keys h on h.person = t.holder and h.fingerprint = $3 and h.state = 'active'
    where r.id = 'R' || substr(upper($1), 2) and t.id = upper($1)`,
};
export const BY_SESSION = {
  name: 'session_facts',
  text: `select ${NOW}, ${ON_REQUEST}, to_jsonb(s) as session, to_jsonb(h) as key,
    (select jsonb_agg(a.key) from keyturn.alerts a where a.kind = 'target-untrusted'
       and a.key like '% ' || s.client || '/%' and a.at > keyturn.now() - interval '2 days') as told
    from keyturn.sessions s join keyturn.grants t on t.id = s."grant" join keyturn.requests r on r.id = t.request
    left join keyturn.revocations w on w."grant" = t.id left join keyturn.ssh_keys h on h.id = s.key
    where s.id = upper($1)`,
};
const byProof = (column: string) => ({
  name: `proof_facts_${column}`,
  text: `select ${NOW}, to_jsonb(q) as proof, ${ofPerson('q.person')} from keyturn.proofs q where q.${column} = $1`,
});
export const BY_PROOF = byProof('id');
export const BY_STATE = byProof('state_hash');
const byFactor = (column: string) => ({
  name: `factor_facts_${column}`,
  text: `select ${NOW}, to_jsonb(q) as factor, ${ofPerson('q.person')} from keyturn.factors q where q.${column} = $1`,
});
export const BY_FACTOR = byFactor('id');
export const BY_ENROL = byFactor('token_hash');
export const BY_ALERT = {
  name: 'alert_facts',
  text: `select ${NOW}, to_jsonb(q) as alert, to_jsonb(p) as proposal, to_jsonb(o) as review from keyturn.alerts q
    left join keyturn.proposals p on p.id = q.data->>'proposal'
    left join keyturn.reviews o on o.request = q.data->>'request' where q.id = $1`,
};
export const CONFIGURATION = {
  name: 'configuration_facts',
  text: `select ${NOW}, (select jsonb_build_object('version', c.version, 'digest', c.digest) from keyturn.configurations c
      order by c.version desc limit 1) as configuration,
    (select to_jsonb(p) from keyturn.proposals p
       where case when $1::text is null then p.state = 'waiting' else p.id = upper($1) end) as proposal`,
};
