/** Changing a password: by root through chpasswd, or by its own login through passwd. */

import type { Secret } from '../../config/secret.js';
import { type ReadBack, TargetError } from '../connector.js';
import { lastWords } from './faults.js';
import { isPrivateKey } from './keys.js';
import { CHANGE_PASSWORD } from './scripts.js';
import { asRoot, asService, type Reach, signedIn } from './service.js';
import type { Session } from './session.js';

/** Whether this login signs in with this secret. */
export async function works(reached: Reach, login: string, secret: Secret): Promise<boolean> {
  return (await signedIn(reached, login, secret, async () => true)) !== null;
}

/** Makes `to` the password, and shows it by signing in. */
export async function rotatePassword(
  reached: Reach,
  login: string,
  to: Secret,
  from: Secret | null,
): Promise<ReadBack> {
  const { settings, target } = reached;
  const input = `${fitPassword(to)}\n`;
  if (settings.user === null) await changeOwn(reached, login, to, from);
  else {
    await keepOwnWayIn(reached, login);
    await asService(reached, (session) =>
      asRoot(reached, session, { script: CHANGE_PASSWORD, args: [login], input }),
    );
  }
  if (await works(reached, login, to)) return { login, kind: 'password', signed_in: true };
  throw new TargetError(
    'refused',
    `The password of ${login} at ${target.name} was changed, but it doesn’t sign in. Look at PasswordAuthentication, PermitRootLogin and AllowUsers of its sshd, and whether the login has expired.`,
  );
}

/** @throws TargetError `refused` for what chpasswd would take for something else. */
export function fitPassword(password: Secret): string {
  const text = password.reveal();
  // A line break would begin another login’s line.
  if (text !== '' && Buffer.byteLength(text) <= 256 && !/\p{Cc}/u.test(text)) return text;
  throw new TargetError(
    'refused',
    'A password on a Unix system has 1 to 256 bytes and no control characters. Nothing was changed.',
  );
}

/** Whoever changes the password by which Keyturn signs in locks Keyturn out. */
async function keepOwnWayIn({ settings, target, secret }: Reach, login: string): Promise<void> {
  if (login !== settings.user) return;
  const own = await secret();
  if (!own || isPrivateKey(own)) return;
  throw new TargetError(
    'refused',
    `${login} at ${target.name} is the login with whose password Keyturn itself signs in. Give Keyturn a key, or a login of its own.`,
  );
}

async function changeOwn(reached: Reach, login: string, to: Secret, from: Secret | null): Promise<void> {
  const changed =
    from && (await signedIn(reached, login, from, (session) => passwd(session, login, from, to)));
  // Done before, by a call whose end nobody heard?
  if (changed || (await works(reached, login, to))) return;
  throw new TargetError(
    'not-allowed',
    `${login} at ${reached.target.name} doesn’t sign in with the password in the vault, and Keyturn has no login of its own there. Put the current password into the vault, or set user and secret of that system.`,
  );
}

/** Answers the questions of passwd as they come; what is typed isn’t echoed. */
async function passwd(session: Session, login: string, from: Secret, to: Secret): Promise<void> {
  if (from.reveal() === to.reveal()) return;
  const answers = [from, to, to];
  let said = '';
  let asked = 0;
  const refused = () => {
    // Its questions say nothing of why.
    const told = said.replace(/^.*password:.*$/gim, '');
    return new TargetError(
      'refused',
      `passwd at ${session.target.name} wouldn’t change the password of ${login}: ${lastWords(told, [from.reveal(), to.reveal()])}. Settle that there, or let Keyturn change it as root.`,
    );
  };
  const pty = { rows: 24, cols: 200, term: 'dumb' };
  const command = 'env LC_ALL=C PATH=/usr/bin:/bin passwd';
  const { code } = await session.exchange(command, { pty }, (stream, giveUp) =>
    stream.on('data', (part: Buffer) => {
      said += part.toString('utf8');
      const questions = said.match(/password:\s*$/gim)?.length ?? 0;
      if (questions === asked) return;
      asked = questions;
      const answer = answers.shift();
      // Asked once more: it didn’t like the new one. An empty line could become the password.
      if (answer) stream.write(`${answer.reveal()}\n`);
      else giveUp(refused());
    }),
  );
  if (code !== 0) throw refused();
}
