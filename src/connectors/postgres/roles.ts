/** Roles and who is in them, as the catalogue of a PostgreSQL server has them. */

import pg from 'pg';
import { TargetError } from '../connector.js';
import type { Session } from './session.js';

export interface Role {
  readonly oid: string;
  readonly name: string;
  readonly comment: string | null;
}

export const identifier = pg.escapeIdentifier;
export const literal = pg.escapeLiteral;

/** Until this session ends, no other of Keyturn's changes this login: PostgreSQL fails one of two at once. */
export async function holdLogin(session: Session, login: string): Promise<void> {
  await session.query(`select pg_advisory_lock(hashtextextended('keyturn ' || $1::text, 0))`, [login]);
}

/** A role by its exact name: one too long to exist isn't cut until it matches another. */
export async function findRole(session: Session, name: string): Promise<Role | null> {
  const [role] = await session.query<{ oid: string; name: string; comment: string | null }>(
    `select oid::text, rolname::text as name, shobj_description(oid, 'pg_authid') as comment
      from pg_roles where rolname::text = $1::text`,
    [name],
  );
  return role ?? null;
}

/** @param what names it in the sentence: `login` or `group`. */
export async function roleOf(session: Session, name: string, what: string): Promise<Role> {
  const role = await findRole(session, name);
  if (role) return role;
  throw new TargetError(
    'missing',
    `There is no ${what} ${JSON.stringify(name)} on the server. Correct its name, or make it.`,
  );
}

/** The roles in which `login` is itself a member and that bring it into `group`, the group itself among them. */
export async function waysInto(session: Session, group: Role, login: Role): Promise<string[]> {
  const rows = await session.query<{ via: string }>(
    `with recursive way(role, via) as (
      select roleid, roleid from pg_auth_members where member = $1::oid
      union select m.roleid, way.via from way join pg_auth_members m on m.member = way.role)
    select distinct r.rolname::text as via from way join pg_roles r on r.oid = way.via
      where way.role = $2::oid order by via`,
    [login.oid, group.oid],
  );
  return rows.map(({ via }) => via);
}

/**
 * Takes the login out of the group, whoever put it there. From version 16 on each grantor's grant is one of its
 * own, and goes by name: https://www.postgresql.org/docs/16/sql-revoke.html
 */
export async function revokeAll(session: Session, group: Role, login: Role): Promise<void> {
  const grants = await session.query<{ grantor: string | null; each: boolean }>(
    `select g.rolname::text as grantor, current_setting('server_version_num')::int >= 160000 as each
      from pg_auth_members m left join pg_roles g on g.oid = m.grantor
      where m.roleid = $1::oid and m.member = $2::oid`,
    [group.oid, login.oid],
  );
  for (const { grantor, each } of grants) {
    const by = each && grantor !== null ? `granted by ${identifier(grantor)} ` : '';
    await session.query(`revoke ${identifier(group.name)} from ${identifier(login.name)} ${by}cascade`);
  }
}
