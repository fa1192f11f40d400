/** How one domain is reached: the settings of a system of type `active-directory`, read. */

import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { System } from '../../core/accounts.js';
import { TargetError } from '../connector.js';

export interface Domain {
  /** `acme/acme-ad`, as messages name it. */
  readonly name: string;
  readonly url: string;
  readonly host: string;
  /** Whether the connection begins in the clear and is encrypted before anything is said on it. */
  readonly startTls: boolean;
  readonly tls: ConnectionOptions;
  readonly baseDn: string;
  readonly bindDn: string;
  /** Where logins made for a grant are put. */
  readonly jitOu: string;
}

/** @throws TargetError `untrusted` for an address that would send passwords in the clear; Error where a setting is missing. */
export function readDomain(system: System): Domain {
  const { settings } = system;
  const name = `${system.client}/${system.id}`;
  const baseDn = needed(settings, 'base_dn', name);
  const url = new URL(needed(settings, 'url', name));
  const startTls = url.protocol === 'ldap:' && settings.start_tls === true;
  if (url.protocol !== 'ldaps:' && !startTls) {
    throw new TargetError(
      'untrusted',
      `${name} would be sent passwords in the clear. Give it an ldaps:// url, or an ldap:// one with start_tls: true.`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    name,
    url: url.href,
    host,
    startTls,
    tls: tlsOptions(host, optional(settings, 'ca')),
    baseDn,
    bindDn: needed(settings, 'bind_dn', name),
    jitOu: optional(settings, 'jit_ou') ?? `CN=Users,${baseDn}`,
  };
}

/** `DC=acme,DC=example` as `acme.example`; null where the name isn't made of DCs. */
export function dnsNameOf(baseDn: string): string | null {
  const parts = baseDn.split(',').map((part) => /^\s*DC=([a-z0-9-]+)\s*$/i.exec(part)?.[1]);
  const labels = parts.filter((part) => part !== undefined);
  return labels.length > 0 && labels.length === parts.length ? labels.join('.').toLowerCase() : null;
}

function tlsOptions(host: string, ca: string | undefined): ConnectionOptions {
  return {
    host,
    // Said aloud, so that no environment variable of Node's can turn the check off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
  };
}

function needed(settings: System['settings'], key: string, name: string): string {
  const value = optional(settings, key);
  if (value === undefined) throw new Error(`System ${name} has no ${key}.`);
  return value;
}

function optional(settings: System['settings'], key: string): string | undefined {
  const value = settings[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
