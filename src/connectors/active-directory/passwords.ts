/** Passwords in Active Directory: set so that no earlier one is of use, and drawn by the domain's own rules. */

import { Secret } from '../../config/secret.js';
import { generatePassword } from '../../vault/password.js';
import { type ReadBack, TargetError } from '../connector.js';
import { change, findUser, text, type User } from './entries.js';
import { type Bounds, type Session, signIn } from './session.js';

/**
 * Sets the password, twice.
 *
 * One reset is no revocation: a domain goes on accepting the password before the current one, Samba for LDAP binds and
 * NTLM (`old password allowed period`, 60 minutes) and Windows for NTLM network logon (`OldPasswordAllowedPeriod`,
 * KB906305, 60 minutes). Both look exactly one back in the login's password history. The second reset, to the same
 * password, makes the password before the current one the current one, and so leaves the old one nowhere. Resets by
 * an administrator are not held against the history. At no instant is a password in force that the vault doesn't hold:
 * until the second reset either of the two works, and then `to` alone.
 *
 * A login that guessing has locked out is let in again, since what was guessed at is gone.
 */
export async function setPassword(session: Session, user: User, to: Secret): Promise<void> {
  const doing = `change the password of ${user.name}`;
  const reset = () => [
    change('replace', 'unicodePwd', unicodePwd(to)),
    ...(user.locked ? [change('replace', 'lockoutTime', '0')] : []),
  ];
  await session.modify(user.dn, reset(), doing);
  await session.modify(user.dn, reset(), doing);
}

/**
 * What is true after a change, asked by signing in. A login that may not sign in now, because it is switched off or
 * has expired, is asked all the same: a domain tells the right password of such a login from a wrong one.
 *
 * @throws TargetError `refused` where the new password isn't in force, or the old one still is
 */
export async function readPassword(
  session: Session,
  user: User,
  to: Secret,
  from: Secret | null,
  bounds: Bounds,
): Promise<ReadBack> {
  const ask = (password: Secret) => signIn(session.domain, user.dn, password.reveal(), bounds);
  // The old one first: where the domain counts it as a failure, the success that follows clears the count.
  const old = from === null || from.reveal() === to.reveal() ? null : await ask(from);
  const now = await ask(to);
  if (now.is === 'wrong') {
    throw new TargetError(
      'refused',
      `${session.domain.name} took the new password of ${user.name}, but won’t accept it${inWords(now.reason)}. Something else may have changed it meanwhile.`,
    );
  }
  if (old !== null && old.is !== 'wrong') {
    throw new TargetError(
      'refused',
      `${session.domain.name} still accepts the old password of ${user.name}.`,
    );
  }
  const after = await findUser(session, user.name);
  return {
    login: user.name,
    changed: after?.passwordSetAt?.toISOString() ?? null,
    accepted: true,
    signsIn: now.is === 'works',
    reason: now.reason,
    oldRefused: old === null ? null : true,
  };
}

/** A password that the domain will have for this login, by its policy or by the login's own fine-grained one. */
export async function drawPassword(session: Session, login: string): Promise<Secret> {
  const least = await minimumLength(session, await findUser(session, login));
  // Complexity forbids the login's name in it, which short names could come to be by chance.
  const name = login
    .replace(/^[^\\]*\\/, '')
    .replace(/@.*$/, '')
    .toLowerCase();
  for (;;) {
    const password = longEnough(least);
    if (name.length < 3 || !password.toLowerCase().includes(name)) return new Secret(password);
  }
}

async function minimumLength(session: Session, user: User | null): Promise<number> {
  const root = await session.read('', ['defaultNamingContext']);
  const domain = await session.read((root && text(root, 'defaultNamingContext')) || session.domain.baseDn, [
    'minPwdLength',
  ]);
  const own = user?.policyDn ? await session.read(user.policyDn, ['msDS-MinimumPasswordLength']) : null;
  return Math.max(
    Number((domain && text(domain, 'minPwdLength')) || 0),
    Number((own && text(own, 'msDS-MinimumPasswordLength')) || 0),
  );
}

function longEnough(least: number): string {
  let password = generatePassword().reveal();
  while (password.length < least) password += `-${generatePassword().reveal()}`;
  return password;
}

/** MS-ADTS 3.1.1.3.1.5.1: UTF-16LE, in quotation marks. */
export function unicodePwd(password: Secret): Buffer {
  const bytes = Buffer.from(`"${password.reveal()}"`, 'utf16le');
  // The library writes whatever it sends into its debug log, where that is on.
  return Object.assign(bytes, { toJSON: () => '[redacted]' });
}

function inWords(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}
