/** Logins that are made for a grant, and go away with it. What they made then belongs to the group, or to Keyturn without one. */

import type { Secret } from '../../config/secret.js';
import type { ReadBack } from '../../core/target.js';
import { type Elevation, grantOfJitLogin, TargetError } from '../connector.js';
import { findRole, identifier, literal, type Role, roleOf, waysInto } from './roles.js';
import type { Call, Session } from './session.js';
import { endSessionsOf } from './sessions.js';
import { scramVerifier } from './verifier.js';

const MOST_CONNECTIONS = 5;

/** Marks a login as Keyturn's. Its own login can't write it. */
const markOf = (grant: string) => `Keyturn ${grant}`;

/** Whoever else has a login of this name keeps it. */
function checkOurs({ grant, login }: Elevation, role: Role | null): void {
  const named = grantOfJitLogin(login) === grant;
  if (named && (role === null || role.comment === markOf(grant))) return;
  const message = `The login ${JSON.stringify(login)} wasn’t made by Keyturn for ${grant}, so it is left alone. Look whose it is.`;
  throw new TargetError('refused', message);
}

/** Makes the login with this password, or renews it, and puts it into the group: all of it or nothing. */
export async function makeLogin(
  session: Session,
  what: Elevation,
  until: Date,
  password: Secret,
): Promise<ReadBack> {
  const group = await roleOf(session, what.group, 'group');
  const old = await findRole(session, what.login);
  checkOurs(what, old);
  const verifier = await scramVerifier(password);
  const name = identifier(what.login);
  await session.query(`begin;
    ${old ? 'alter' : 'create'} role ${name} login inherit connection limit ${MOST_CONNECTIONS}
      password ${literal(verifier)} valid until ${literal(until.toISOString())};
    comment on role ${name} is ${literal(markOf(what.grant))};
    grant ${identifier(group.name)} to ${name};
    commit`);
  const role = await roleOf(session, what.login, 'login');
  const [read] = await session.query<{ until: Date | null }>(
    'select rolvaliduntil as until from pg_roles where oid = $1::oid and rolcanlogin',
    [role.oid],
  );
  const via = await waysInto(session, group, role);
  if (via.includes(group.name) && read?.until instanceof Date) {
    return { login: role.name, group: group.name, member: true, until: read.until.toISOString() };
  }
  const message = `The login ${what.login} was made, but the server doesn’t show it in ${what.group}. Keyturn tries again.`;
  throw new TargetError('refused', message);
}

/** Opens a session of Keyturn's own in another database of the same server. */
export type OpenDatabase = (database: string) => Promise<Session>;

/** Nobody signs in as it any more; then its sessions end, then what it owns changes hands, and then it goes. */
export async function removeLogin(
  call: Call,
  session: Session,
  what: Elevation,
  open: OpenDatabase,
): Promise<ReadBack> {
  const role = await findRole(session, what.login);
  const gone = { login: what.login, exists: false };
  if (role === null) return gone;
  checkOurs(what, role);
  await session.query(`alter role ${identifier(role.name)} nologin`);
  const ended = await endSessionsOf(call, session, role);
  await handOver(session, role, what.group, open);
  // One that was being let in while the login was switched off shows itself only now.
  await endSessionsOf(call, session, role);
  await session.query(`drop role if exists ${identifier(role.name)}`);
  if ((await findRole(session, what.login)) === null) return { ...gone, sessions: ended };
  throw new TargetError(
    'refused',
    `The login ${what.login} is still there after it was dropped. Keyturn tries again.`,
  );
}

/** What it owns or may do is found by database, and each is changed from within: 2BP01 would name the others. */
async function handOver(session: Session, role: Role, group: string, open: OpenDatabase): Promise<void> {
  const holding = await session.query<{ database: string | null }>(
    `select distinct d.datname::text as database from pg_shdepend s left join pg_database d on d.oid = s.dbid
      where s.refclassid = 'pg_authid'::regclass and s.refobjid = $1::oid`,
    [role.oid],
  );
  if (holding.length === 0) return;
  const name = identifier(role.name);
  // It takes the rights of both to hand over from one to the other.
  await session.query(`grant ${name} to current_user`);
  const heir = (await findRole(session, group)) ? identifier(group) : 'current_user';
  for (const { database } of holding) {
    // Null stands for what belongs to no database; it changes hands from any.
    const inside = database === null ? session : await open(database);
    await inside.query(`reassign owned by ${name} to ${heir}`);
    await inside.query(`drop owned by ${name}`);
  }
}

/** Every login that bears both a name and a mark of Keyturn's. */
export async function listLogins(session: Session): Promise<{ login: string; grant: string }[]> {
  const rows = await session.query<{ login: string; comment: string | null }>(
    `select rolname::text as login, shobj_description(oid, 'pg_authid') as comment
      from pg_roles where rolname like 'kt-%' order by rolname`,
  );
  return rows.flatMap(({ login, comment }) => {
    const grant = grantOfJitLogin(login);
    return grant !== null && comment === markOf(grant) ? [{ login, grant }] : [];
  });
}
