/** Whether a password is a login's: asked by signing in with it. */

import pg from 'pg';
import type { Secret } from '../../config/secret.js';
import { TargetError } from '../connector.js';
import type { Call } from './session.js';

/** The server found the password right, and then something else wrong: the database, its rights there, too many sessions. */
const AFTER_PASSWORD = ['42501', '3D000', '53300', '55000'];
/** The password is wrong, or right and of no use: the login is switched off. */
const REFUSED = ['28P01', '28000'];

/**
 * @throws TargetError `untrusted` where the server lets anybody in without a password, and `not-allowed` where it
 *   lets this login in from nowhere near: neither says anything of the password.
 */
export async function signsIn(call: Call, login: string, password: Secret): Promise<'works' | 'refused'> {
  // PostgreSQL has no empty passwords, and the driver would look for another one.
  if (password.reveal() === '' || login === '' || login.includes('\0')) return 'refused';
  let asked = false;
  const onAsked = () => {
    asked = true;
  };
  try {
    await call.signIn({ user: login, database: call.server.database, password, onAsked });
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
    if (asked && AFTER_PASSWORD.includes(code)) return 'works';
    if (asked && REFUSED.includes(code)) return 'refused';
    throw error;
  }
  if (asked) return 'works';
  const message = `${call.server.name} lets ${login} in without a password, so none can be verified. Take trust out of its pg_hba.conf.`;
  throw new TargetError('untrusted', message);
}
