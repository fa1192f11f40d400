/** Where a session leads, as the account and its system are configured. */

import type { Account } from './accounts.js';
import type { Directory } from './directory.js';
import { IDLE_SECONDS } from './session.js';

export interface SshWay {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** `SHA256:…`, without padding. */
  readonly hostKey: string;
  readonly portForwarding: boolean;
  readonly idleSeconds: number;
}

/** Null where it leads nowhere: no system of type ssh, no pinned host key, or nobody to sign in as. */
export function sshWay(account: Account, directory: Directory): SshWay | null {
  const system = directory.system(account.client, account.system);
  if (system?.type !== 'ssh' || account.username === undefined) return null;
  const { host: address, host_key: key } = system.settings;
  if (typeof address !== 'string' || typeof key !== 'string' || address === '') return null;
  const hostKey = key.replace(/=$/, '');
  if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(hostKey)) return null;
  const [host = '', port = '22'] = address.split(':');
  const { port_forwarding: forwarding, idle_limit: idle } = account.settings;
  return {
    host,
    port: Number(port),
    username: account.username,
    hostKey,
    portForwarding: forwarding === true,
    idleSeconds: typeof idle === 'number' ? idle : IDLE_SECONDS,
  };
}
