/** Active Directory, over LDAPS or StartTLS: Windows domains and Samba's. */

import type { Secret } from '../../config/secret.js';
import {
  type Connector,
  type ConnectorOptions,
  type Elevation,
  type ReadBack,
  TargetError,
} from '../connector.js';
import { findGroup, findUser, needGroup, needUser } from './entries.js';
import { listLogins, makeLogin, removeLogin } from './jit.js';
import { join, leave } from './membership.js';
import { drawPassword, readPassword, setPassword } from './passwords.js';
import { type Bounds, type Session, signIn, withSession } from './session.js';
import { type Domain, readDomain } from './settings.js';
import { switchOff, switchOn } from './switch.js';

const LIMIT_MS = 12_000;

/**
 * The connector of one domain. Each call has connections of its own.
 *
 * @param limitMs what one call may take, whatever it has to do
 */
export function openActiveDirectory(options: ConnectorOptions, limitMs = LIMIT_MS): Connector {
  return new ActiveDirectory(options, readDomain(options.system), limitMs);
}

class ActiveDirectory implements Connector {
  readonly #under = new Set<AbortController>();
  #closed = false;

  constructor(
    private readonly options: ConnectorOptions,
    private readonly domain: Domain,
    private readonly limitMs: number,
  ) {}

  verify(login: string, secret: Secret): Promise<'works' | 'refused'> {
    return this.call('verify', async (session, bounds) => {
      const user = await findUser(session, login);
      if (!user) return 'refused';
      return (await signIn(this.domain, user.dn, secret.reveal(), bounds)).is === 'works'
        ? 'works'
        : 'refused';
    });
  }

  rotate(login: string, to: Secret, from: Secret | null): Promise<ReadBack> {
    return this.call('rotate', async (session, bounds) => {
      const user = await needUser(session, login);
      await setPassword(session, user, to);
      return readPassword(session, user, to, from, bounds);
    });
  }

  elevate(what: Elevation, until: Date, password: Secret | null): Promise<ReadBack> {
    return this.call('elevate', async (session, bounds) => {
      if (what.as === 'own') return elevateOwn(session, what, until);
      if (password === null) throw new Error('A login made for a grant needs a password.');
      return makeLogin(session, what, until, password, bounds);
    });
  }

  withdraw(what: Elevation): Promise<ReadBack> {
    return this.call('withdraw', (session) =>
      what.as === 'own' ? withdrawOwn(session, what) : removeLogin(session, what),
    );
  }

  enable(login: string, until: Date): Promise<ReadBack> {
    return this.call('enable', (session) => switchOn(session, login, until));
  }

  disable(login: string): Promise<ReadBack> {
    return this.call('disable', (session) => switchOff(session, login));
  }

  dependencies(login: string): Promise<readonly string[]> {
    return this.call('dependencies', async (session) => (await needUser(session, login)).spns);
  }

  jitLogins(): Promise<readonly { readonly login: string; readonly grant: string }[]> {
    return this.call('jitLogins', listLogins);
  }

  newPassword(login: string): Promise<Secret> {
    return this.call('newPassword', (session) => drawPassword(session, login));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const each of this.#under) each.abort();
  }

  private async call<T>(name: string, work: (session: Session, bounds: Bounds) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('The connector is closed.');
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.limitMs);
    this.#under.add(controller);
    const bounds = { signal: controller.signal, limitMs: this.limitMs };
    const began = performance.now();
    try {
      return await withSession(this.domain, await this.secret(), bounds, (session) => work(session, bounds));
    } finally {
      clearTimeout(timer);
      this.#under.delete(controller);
      controller.abort();
      this.options.log?.({ system: this.domain.name, call: name, ms: Math.round(performance.now() - began) });
    }
  }

  private async secret(): Promise<string> {
    const secret = (await this.options.secret())?.reveal() ?? '';
    if (secret !== '') return secret;
    throw new TargetError(
      'not-allowed',
      `Keyturn has no password for ${this.domain.bindDn} at ${this.domain.name}.`,
    );
  }
}

async function elevateOwn(session: Session, what: Elevation, until: Date): Promise<ReadBack> {
  const user = await needUser(session, what.login);
  const group = await needGroup(session, what.group);
  return { login: user.name, ...(await join(session, group, user.dn, until)) };
}

async function withdrawOwn(session: Session, what: Elevation): Promise<ReadBack> {
  const user = await findUser(session, what.login);
  const group = await findGroup(session, what.group);
  if (user && group !== null) return { login: user.name, ...(await leave(session, group, user.dn)) };
  return {
    login: what.login,
    loginExists: user !== null,
    group: what.group,
    groupExists: group !== null,
    member: false,
  };
}
