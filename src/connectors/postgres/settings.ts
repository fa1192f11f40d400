/** Where a PostgreSQL server is, and how it has to show that it is the one. */

import type { ConnectionOptions } from 'node:tls';
import type { System } from '../../core/accounts.js';

export interface Server {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Whom Keyturn signs in as. */
  readonly user: string;
  /** What a certificate is checked against; null where nothing is encrypted, which only this machine may do. */
  readonly tls: ConnectionOptions | null;
  /** `db.acme.example`, as sentences name it. */
  readonly name: string;
}

const DEFAULT_PORT = 5432;

/** Reads `url` and `ca`. The url was checked: it has no password, and no parameter but an sslmode that asks for TLS. */
export function serverOf(system: System): Server {
  const { url, ca } = system.settings as { url: string; ca?: string };
  const at = new URL(url);
  const host = at.hostname.replace(/^\[(.*)\]$/, '$1');
  const plain = isLoopback(host) && ca === undefined && !at.searchParams.has('sslmode');
  return {
    host,
    port: Number(at.port || DEFAULT_PORT),
    database: decodeURIComponent(at.pathname.slice(1)),
    user: decodeURIComponent(at.username) || 'keyturn',
    tls: plain
      ? null
      : { ...(ca === undefined ? {} : { ca }), rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    name: at.host,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
