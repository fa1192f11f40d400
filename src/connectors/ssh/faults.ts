/** What went wrong between Keyturn and a server, in sentences that tell a lead what to do. */

import { TargetError } from '../connector.js';
import type { Target } from './settings.js';

/** Of a connection that failed or broke. */
export function connectionFault(target: Target, error: Error): TargetError {
  if (error instanceof TargetError) return error;
  const why = oneLine(error.message);
  if (/^Handshake failed: no matching/.test(error.message))
    return new TargetError(
      'untrusted',
      `sshd at ${target.name} offers only outdated ways to encrypt (${why}), which Keyturn refuses. Update it, or its Ciphers, MACs and KexAlgorithms.`,
      { cause: error },
    );
  return new TargetError(
    'unreachable',
    `No SSH connection to ${target.name}: ${why}. Check that it runs and that Keyturn may reach it; Keyturn tries again.`,
    { cause: error },
  );
}

/** What a command said last, fit for a sentence: one line, without any of these secrets. */
export function lastWords(text: string, secrets: readonly string[] = []): string {
  const clean = secrets.filter(Boolean).reduce((said, secret) => said.replaceAll(secret, '[redacted]'), text);
  const last =
    clean
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? '';
  return oneLine(last) || 'nothing';
}

function oneLine(text: string): string {
  // A server’s words must not steer a terminal.
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
}
