/** Applying a configuration: a numbered version, in one transaction, that touches only what a file brought. */

import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AuditEvent } from '../core/audit.js';
import type { NextConfiguration } from '../core/change.js';
import type { DeclaredDirectory } from '../core/directory.js';
import type { Operator } from '../core/proposal.js';
import type { Database, Db } from './driver.js';
import { newPersonId } from './fresh.js';

/** A configuration as written, before any `${NAME}` was filled in: it holds no secret. */
export type Document = Readonly<Record<string, unknown>>;

/** What the document compiled to: the part of it that every replica goes by. */
export interface Declared {
  readonly operator: Operator;
  readonly directory: DeclaredDirectory;
}

export interface Applied {
  readonly version: number;
  /** False where the newest version was this one already. */
  readonly changed: boolean;
  /** E-mails of people whom a sweep has ended and no file brings back. */
  readonly tombstones: readonly string[];
}

export interface StoredConfiguration {
  readonly version: number;
  readonly document: Document;
  readonly digest: string;
  readonly appliedAt: Date;
}

/** The newest applied configuration; null before the first. */
export async function newestConfiguration(database: Database): Promise<StoredConfiguration | null> {
  const text = `select version, document, digest, applied_at as "appliedAt" from keyturn.configurations
    order by version desc limit 1`;
  const [row] = await database.run<StoredConfiguration>({ name: 'newest_configuration', text }, []);
  return row ?? null;
}

/** Which version is in force, without its document; null before the first. */
export async function newestVersion(
  database: Database,
): Promise<Pick<StoredConfiguration, 'version' | 'digest'> | null> {
  const [row] = await database.run<Pick<StoredConfiguration, 'version' | 'digest'>>(
    { name: 'newest_version', text: NEWEST },
    [],
  );
  return row ?? null;
}

