/** Logins switched on and off. */

import { type ReadBack, TargetError } from '../connector.js';
import { change, DISABLED, fileTime, needUser, type User } from './entries.js';
import type { Session } from './session.js';

/** The domain's clock and ours may differ by this much: the most that Kerberos allows by default. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** When a login that serves until then expires by itself, whatever becomes of Keyturn: 5 minutes later. */
export function expiryOf(until: Date): string {
  return fileTime(new Date(until.getTime() + CLOCKS_DIFFER_MS));
}

/** Switches the login on, and lets it expire by itself soon after `until`. */
export async function switchOn(session: Session, login: string, until: Date): Promise<ReadBack> {
  const user = await needUser(session, login);
  const changes = [
    change('replace', 'accountExpires', expiryOf(until)),
    change('replace', 'userAccountControl', String(user.control & ~DISABLED)),
  ];
  await session.modify(user.dn, changes, `switch ${user.name} on`);
  return reading(session, login, true);
}

/** Switches the login off. Its expiry stays: should somebody else switch it on, it still ends by itself. */
export async function switchOff(session: Session, login: string): Promise<ReadBack> {
  const user = await needUser(session, login);
  const off = change('replace', 'userAccountControl', String(user.control | DISABLED));
  await session.modify(user.dn, [off], `switch ${user.name} off`);
  return reading(session, login, false);
}

async function reading(session: Session, login: string, on: boolean): Promise<ReadBack> {
  const user: User = await needUser(session, login);
  if (((user.control & DISABLED) === 0) !== on) {
    throw new TargetError(
      'refused',
      `${session.domain.name} took the change, but ${user.name} is ${on ? 'still off' : 'still on'}.`,
    );
  }
  return { login: user.name, enabled: on, expires: user.expiresAt?.toISOString() ?? null };
}
