/** PostgreSQL: passwords are changed by verifier, groups are roles, and what is true is read from the catalogue. */

import type { Secret } from '../../config/secret.js';
import type { ReadBack } from '../../core/target.js';
import { type Connector, type ConnectorOptions, type Elevation, TargetError } from '../connector.js';
import { listLogins, makeLogin, type OpenDatabase, removeLogin } from './jit.js';
import { findRole, holdLogin, identifier, literal, revokeAll, roleOf, waysInto } from './roles.js';
import { Call, type Session } from './session.js';
import { endSessionsOf } from './sessions.js';
import { type Server, serverOf } from './settings.js';
import { signsIn } from './sign-in.js';
import { scramVerifier } from './verifier.js';

const LIMIT_MS = 20_000;

/** @param limitMs what one call may take at most. */
export function openPostgres(options: ConnectorOptions, limitMs = LIMIT_MS): Connector {
  return new Postgres(serverOf(options.system), options.secret, limitMs);
}

type Act<T> = (session: Session, call: Call, open: OpenDatabase) => Promise<T>;

class Postgres implements Connector {
  constructor(
    private readonly server: Server,
    private readonly secret: ConnectorOptions['secret'],
    private readonly limitMs: number,
  ) {}

  verify(login: string, secret: Secret): Promise<'works' | 'refused'> {
    const call = this.#call();
    return call.run(() => signsIn(call, login, secret));
  }

  async rotate(login: string, to: Secret): Promise<ReadBack> {
    this.#refuseOwn(login);
    return this.#changing(login, async (session, call) => {
      const role = await roleOf(session, login, 'login');
      await session.query(`alter role ${identifier(role.name)} password ${literal(await scramVerifier(to))}`);
      if ((await signsIn(call, login, to)) === 'works') return { login: role.name, signedIn: true };
      const message = `The password of ${login} was changed, but it can’t sign in: it may be switched off, expired, or kept out by pg_hba.conf. Look at its role.`;
      throw new TargetError('refused', message);
    });
  }

  async elevate(what: Elevation, until: Date, password: Secret | null): Promise<ReadBack> {
    if (what.as === 'own') return this.#lend(what);
    if (password === null) throw new Error('a login that is made for a grant is made with a password');
    return this.#changing(what.login, (session) => makeLogin(session, what, until, password));
  }

  withdraw(what: Elevation): Promise<ReadBack> {
    return this.#changing(what.login, (session, call, open) =>
      what.as === 'jit' ? removeLogin(call, session, what, open) : this.#takeBack(session, call, what),
    );
  }

  async endSessions(login: string): Promise<ReadBack> {
    this.#refuseOwn(login);
    return this.#as(async (session, call) => {
      const role = await roleOf(session, login, 'login');
      return { login: role.name, sessions: await endSessionsOf(call, session, role) };
    });
  }

  jitLogins(): Promise<readonly { readonly login: string; readonly grant: string }[]> {
    return this.#as(listLogins);
  }

  async close(): Promise<void> {
    // Every call closes what it opened.
  }

  #call(): Call {
    return new Call(this.server, this.limitMs);
  }

  /** Signed in as Keyturn itself, while nobody else of Keyturn's changes this login. */
  #changing<T>(login: string, act: Act<T>): Promise<T> {
    return this.#as(async (session, call, open) => {
      await holdLogin(session, login);
      return act(session, call, open);
    });
  }

  /** Signed in as Keyturn itself. */
  async #as<T>(act: Act<T>): Promise<T> {
    const password = await this.secret();
    if (password === null || password.reveal() === '') {
      const message = `Keyturn has no password for ${this.server.user} at ${this.server.name}. Put it into custody with keyturn secret set.`;
      throw new TargetError('not-allowed', message);
    }
    const call = this.#call();
    const open = (database: string) => call.signIn({ user: this.server.user, database, password });
    return call.run(async () => act(await open(this.server.database), call, open));
  }

  async #lend({ group: groupName, login: loginName }: Elevation): Promise<ReadBack> {
    this.#refuseOwn(loginName);
    return this.#changing(loginName, async (session) => {
      const group = await roleOf(session, groupName, 'group');
      const login = await roleOf(session, loginName, 'login');
      const others = (await waysInto(session, group, login)).filter((via) => via !== group.name);
      if (others.length > 0) throw otherwiseIn(login.name, group.name, others);
      await session.query(`grant ${identifier(group.name)} to ${identifier(login.name)}`);
      const member = (await waysInto(session, group, login)).includes(group.name);
      if (member) return { login: login.name, group: group.name, member, until: null };
      throw new TargetError(
        'refused',
        `${login.name} isn’t in ${group.name} after it was put there. Keyturn tries again.`,
      );
    });
  }

  /** A session that has done SET ROLE keeps the group after it was taken away, so none goes on. */
  async #takeBack(
    session: Session,
    call: Call,
    { group: groupName, login: loginName }: Elevation,
  ): Promise<ReadBack> {
    const group = await findRole(session, groupName);
    const login = await findRole(session, loginName);
    const out = { login: loginName, group: groupName, member: false };
    if (group === null || login === null) return out;
    // It was never lent to this one, and without its groups Keyturn could take back nothing.
    if (login.name === this.server.user)
      return { ...out, member: (await waysInto(session, group, login)).length > 0 };
    await revokeAll(session, group, login);
    const sessions = await endSessionsOf(call, session, login);
    const others = await waysInto(session, group, login);
    if (others.length === 0) return { ...out, sessions };
    throw otherwiseIn(login.name, group.name, others);
  }

  /** What Keyturn signs in with is changed by a person, lest it lock itself out half-way. */
  #refuseOwn(login: string): void {
    if (login !== this.server.user) return;
    const message = `Keyturn signs in to ${this.server.name} as ${login} itself, so it leaves this login alone. Lend another one.`;
    throw new TargetError('refused', message);
  }
}

function otherwiseIn(login: string, group: string, via: readonly string[]): TargetError {
  const message = `${login} is in ${group} by way of ${via.join(', ')} as well, so taking it back would change nothing. Take ${login} out of there.`;
  return new TargetError('refused', message);
}