/** The same for the same content, however its keys are ordered. */
export function digestOf(document: Document): string {
  return createHash('sha256').update(canonical(document)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join(',')}}`;
}

/** The exclusive side of the lock that every commit shares. A text, so that a bundle may load this file before the driver. */
const LOCK = 'select pg_advisory_xact_lock(7701)';
const NEWEST = 'select version, digest from keyturn.configurations order by version desc limit 1';

/**
 * Makes the database's directory what the document declares. Waits for every act
 * under way, and every later act is judged by the new version.
 *
 * @param onlyFirst changes nothing where a configuration was applied before.
 */
export async function apply(
  database: Database,
  document: Document,
  { operator, directory }: Declared,
  by: { readonly email: string | null; readonly event: AuditEvent },
  onlyFirst = false,
): Promise<Applied> {
  const digest = digestOf(document);
  return database.db.transaction(async (tx) => {
    await tx.execute(LOCK);
    const newest = await one<{ version: number; digest: string }>(tx, NEWEST);
    const same = newest !== undefined && (onlyFirst || newest.digest === digest);
    if (same) return { version: newest.version, changed: false, tombstones: [] };
    const version = (newest?.version ?? 0) + 1;
    await writeVersion(tx, { document, operator, directory, digest, version, email: by.email });
    const tombstones = await tombstonesIn(tx, directory);
    const event = { ...by.event, data: { ...by.event.data, version, digest } };
    await tx.execute(sql`select keyturn.append_audit(${JSON.stringify([event])}::jsonb)`);
    return { version, changed: true, tombstones };
  });
}

/** Makes the directory what this version declares. The caller holds the exclusive side of the lock. */
async function writeVersion(tx: Db, next: NextConfiguration): Promise<void> {
  const { directory, version, digest, email } = next;
  await writePeople(tx, directory);
  await writePolicies(tx, directory);
  await writeDeclared(tx, directory);
  await tx.execute(sql`update keyturn.deployment set directory_version = directory_version + 1`);
  await tx.execute(sql`insert into keyturn.configurations (version, document, operator, digest, applied_at, applied_by)
    values (${version}, ${JSON.stringify(next.document)}::jsonb, ${JSON.stringify(next.operator)}::jsonb, ${digest}, keyturn.now(), ${email})`);
}

/**
 * Commits a change that brings a configuration into force: the proof, the proposal
 * and the audit that go with it are in the transaction of the directory itself.
 *
 * @returns false where something that it was judged by has moved; nothing was written.
 */
export async function commitVersion(
  database: Database,
  next: NextConfiguration,
  change: string,
): Promise<boolean> {
  return database.db.transaction(async (tx) => {
    await tx.execute(LOCK);
    const newest = await one<{ version: number }>(tx, NEWEST);
    if ((newest?.version ?? 0) !== next.version - 1) return false;
    const committed = await one<{ done: boolean }>(tx, sql`select keyturn.commit(${change}::jsonb) as done`);
    if (!committed?.done) return false;
    await writeVersion(tx, next);
    return true;
  });
}

/** E-mails of people in here whom a sweep has ended: a file doesn't bring anybody back. */
export async function tombstonesIn(
  db: Pick<Db, 'execute'>,
  { people }: DeclaredDirectory,
): Promise<string[]> {
  const wanted = JSON.stringify(people.map(({ email }) => ({ email })));
  const swept = (await db.execute(sql`select p.email from keyturn.people p
    join jsonb_to_recordset(${wanted}::jsonb) as w(email text) on lower(w.email) = lower(p.email)
    where p.state = 'swept'`)) as unknown as { rows: { email: string }[] };
  return swept.rows.map((row) => row.email);
}

async function one<T>(tx: Db, query: ReturnType<typeof sql> | string): Promise<T | undefined> {
  return ((await tx.execute(query)) as unknown as { rows: T[] }).rows[0];
}

async function writePeople(tx: Db, { people }: DeclaredDirectory): Promise<void> {
  const wanted = JSON.stringify(
    people.map(({ email, ...spec }, position) => ({ id: newPersonId(), email, position, spec })),
  );
  await tx.execute(sql`insert into keyturn.people (id, email, position, spec, origin, state)
    select id, email, position, spec, 'file', 'here'
    from jsonb_to_recordset(${wanted}::jsonb) as w(id text, email text, position int, spec jsonb)
    on conflict (lower(email)) do update set email = excluded.email, position = excluded.position,
      spec = excluded.spec, state = 'here'
    where people.origin = 'file' and people.state <> 'swept'`);
  await tx.execute(sql`update keyturn.people p set state = 'gone'
    where p.origin = 'file' and p.state = 'here' and lower(p.email) not in (
      select lower(w.email) from jsonb_to_recordset(${wanted}::jsonb) as w(email text))`);
}

/** A policy that reads otherwise becomes its next version; one that reads the same stays. */
async function writePolicies(tx: Db, { policies }: DeclaredDirectory): Promise<void> {
  const wanted = JSON.stringify(policies.map(({ id, ...spec }) => ({ id, spec })));
  const rows = sql`jsonb_to_recordset(${wanted}::jsonb) as w(id text, spec jsonb)`;
  await tx.execute(sql`update keyturn.policies p set current = false
    where p.current and p.origin = 'file' and not exists (select from ${rows} where w.id = p.id and w.spec = p.spec)`);
  await tx.execute(sql`insert into keyturn.policies (id, version, spec, origin, current)
    select w.id, coalesce((select max(version) from keyturn.policies p where p.id = w.id), 0) + 1, w.spec, 'file', true
    from ${rows} where not exists (select from keyturn.policies p where p.id = w.id and p.current)`);
}

async function writeDeclared(tx: Db, directory: DeclaredDirectory): Promise<void> {
  const groups = JSON.stringify(
    Object.entries(directory.groups).map(([name, members]) => ({ name, members })),
  );
  await tx.execute(sql`delete from keyturn.groups where origin = 'file'`);
  await tx.execute(sql`insert into keyturn.groups (name, members, origin)
    select name, members, 'file' from jsonb_to_recordset(${groups}::jsonb) as w(name text, members jsonb)
    on conflict (name) do nothing`);

  const clients = JSON.stringify(
    directory.clients.map((spec, position) => ({ id: spec.id, position, spec })),
  );
  await tx.execute(sql`insert into keyturn.clients (id, position, spec, origin)
    select id, position, spec, 'file' from jsonb_to_recordset(${clients}::jsonb) as w(id text, position int, spec jsonb)
    on conflict (id) do update set position = excluded.position, spec = excluded.spec, removed_at = null
    where clients.origin = 'file'`);
  await tx.execute(sql`update keyturn.clients c set removed_at = keyturn.now()
    where c.origin = 'file' and c.removed_at is null and c.id not in (
      select w.id from jsonb_to_recordset(${clients}::jsonb) as w(id text))`);
  await writeOfClient(tx, sql`keyturn.systems`, directory.systems);
  await writeOfClient(tx, sql`keyturn.accounts`, directory.accounts);
}

async function writeOfClient(
  tx: Db,
  table: ReturnType<typeof sql>,
  declared: readonly { readonly client: string; readonly id: string }[],
): Promise<void> {
  const wanted = JSON.stringify(
    declared.map((spec, position) => ({ client: spec.client, id: spec.id, position, spec })),
  );
  await tx.execute(sql`insert into ${table} as t (client, id, position, spec, origin)
    select client, id, position, spec, 'file'
    from jsonb_to_recordset(${wanted}::jsonb) as w(client text, id text, position int, spec jsonb)
    on conflict (client, id) do update set position = excluded.position, spec = excluded.spec, removed_at = null
    where t.origin = 'file'`);
  // `not in` is answered from one hash table; `not exists` would be planned as a loop in a loop.
  await tx.execute(sql`update ${table} as t set removed_at = keyturn.now()
    where t.origin = 'file' and t.removed_at is null and (t.client, t.id) not in (
      select w.client, w.id from jsonb_to_recordset(${wanted}::jsonb) as w(client text, id text))`);
}
