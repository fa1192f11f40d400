/** Lending a Unix group: to a person’s own login, or to one that is made for the grant and removed with it. */

import type { Secret } from '../../config/secret.js';
import { type Elevation, grantOfJitLogin, jitLoginOf, type ReadBack, TargetError } from '../connector.js';
import { unixName } from './names.js';
import { fitPassword, works } from './passwords.js';
import { LEND, LIST, MAKE, REMOVE, TAKE_BACK } from './scripts.js';
import { asRoot, asService, type Reach, words } from './service.js';
import type { Command } from './session.js';

const DAY = 86_400_000;
/** The target’s clock may be ahead of ours. */
const SKEW = 3_600_000;

/** Puts a login into a group. One that is made for the grant expires by itself too, at the end of a day. */
export async function elevate(
  reached: Reach,
  what: Elevation,
  until: Date,
  password: Secret | null,
): Promise<ReadBack> {
  const { group, login, grant } = named(what);
  if (what.as === 'own') {
    const groups = words(await runAsRoot(reached, { script: LEND, args: [login, group] }));
    return member(reached, { login, group }, groups);
  }
  if (!password) throw new Error(`no password was given for ${login}, which is made for ${grant}`);
  const expires = lastDay(until);
  const input = `${fitPassword(password)}\n`;
  const args = [login, grant, expires, group];
  const groups = words(await runAsRoot(reached, { script: MAKE, args, input }));
  const read = member(reached, { login, group, expires }, groups);
  if (await works(reached, login, password)) return { ...read, signed_in: true };
  throw new TargetError(
    'refused',
    `${login} was made at ${reached.target.name}, but it doesn’t sign in. Look at PasswordAuthentication and AllowUsers of its sshd.`,
  );
}

/** Takes a login out of a group, and ends what it runs that still holds it; or removes the login that was made. */
export async function withdraw(reached: Reach, what: Elevation): Promise<ReadBack> {
  const { group, login, grant } = named(what);
  if (what.as === 'jit') {
    const [ended = '0', state, home] = words(
      await runAsRoot(reached, { script: REMOVE, args: [login, grant] }),
    );
    if (state !== 'gone') throw still(reached, login, 'is there');
    return { login, exists: false, ended: Number(ended), home_left: home === 'home-left' };
  }
  const said = words(await runAsRoot(reached, { script: TAKE_BACK, args: [login, group] }));
  const [ended = '0', left = '', ...groups] = said;
  if (groups.includes(group)) throw still(reached, login, `is in ${group}`);
  if (left !== '0') throw still(reached, login, `runs what holds ${group}`);
  return { login, group, member: false, ended: Number(ended) };
}

/** Logins that are named and marked as made for a grant. */
export async function jitLogins(reached: Reach): Promise<{ login: string; grant: string }[]> {
  const listed = (await runAsRoot(reached, { script: LIST })).toString('utf8');
  return listed.split('\n').flatMap((line) => {
    const [login = '', gecos = ''] = line.split(':');
    const grant = grantOfJitLogin(login);
    return grant !== null && jitLoginOf(grant) === login && gecos.split(',')[0] === `Keyturn ${grant}`
      ? [{ login, grant }]
      : [];
  });
}

function runAsRoot(reached: Reach, command: Command): Promise<Buffer> {
  return asService(reached, (session) => asRoot(reached, session, command));
}

function named(what: Elevation): { group: string; login: string; grant: string } {
  const isJit = grantOfJitLogin(what.login) === what.grant && jitLoginOf(what.grant) === what.login;
  if (what.as === 'jit' && !isJit) throw new Error(`${what.grant} asks for a login that isn’t named for it`);
  return { group: unixName('group', what.group), login: unixName('login', what.login), grant: what.grant };
}

function member(
  reached: Reach,
  read: { login: string; group: string; expires?: string },
  groups: readonly string[],
): ReadBack {
  if (groups.includes(read.group)) return { ...read, member: true };
  throw new TargetError(
    'refused',
    `${reached.target.name} took ${read.login} into ${read.group}, but doesn’t say so when asked. Look at its group file and directory.`,
  );
}

function still({ target }: Reach, login: string, what: string): TargetError {
  return new TargetError(
    'refused',
    `${login} still ${what} at ${target.name}, after all was done. Look there.`,
  );
}

/** The first day, in UTC, on which it has expired: never before `until`. */
function lastDay(until: Date): string {
  return new Date(Math.ceil((until.getTime() + SKEW) / DAY) * DAY).toISOString().slice(0, 10);
}
