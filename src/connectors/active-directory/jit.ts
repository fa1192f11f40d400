/** Logins made for one grant and removed with it. */

import { AndFilter, Control, SubstringFilter } from 'ldapts';
import type { Secret } from '../../config/secret.js';
import { type Elevation, grantOfJitLogin, jitLoginOf, type ReadBack, TargetError } from '../connector.js';
import {
  attribute,
  change,
  DISABLED,
  findGroup,
  findUser,
  findUsers,
  NORMAL,
  needGroup,
  type User,
} from './entries.js';
import { isMember, join, leave } from './membership.js';
import { readPassword, setPassword } from './passwords.js';
import type { Bounds, Session } from './session.js';
import { dnsNameOf } from './settings.js';
import { expiryOf } from './switch.js';

/** LDAP_SERVER_TREE_DELETE_OID: MS-ADTS 3.1.1.3.4.1.15. */
const WITH_ALL_BELOW = '1.2.840.113556.1.4.805';
const MARK = 'Made by Keyturn for grant ';

/**
 * Makes the login, switched off until its password is set, and puts it into the group.
 *
 * @throws TargetError `refused` where a login of that name is there that Keyturn didn't make for this grant
 */
export async function makeLogin(
  session: Session,
  what: Elevation,
  until: Date,
  password: Secret,
  bounds: Bounds,
): Promise<ReadBack> {
  const login = loginOf(what);
  const group = await needGroup(session, what.group);
  if ((await findUser(session, login)) === null) await add(session, login, what.grant, until);
  const user = await ownLogin(session, login, what.grant);
  await setPassword(session, user, password);
  await session.modify(
    user.dn,
    [
      change('replace', 'accountExpires', expiryOf(until)),
      change('replace', 'userAccountControl', String((user.control | NORMAL) & ~DISABLED)),
    ],
    `switch ${login} on`,
  );
  const membership = await join(session, group, user.dn, until);
  const reading = await readPassword(session, user, password, null, bounds);
  const expires = (await findUser(session, login))?.expiresAt?.toISOString() ?? null;
  return { login, made: true, signsIn: reading.signsIn ?? false, expires, ...membership, standing: false };
}

/**
 * Removes the login of this grant by its name alone: its holder may have been able to change everything else about it.
 * It leaves the group first, so that a restored object brings no membership back.
 *
 * @throws TargetError where it is still there afterwards
 */
export async function removeLogin(session: Session, what: Elevation): Promise<ReadBack> {
  const login = loginOf(what);
  const user = await findUser(session, login);
  if (user !== null) {
    await switchOff(session, user);
    await leaveIfAllowed(session, what.group, user.dn);
    await remove(session, user);
  }
  if ((await findUser(session, login)) !== null) {
    throw new TargetError(
      'refused',
      `${session.domain.name} said that it removed ${login}, but it is still there.`,
    );
  }
  return { login, exists: false, group: what.group, member: false };
}

/** Those that have both a name of Keyturn's and its mark: a name alone may be anybody's. */
export async function listLogins(
  session: Session,
): Promise<readonly { readonly login: string; readonly grant: string }[]> {
  const users = await findUsers(
    session,
    new AndFilter({
      filters: [
        new SubstringFilter({ attribute: 'sAMAccountName', initial: 'kt-' }),
        new SubstringFilter({ attribute: 'description', initial: MARK }),
      ],
    }),
  );
  return users.flatMap((user) => {
    const grant = grantOfJitLogin(user.name);
    return grant !== null && isMarked(user, grant) ? [{ login: user.name, grant }] : [];
  });
}

function loginOf(what: Elevation): string {
  const login = jitLoginOf(what.grant);
  if (what.login.toLowerCase() === login && grantOfJitLogin(login) === what.grant) return login;
  throw new TargetError(
    'refused',
    `A login for grant ${what.grant} is called ${login}, and not “${what.login}”.`,
  );
}

async function add(session: Session, login: string, grant: string, until: Date): Promise<void> {
  const domain = dnsNameOf(session.domain.baseDn);
  await session.add(`CN=${login},${session.domain.jitOu}`, [
    attribute('objectClass', 'user'),
    attribute('sAMAccountName', login),
    ...(domain === null ? [] : [attribute('userPrincipalName', `${login}@${domain}`)]),
    attribute('description', `${MARK}${grant}, and removed when it ends`),
    attribute('userAccountControl', String(NORMAL | DISABLED)),
    attribute('accountExpires', expiryOf(until)),
  ]);
}

async function ownLogin(session: Session, login: string, grant: string): Promise<User> {
  const user = await findUser(session, login);
  if (user && isMarked(user, grant)) return user;
  throw new TargetError(
    'refused',
    user
      ? `${session.domain.name} has a login ${login} that Keyturn didn’t make. Rename it, or ask again.`
      : `${session.domain.name} said that it made ${login}, but it isn’t under ${session.domain.baseDn}.`,
  );
}

function isMarked(user: User, grant: string): boolean {
  return user.description.startsWith(`${MARK}${grant},`);
}

async function switchOff(session: Session, user: User): Promise<void> {
  if ((user.control & DISABLED) !== 0) return;
  const off = change('replace', 'userAccountControl', String(user.control | DISABLED));
  await session.modify(user.dn, [off], `switch ${user.name} off`);
}

/** Where Keyturn may not change the group it still may remove the login, which ends its memberships too. */
async function leaveIfAllowed(session: Session, name: string, member: string): Promise<void> {
  const group = await findGroup(session, name);
  if (group === null || !(await isMember(session, group, member))) return;
  await leave(session, group, member).catch((error: unknown) => {
    if (!(error instanceof TargetError) || error.trouble === 'unreachable') throw error;
  });
}

/** With all below it: its holder may have put something there, and a plain delete would then be refused. */
async function remove(session: Session, user: User): Promise<void> {
  await session.remove(user.dn, `remove ${user.name}`, [new Control(WITH_ALL_BELOW)]);
}
