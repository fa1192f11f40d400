/** Fills a database with a million grants in a few statements: history is written, not lived, so its guards are off meanwhile. */

import pg from 'pg';

export interface Filling {
  /** Who asked; the first so many are the leavers. */
  readonly people: readonly string[];
  readonly accounts: number;
  readonly grants: number;
  /** So many people hold a hundredth of all grants each, all of different accounts. */
  readonly leavers: number;
  /** So many hours lie ahead, at the end of each of which another hundredth runs out. */
  readonly hours: number;
}

/** The version of every password that is in custody; what is shown no more was an earlier one. */
const NEWEST = 5;
const TABLES = ['requests', 'grants', 'revocations', 'exposures', 'links'];

/**
 * Grant `n` of all, in the order in which they were asked for: those that have ended, then those that are alive, each
 * of another leaver or hour than the one before it (`part`).
 */
const NUMBERED = `select n, people, past as over, part < leavers as leaves, part - leavers + 1 as hour, i % 3 = 0 as shown,
    i % 10 = 1 as linked, (i + part * 37) % accounts as place,
    case when past then people[1 + n / 7 % cardinality(people)] when part < leavers then people[1 + part]
      else people[1 + leavers + i / 7 % (cardinality(people) - leavers)] end as who,
    (select keyturn.now()) - make_interval(secs => case when past then 86400 + grants - n else 60 end) as began
  from (select n, n < grants - living as past, case when n < grants - living then 0 else (n - grants + living) % parts end as part,
      case when n < grants - living then n * 7 else (n - grants + living) / parts end as i, people, accounts, grants, leavers
    from (select $1::int as grants, $2::int as accounts, $3::text[] as people, $4::int as leavers, $4::int + $5::int as parts,
        ($4::int + $5::int) * ($1::int / 100) as living) given, generate_series(0, $1::int - 1) n offset 0) x`;
const PLACE = `'client-' || place % 20, 'a' || place / 20`;
const ID = `lpad(n::text, 6, '0')`;
/** When it runs out: long ago, tomorrow, or at the end of its hour. */
const ENDS = `began + case when over then interval '1 hour' when leaves then interval '1 day' else make_interval(hours => hour) end`;

const ROWS: Readonly<Record<string, string>> = {
  requests: `insert into keyturn.requests (id, client, account, requester, seconds, reason, delivery, policy, policy_version,
      state, version, asked_at, decide_by, ended_at)
    select 'R-' || ${ID}, ${PLACE}, who, 86400, 'the printer is on fire again', 'reveal', 'bench', 1, 'approved', 2,
      began, began + interval '8 hours', began from (${NUMBERED}) x`,
  grants: `insert into keyturn.grants (id, request, client, account, holder, delivery, seconds, exclusive, state, outcome,
      version, active_at, ends_at, ended_at)
    select 'G-' || ${ID}, 'R-' || ${ID}, ${PLACE}, who, 'reveal', 86400, false, case when over then 'ended' else 'active' end,
      case when over then 'expired' end, case when over then 2 else 1 end, began, ${ENDS},
      case when over then ${ENDS} end from (${NUMBERED}) x`,
  revocations: `insert into keyturn.revocations ("grant", client, account, kind, state, due_at, done_at, proof, version)
    select 'G-' || ${ID}, ${PLACE}, case when shown then 'manual' else 'nothing' end, 'done', began, began,
      '{"readBack": "never shown"}', 1 from (${NUMBERED}) x where over`,
  exposures: `insert into keyturn.exposures (id, "grant", client, account, person, secret_version, at)
    select 'E-' || n, 'G-' || ${ID}, ${PLACE}, who, case when over then 1 + n % (${NEWEST} - 1) else ${NEWEST} end, began
    from (${NUMBERED}) x where shown`,
  links: `insert into keyturn.links (id, token_hash, purpose, "grant", person, state, fails, created_at, expires_at, version)
    select 'L-' || n, 'token ' || n, 'reveal', 'G-' || ${ID}, who, case when over then 'dead' else 'open' end, 0, began,
      began + interval '10 minutes', 1 from (${NUMBERED}) x where linked`,
};

export async function fill(url: string, filling: Filling): Promise<void> {
  await fillTables(url, Object.fromEntries(TABLES.map((table) => [table, put(table, filling)])), (one) =>
    one.query(`insert into keyturn.secrets (client, account, version, sealed, at)
      select client, id, v, 'sealed', keyturn.now() from keyturn.accounts, generate_series(2, ${NEWEST}) v`),
  );
}

/** Puts rows into these tables, each by its own work, their guards and indexes off meanwhile; `then` finds them on again. */
export async function fillTables(
  url: string,
  rows: Readonly<Record<string, Work>>,
  then: Work = async () => undefined,
): Promise<void> {
  const tables = Object.keys(rows);
  const [one, two] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  await Promise.all([one.connect(), two.connect()]);
  try {
    await hurry(one, true);
    const restore = await takeApart(one, tables);
    await inParallel([one, two], Object.values(rows));
    await inParallel(
      [one, two],
      restore.map((text) => (client) => client.query(text)),
    );
    await then(one);
    const all = [...tables, 'secrets'].map(
      (table) => (client: pg.Client) => client.query(`vacuum analyze keyturn.${table}`),
    );
    await inParallel([one, two], all);
    await hurry(one, false);
    await one.query('checkpoint');
  } finally {
    await Promise.all([one.end(), two.end()]);
  }
}

/** What is lost with the power while it fills is filled again; what is measured is as safe as ever. */
async function hurry(client: pg.Client, now: boolean): Promise<void> {
  const settings = { fsync: 'off', full_page_writes: 'off', max_wal_size: "'8GB'" };
  for (const [name, value] of Object.entries(settings))
    await client.query(`alter system ${now ? `set ${name} = ${value}` : `reset ${name}`}`);
  await client.query('select pg_reload_conf()');
}

export type Work = (client: pg.Client) => Promise<unknown>;

/** Each connection takes the next piece as soon as it is free. */
async function inParallel(clients: readonly pg.Client[], work: readonly Work[]): Promise<void> {
  const left = [...work];
  const worker = async (client: pg.Client) => {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '256MB'`);
    for (let next = left.shift(); next; next = left.shift()) await next(client);
  };
  await Promise.all(clients.map(worker));
}

function put(table: string, { people, accounts, grants, leavers, hours }: Filling): Work {
  return (client) => client.query(ROWS[table] as string, [grants, accounts, people, leavers, hours]);
}

/** Drops indexes that no constraint needs, and turns every trigger off. Returns what puts them back as they were. */
async function takeApart(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const names = tables.map((table) => `keyturn.${table}`);
  const indexes = await client.query<{ name: string; text: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text from pg_index i
     where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [names],
  );
  const triggers = await client.query<{ text: string }>(
    `select format('alter table %s enable %s trigger %I', t.tgrelid::regclass,
       case t.tgenabled when 'A' then 'always' else '' end, t.tgname) as text
     from pg_trigger t where t.tgrelid = any($1::regclass[]) order by t.tgrelid`,
    [names],
  );
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  for (const table of tables) await client.query(`alter table keyturn.${table} disable trigger all`);
  const enable = triggers.rows.map(({ text }) => text).join('; ');
  return [...indexes.rows.map(({ text }) => text), enable];
}
