/** A server that Keyturn changes, and Keyturn’s way there. */

import { randomBytes } from 'node:crypto';
import { Secret } from '../../../src/config/secret.js';
import type { Connector } from '../../../src/connectors/connector.js';
import { openSsh } from '../../../src/connectors/ssh/index.js';
import type { Sshd } from '../../support/sshd.js';

/** The login with which Keyturn signs in to the servers of these tests, beside root. */
export const SERVICE = 'keyturn';

export interface Way {
  readonly host?: string;
  readonly port?: number;
  readonly hostKey?: string;
  /** None: every account changes itself. */
  readonly user?: string;
  readonly secret?: Secret | null;
  readonly sudo?: boolean;
  readonly limitMs?: number;
}

export function wayTo(sshd: Sshd, way: Way): Connector {
  const { host = sshd.host, port = sshd.port, hostKey = sshd.hostKey, user, secret = null, sudo } = way;
  const optional = { ...(user && { user, secret: 'vault' }), ...(sudo !== undefined && { sudo }) };
  const settings = { host: `${host}:${port}`, host_key: hostKey, ...optional };
  const system = { client: 'acme', id: 'acme-web1', type: 'ssh', settings };
  return openSsh({ system, secret: async () => secret }, way.limitMs);
}

export function aPassword(): Secret {
  return new Secret(randomBytes(12).toString('base64url'));
}
