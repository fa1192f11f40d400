/** What keyturn.yaml says of an SSH system, as the connector uses it. */

import { z } from 'zod';
import type { System } from '../../core/accounts.js';

/** A server, and the only key by which it is known. */
export interface Target {
  /** How sentences call it: `acme-web1 (web1.acme.example)`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` without padding. */
  readonly fingerprint: string;
}

export interface SshSettings {
  readonly target: Target;
  /** The login with which Keyturn signs in; null where every account changes itself. */
  readonly user: string | null;
  /** Whether that login needs `sudo -n` to be root. */
  readonly sudo: boolean;
}

const shape = z.object({
  host: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/),
  host_key: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/),
  user: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/)
    .optional(),
  sudo: z.boolean().optional(),
});

/** @throws Error naming the setting that is wrong. */
export function settingsOf(system: System): SshSettings {
  const read = shape.safeParse(system.settings);
  if (!read.success) {
    const at = read.error.issues.map((issue) => issue.path.join('.') || issue.message).join(', ');
    throw new Error(`System ${system.client}/${system.id} has settings that ssh can’t use: ${at}.`);
  }
  const { host: address, host_key: key, user = null, sudo = user !== 'root' } = read.data;
  const [host = '', port = '22'] = address.split(':');
  const name = `${system.id} (${address})`;
  return { target: { name, host, port: Number(port), fingerprint: key.replace(/=$/, '') }, user, sudo };
}
