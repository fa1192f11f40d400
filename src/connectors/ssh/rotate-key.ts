/** Changing a key: the login’s authorized_keys gets the public half of the new one and loses that of the former. */

import { createHash } from 'node:crypto';
import type { Secret } from '../../config/secret.js';
import { type ReadBack, TargetError } from '../connector.js';
import { hasKey, replaceKey } from './authorized-keys.js';
import { isPrivateKey, type PublicKey, publicHalf } from './keys.js';
import { works } from './passwords.js';
import { AS_THE_LOGIN, READ_KEYS, WRITE_KEYS } from './scripts.js';
import { asRoot, asService, heard, type Reach, signedIn } from './service.js';
import type { Command, Session } from './session.js';

/** Others may change the file between reading and writing it. */
const TRIES = 5;

type Run = (command: Command) => Promise<Buffer>;

/** Makes `to` the key, and shows by signing in that it is in force and the former one isn’t. */
export async function rotateKey(
  reached: Reach,
  login: string,
  to: Secret,
  from: Secret | null,
): Promise<ReadBack> {
  if (from && !isPrivateKey(from)) throw mixed(login);
  const key = publicHalf(to);
  const former = from && publicHalf(from);
  if (reached.settings.user === null) await replaceOwn(reached, login, to, from);
  else {
    const own = await ownKey(reached, login);
    await asService(reached, (session) =>
      replace((command) => asRoot(reached, session, command), login, key, former, own),
    );
  }
  if (!(await works(reached, login, to)))
    throw new TargetError(
      'refused',
      `The new key of ${login} was written at ${reached.target.name}, but it doesn’t sign in. Look whether its sshd reads ~/.ssh/authorized_keys (AuthorizedKeysFile) and lets ${login} in with keys.`,
    );
  if (from && former?.blob !== key.blob && (await works(reached, login, from)))
    throw new TargetError(
      'refused',
      `The former key of ${login} still signs in at ${reached.target.name}, from another file than ~/.ssh/authorized_keys. Take it out there: ${former?.fingerprint}.`,
    );
  return { login, kind: 'key', key: key.fingerprint, signed_in: true };
}

/** One kind of secret leaves the other in force, so it can’t take its place. */
export function mixed(login: string): TargetError {
  return new TargetError(
    'refused',
    `${login} can’t change from a password to a key, or back, by itself: the former would stay in force. Do it there by hand, then keyturn secret set.`,
  );
}

async function replaceOwn(reached: Reach, login: string, to: Secret, from: Secret | null): Promise<void> {
  const { target } = reached;
  const act = (session: Session) =>
    replace(
      async (command) => heard(target, await session.run(command), command),
      login,
      publicHalf(to),
      from && publicHalf(from),
      null,
    );
  if (from && (await signedIn(reached, login, from, act))) return;
  // Put there before, by a call whose end nobody heard.
  if (await signedIn(reached, login, to, act)) return;
  throw new TargetError(
    'not-allowed',
    `${login} at ${target.name} doesn’t sign in with the key in the vault, and Keyturn has no login of its own there. Put a key into the vault that works, or set user and secret of that system.`,
  );
}

/** @param keep a key that must not go: the one with which Keyturn signs in */
async function replace(
  run: Run,
  login: string,
  to: PublicKey,
  from: PublicKey | null,
  keep: PublicKey | null,
): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    const was = (await run(asLogin(login, READ_KEYS))).toString('latin1');
    const text = replaceKey(was, to, from);
    if (keep && hasKey(was, keep) && !hasKey(text, keep)) throw lockout(login);
    if (text === was) return;
    const input = Buffer.from(text, 'latin1');
    const sums = [Buffer.from(was, 'latin1'), input].map((each) =>
      createHash('sha256').update(each).digest('hex'),
    );
    try {
      await run({ ...asLogin(login, WRITE_KEYS, sums), input });
      return;
    } catch (error) {
      const later = error instanceof TargetError && error.trouble === 'unreachable' && left > 1;
      if (!later) throw error;
    }
  }
}

function asLogin(login: string, script: string, args: readonly string[] = []): Command {
  return { script: AS_THE_LOGIN, args: [login, script, ...args] };
}

async function ownKey({ settings, secret }: Reach, login: string): Promise<PublicKey | null> {
  const own = login === settings.user ? await secret() : null;
  return own && isPrivateKey(own) ? publicHalf(own) : null;
}

function lockout(login: string): TargetError {
  return new TargetError(
    'refused',
    `The key of ${login} that would go is the one with which Keyturn itself signs in. Give Keyturn a key, or a login, of its own.`,
  );
}
