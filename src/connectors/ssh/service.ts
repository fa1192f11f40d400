/** Who signs in to change things: Keyturn’s own login where one is configured, or the account itself. */

import type { Secret } from '../../config/secret.js';
import { type ConnectorOptions, TargetError } from '../connector.js';
import { type Deadline, within } from './deadline.js';
import { lastWords } from './faults.js';
import { EXITS } from './scripts.js';
import { type Command, type Ran, Session } from './session.js';
import type { SshSettings, Target } from './settings.js';
import { signIn } from './sign-in.js';

/** What the acts of this folder share: one system, and one call’s time. */
export interface Reach {
  readonly settings: SshSettings;
  readonly target: Target;
  readonly deadline: Deadline;
  readonly secret: ConnectorOptions['secret'];
  /** Connections that are open, for `close`. */
  readonly open: Set<Session>;
  readonly log: NonNullable<ConnectorOptions['log']>;
}

export function reach(
  settings: SshSettings,
  { secret, log = () => {} }: ConnectorOptions,
  ms: number,
  open: Set<Session>,
): Reach {
  return { settings, target: settings.target, deadline: within(ms), secret, open, log };
}

/** Does something over a connection of this login, and ends it; null where the secret is refused. */
export async function signedIn<T>(
  { target, deadline, open, log }: Reach,
  login: string,
  secret: Secret,
  act: (session: Session) => Promise<T>,
): Promise<{ readonly value: T } | null> {
  // An empty secret is never sent: some servers take it for no secret at all.
  if (secret.reveal() === '') return null;
  const client = await signIn(target, login, secret, deadline);
  log({ act: 'ssh sign-in', target: target.name, login, refused: client === null });
  if (!client) return null;
  const session = new Session(client, target, deadline);
  open.add(session);
  try {
    return { value: await act(session) };
  } finally {
    open.delete(session);
    session.end();
  }
}

/** Does something as Keyturn’s own login. @throws TargetError `not-allowed` where there is none, or it is refused. */
export async function asService<T>(reached: Reach, act: (session: Session) => Promise<T>): Promise<T> {
  const { target, settings } = reached;
  const secret = settings.user === null ? null : await reached.secret();
  if (settings.user === null || secret === null)
    throw new TargetError(
      'not-allowed',
      settings.user === null
        ? `Keyturn has no login of its own at ${target.name}, and this needs one. Set user and secret of that system in keyturn.yaml.`
        : `The secret of ${settings.user} at ${target.name} isn’t in the vault. Put it there with keyturn secret set.`,
    );
  const done = await signedIn(reached, settings.user, secret, act);
  if (done) return done.value;
  throw new TargetError(
    'not-allowed',
    `${target.name} refused Keyturn’s own login, ${settings.user}. Put its current password or key into the vault with keyturn secret set.`,
  );
}

/** Runs a script as root and gives what it printed. @throws TargetError */
export async function asRoot(
  { settings, target }: Reach,
  session: Session,
  command: Command,
): Promise<Buffer> {
  const ran = await session.run(command, settings.sudo ? 'sudo -n -- ' : '');
  if (!ran.began && ran.code !== 0 && settings.sudo)
    throw new TargetError(
      'not-allowed',
      `sudo at ${target.name} doesn’t let ${settings.user} be root without a password: ${lastWords(ran.error)}. Install sudo there and allow it (NOPASSWD), or let Keyturn sign in as root.`,
    );
  return heard(target, ran, command);
}

/** What a script printed, if all went well. @throws TargetError by its exit code */
export function heard(target: Target, ran: Ran, { input = '' }: Command): Buffer {
  if (ran.began && ran.code === 0) return ran.out;
  const known = EXITS[ran.code];
  if (ran.began && known) throw new TargetError(known[0], `Nothing done at ${target.name}: ${known[1]}.`);
  const said = lastWords(ran.error || ran.out.toString('utf8'), [input.toString().trim()]);
  if (/cannot lock|try again later/i.test(said))
    throw new TargetError(
      'unreachable',
      `Somebody else changes logins at ${target.name} just now: ${said}. Keyturn tries again.`,
    );
  throw new TargetError(
    'refused',
    `${target.name} refused, with code ${ran.code}: ${said}. Settle that there.`,
  );
}

/** The last line of what a script printed, in words. */
export function words(out: Buffer): string[] {
  const last = out.toString('utf8').trim().split('\n').at(-1) ?? '';
  return last.split(/\s+/).filter(Boolean);
}
