/**
 * The same acts as PL/pgSQL functions, each one call: what the database alone
 * could do, under the same constraints, triggers and audit chain. Who may approve
 * is handed in, because judging a policy is TypeScript's. Made by the bench, never
 * part of a migration.
 */

import type { Database } from '../../src/store/driver.js';
import { bulk } from './stage.js';

const SAY = `create function bench.say(at_chain text, by text, through text, what text, about text, data jsonb)
returns void language plpgsql as $$
begin
  insert into keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data)
  values (at_chain, 0, '', '', 'epoch', by, through, what, about, data);
end $$`;

const NOTICE = `create function bench.notice(k text, about text, at timestamptz) returns void language plpgsql as $$
begin
  insert into keyturn.jobs (key, kind, payload, run_at) values (k || ':' || about, k, jsonb_build_object('id', about), at)
  on conflict (key) do update set generation = jobs.generation + 1, attempts = 0, run_at = least(jobs.run_at, excluded.run_at);
end $$`;

const APPROVE = `create function bench.approve(req text, who text, approvers text[], need int) returns text language plpgsql as $$
declare r keyturn.requests; at timestamptz := keyturn.now(); words int; secs int; g text := 'G' || substr(req, 2);
begin
  select * into r from keyturn.requests where id = req for no key update;
  if not found then raise exception 'no such request'; end if;
  if r.requester = who then raise exception 'own request'; end if;
  if not who = any(approvers) then raise exception 'not an approver'; end if;
  if r.state <> 'pending' or at >= r.decide_by then raise exception 'over'; end if;
  perform from keyturn.decisions d where d.request = req and d.person = who;
  if found then raise exception 'has spoken'; end if;
  insert into keyturn.decisions (request, person, verdict, seconds, reason, at)
  values (req, who, 'approve', null, null, at);
  select count(*), min(coalesce(d.seconds, r.seconds)) into words, secs from keyturn.decisions d
    where d.request = req and d.verdict = 'approve' and d.person = any(approvers);
  if words < need then
    update keyturn.requests set version = version + 1 where id = req;
    perform bench.notice('request', req, at);
    perform bench.say(r.client, who, 'slack', 'decision.approve', req, jsonb_build_object('minutes', r.seconds / 60));
    return req;
  end if;
  update keyturn.requests set state = 'approved', version = version + 1, ended_at = at where id = req;
  insert into keyturn.grants (id, request, client, account, holder, delivery, seconds, exclusive, state, version, active_at, ends_at)
  values (g, req, r.client, r.account, r.requester, r.delivery, secs, true, 'active', 1, at, at + make_interval(secs => secs));
  insert into keyturn.jobs (key, kind, payload, run_at) values ('request:' || req, 'request', jsonb_build_object('id', req), at)
  on conflict (key) do update set generation = jobs.generation + 1, attempts = 0, run_at = least(jobs.run_at, excluded.run_at);
  insert into keyturn.audit_events (chain, seq, prev, hash, at, actor, via, action, subject, data) values
    (r.client, 0, '', '', 'epoch', who, 'slack', 'decision.approve', req, jsonb_build_object('minutes', r.seconds / 60)),
    (r.client, 0, '', '', 'epoch', who, 'slack', 'request.approved', req, jsonb_build_object('by', approvers)),
    (r.client, 0, '', '', 'epoch', who, 'slack', 'grant.active', g, jsonb_build_object('account', r.client || '/' || r.account,
      'holder', r.requester, 'minutes', secs / 60, 'until', at + make_interval(secs => secs)));
  return req;
end $$`;

const ASK = `create function bench.ask(req text, c text, a text, who text, secs int, why text) returns text language plpgsql as $$
declare at timestamptz := keyturn.now();
begin
  perform from keyturn.grants g where g.client = c and g.account = a and g.state <> 'ended';
  if found then raise exception 'out'; end if;
  insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version, state,
    version, asked_at, decide_by)
  values (req, c, a, who, secs, why, 'reveal', 'bench', 1, 'pending', 1, at, at + interval '8 hours');
  perform bench.notice('request', req, at);
  perform bench.say(c, who, 'slack', 'request.asked', req, jsonb_build_object('account', c || '/' || a,
    'minutes', secs / 60, 'reason', why, 'ticket', null, 'policy', 'bench v1'));
  return req;
end $$`;

const PRESS = `create function bench.press(g text, who text, link text, token text) returns text language plpgsql as $$
declare t keyturn.grants; at timestamptz := keyturn.now();
begin
  select * into t from keyturn.grants where id = g and holder = who and state = 'active' and ends_at > at for share;
  if not found then raise exception 'no live grant of theirs'; end if;
  update keyturn.links set state = 'dead', version = version + 1 where "grant" = g and person = who
    and purpose = 'reveal' and state not in ('spent', 'dead');
  insert into keyturn.links (id, token_hash, purpose, "grant", person, state, fails, created_at, expires_at, version)
  values (link, token, 'reveal', g, who, 'open', 0, at, least(at + interval '10 minutes', t.ends_at), 1);
  perform bench.say(t.client, who, 'slack', 'link.made', link, jsonb_build_object('grant', g, 'purpose', 'reveal'));
  return link;
end $$`;

