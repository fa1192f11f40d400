/**
 * Unix systems over SSH. Passwords and keys of logins are changed, Unix groups lent, sessions ended.
 *
 * With `user` and `secret`, Keyturn signs in as that login, which is root or has `sudo` without a password. Without them,
 * an account changes its own password or key, and nothing else can be done. The host key is always verified.
 */

import { generatePassword } from '../../vault/password.js';
import type { Connector, ConnectorOptions } from '../connector.js';
import { elevate, jitLogins, withdraw } from './elevation.js';
import { isPrivateKey, newKey } from './keys.js';
import { endSessions } from './live-sessions.js';
import { unixName } from './names.js';
import { rotatePassword, works } from './passwords.js';
import { mixed, rotateKey } from './rotate-key.js';
import { reach } from './service.js';
import type { Session } from './session.js';
import { settingsOf } from './settings.js';

/** @param limitMs for each call, from its first connection to its last answer */
export function openSsh(options: ConnectorOptions, limitMs = 30_000): Connector {
  const settings = settingsOf(options.system);
  const open = new Set<Session>();
  const now = () => reach(settings, options, limitMs, open);
  const connector: Connector = {
    async verify(login, secret) {
      return (await works(now(), unixName('login', login), secret)) ? 'works' : 'refused';
    },
    async rotate(login, to, from) {
      unixName('login', login);
      if (isPrivateKey(to)) return rotateKey(now(), login, to, from);
      if (from && isPrivateKey(from)) throw mixed(login);
      return rotatePassword(now(), login, to, from);
    },
    elevate: async (what, until, password) => elevate(now(), what, until, password),
    withdraw: async (what) => withdraw(now(), what),
    /** A key where the login has a key now. */
    newPassword: async (_login, from = null) => (from && isPrivateKey(from) ? newKey() : generatePassword()),
    async close() {
      for (const session of open) session.end();
    },
  };
  if (settings.user === null) return connector;
  return {
    ...connector,
    endSessions: async (login) => endSessions(now(), unixName('login', login)),
    jitLogins: async () => jitLogins(now()),
  };
}
