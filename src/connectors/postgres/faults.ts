/** What went wrong between Keyturn and a PostgreSQL server, in sentences that tell a lead what to do. */

import pg from 'pg';
import { TargetError, type Trouble } from '../connector.js';
import type { Server } from './settings.js';

/** The server's own answers, by SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ANSWERS: readonly (readonly [code: RegExp, trouble: Trouble, remedy: string])[] = [
  [/^28/, 'not-allowed', 'Check the user in url, pg_hba.conf, and the password that is in custody.'],
  [
    /^42501$/,
    'not-allowed',
    'Keyturn’s role needs CREATEROLE, pg_signal_backend, each group that it lends WITH ADMIN OPTION, and from version 16 on each login that it changes WITH ADMIN OPTION.',
  ],
  [/^42704$/, 'missing', 'Look what became of it there.'],
  [/^3D000$/, 'missing', 'Correct the database in url.'],
  [
    /^2BP01$/,
    'refused',
    'Somebody else gave it rights of its own: take them back there with REVOKE or DROP OWNED. It can’t sign in any more.',
  ],
  [/^25006$/, 'refused', 'It is a read-only standby: name the primary in url.'],
  [/^(?:08|40|53|55P03|57|58)/, 'unreachable', 'Keyturn tries again.'],
  // Two at once changed the same role.
  [/^XX000$/, 'unreachable', 'Keyturn tries again.'],
];

const UNTRUSTED =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO$)/;

/** A driver's or a server's error as a TargetError; anything else as it is, since it is a fault of Keyturn. */
export function faultOf(error: unknown, server: Server): unknown {
  if (error instanceof TargetError || !(error instanceof Error)) return error;
  if (error instanceof pg.DatabaseError && error.severity !== undefined) return answer(error, server);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = oneLine(error.message);
  if (UNTRUSTED.test(code) || /SSL connection|^SASL:/.test(error.message)) {
    const message = `${server.name} can’t show that it is the server in url (${why}). Check its certificate, and ca.`;
    return new TargetError('untrusted', message);
  }
  if (code === '' && !/terminated|timeout|not queryable|closed|invalid response/i.test(error.message))
    return error;
  const message = `No answer from PostgreSQL at ${server.name}: ${why}. Check that it runs and that Keyturn may reach it; Keyturn tries again.`;
  return new TargetError('unreachable', message);
}

function answer(error: pg.DatabaseError, { name }: Server): TargetError {
  const found = ANSWERS.find(([code]) => code.test(error.code ?? ''));
  const [, trouble, remedy] = found ?? [null, 'refused', 'Look at the server’s log.'];
  const said = oneLine([error.message, error.detail].filter(Boolean).join('; '));
  return new TargetError(
    trouble as Trouble,
    `PostgreSQL at ${name} says: ${said} (${error.code}). ${remedy}`,
  );
}

/** What took too long, whatever it was. */
export function tooLate(server: Server): TargetError {
  return new TargetError(
    'unreachable',
    `PostgreSQL at ${server.name} didn’t answer in time. Check that it runs and that Keyturn may reach it; Keyturn tries again.`,
  );
}

/** A server’s words must not steer a terminal. */
function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}