const BROWSER = `create function bench.browser(token text, browser text, digits text) returns text language plpgsql as $$
declare l keyturn.links; c text; at timestamptz := keyturn.now();
begin
  select * into l from keyturn.links where token_hash = token for no key update;
  if not found or l.state <> 'open' or l.expires_at <= at then raise exception 'over'; end if;
  select client into c from keyturn.grants where id = l."grant";
  update keyturn.links set state = 'asked', browser_hash = browser, number = digits, version = version + 1 where id = l.id;
  perform bench.notice('link', l.id, at);
  perform bench.say(c, null, 'system', 'link.asked', l.id, jsonb_build_object('grant', l."grant"));
  return l.id;
end $$`;

const CONFIRM = `create function bench.confirm(link text, who text) returns text language plpgsql as $$
declare l keyturn.links; c text; at timestamptz := keyturn.now();
begin
  select * into l from keyturn.links where id = link and person = who for no key update;
  if not found or l.state <> 'asked' or l.expires_at <= at then raise exception 'over'; end if;
  select client into c from keyturn.grants where id = l."grant";
  update keyturn.links set state = 'confirmed', version = version + 1 where id = link;
  perform bench.notice('link', link, at);
  perform bench.say(c, who, 'slack', 'link.confirmed', link, jsonb_build_object('grant', l."grant", 'number', l.number));
  return link;
end $$`;

const CLAIM = `create function bench.claim(token text, browser text, exposure text) returns text language plpgsql as $$
declare l keyturn.links; g keyturn.grants; v int; at timestamptz := keyturn.now();
begin
  select * into l from keyturn.links where token_hash = token for no key update;
  if not found or l.state <> 'confirmed' or l.browser_hash <> browser or l.expires_at <= at then raise exception 'over'; end if;
  select * into g from keyturn.grants where id = l."grant" and state = 'active' and ends_at > at for share;
  if not found then raise exception 'over'; end if;
  select max(version) into v from keyturn.secrets where client = g.client and account = g.account;
  update keyturn.links set state = 'spent', version = version + 1 where id = l.id;
  insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at)
  values (exposure, g.id, g.client, g.account, l.person, v, at);
  perform bench.notice('request', g.request, at);
  perform bench.notice('link', l.id, at);
  perform bench.say(g.client, l.person, 'web', 'secret.shown', g.id, jsonb_build_object('account',
    g.client || '/' || g.account, 'version', v, 'link', l.id));
  return l.id;
end $$`;

const RETURN = `create function bench.give_back(g text, who text, changer text) returns text language plpgsql as $$
declare t keyturn.grants; at timestamptz := keyturn.now(); shown boolean;
begin
  select * into t from keyturn.grants where id = g and holder = who and state = 'active' for no key update;
  if not found then raise exception 'over'; end if;
  select exists (select from keyturn.exposures e where e."grant" = g and e.secret_version =
    (select max(version) from keyturn.secrets s where s.client = t.client and s.account = t.account)) into shown;
  update keyturn.grants set state = 'ended', outcome = 'returned', version = version + 1, ended_at = at, ended_by = who
    where id = g;
  update keyturn.links set state = 'dead', version = version + 1 where "grant" = g and state not in ('spent', 'dead');
  insert into keyturn.revocations ("grant", client, account, kind, state, assignee, due_at, version)
  values (g, t.client, t.account, 'manual', 'due', changer, at, 1);
  perform bench.notice('request', t.request, at);
  perform bench.say(t.client, who, 'slack', 'grant.returned', g, jsonb_build_object('holder', t.holder, 'reason', null));
  perform bench.say(t.client, who, 'slack', 'revocation.due', g, jsonb_build_object('account', t.client || '/' || t.account,
    'kind', 'manual', 'assignee', changer));
  return g;
end $$`;

export async function createBaseline(database: Database): Promise<void> {
  await bulk(database, 'create schema bench');
  for (const text of [SAY, NOTICE, APPROVE, ASK, PRESS, BROWSER, CONFIRM, CLAIM, RETURN])
    await bulk(database, text);
}

/** Calls one of them by a prepared statement, over the pool that the product uses. */
export async function call(database: Database, name: string, values: readonly unknown[]): Promise<string> {
  const places = values.map((_, n) => `$${n + 1}`).join(', ');
  const [row] = await database.run<{ id: string }>(
    { name: `bench_${name}`, text: `select bench.${name}(${places}) as id` },
    values,
  );
  return row?.id as string;
}
