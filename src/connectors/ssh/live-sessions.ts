/** Ending what is signed in over SSH as a login now. */

import { type ReadBack, TargetError } from '../connector.js';
import { END_SESSIONS } from './scripts.js';
import { asRoot, asService, type Reach, words } from './service.js';

/**
 * Ends the login’s sshd sessions and all that they started, but never the one that Keyturn is in: so root, and Keyturn’s
 * own login, can be asked for too. What was detached from its session runs on.
 */
export async function endSessions(reached: Reach, login: string): Promise<ReadBack> {
  // What sshd calls a session of this login: `sshd: lena@pts/0`; `sshd-session:` since OpenSSH 9.8.
  const title = `^sshd(-session)?: ${login.replaceAll(/[.$]/g, '[$&]')}@`;
  const out = await asService(reached, (session) =>
    asRoot(reached, session, { script: END_SESSIONS, args: [login, title] }),
  );
  const [ended = '0', left = ''] = words(out);
  if (left === '0') return { login, ended: Number(ended), sessions_left: 0 };
  throw new TargetError(
    'refused',
    `Sessions of ${login} at ${reached.target.name} could not be ended: ${left} are left. Look there.`,
  );
}
