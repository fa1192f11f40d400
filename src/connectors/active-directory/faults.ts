/** What a failure of LDAP, TLS or the network means to Keyturn. */

import { TargetError, type Trouble } from '../connector.js';

/** Result codes that this connector has a use for: RFC 4511, appendix A. */
export const CODE = {
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
} as const;

const TROUBLES: Readonly<Record<number, Trouble>> = {
  3: 'unreachable',
  8: 'untrusted',
  13: 'untrusted',
  [CODE.noSuchObject]: 'missing',
  48: 'not-allowed',
  [CODE.invalidCredentials]: 'not-allowed',
  50: 'not-allowed',
  51: 'unreachable',
  52: 'unreachable',
};

/**
 * Codes of a certificate that doesn't prove whose it is (Node's documentation of TLS, X509 certificate error codes),
 * and of an answer that isn't TLS at all.
 */
const UNPROVEN =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|ERR_TLS_|ERR_SSL_|EPROTO)/;

const ADVICE: Readonly<Record<Trouble, string>> = {
  unreachable: 'Check that the domain controller runs and can be reached from here.',
  untrusted: 'Check its url and that ca holds the authority which signed its certificate.',
  'not-allowed': 'Check the bind_dn, its password in Keyturn, and its rights in the domain.',
  missing: 'Check the name.',
  refused: 'Its own log says why.',
};

/** The LDAP result code of an error; null where the server gave none. */
export function codeOf(error: unknown): number | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'number' ? code : null;
}

/**
 * The reason in a refused bind, as Windows and Samba give it in `AcceptSecurityContext error, data 52e`.
 * 52e is a wrong password. Any of the others is said only to who knows the right one (775 excepted).
 */
export function bindReasonOf(error: unknown): string | null {
  const match = error instanceof Error ? /\bdata ([0-9a-f]{3,4})\b/.exec(error.message) : null;
  return match?.[1] ?? null;
}

/**
 * The TargetError for what was thrown. It takes over codes alone: the server's own words and the library's error may
 * hold what was sent, and that may be a password.
 *
 * @param doing what was tried, such as `reset the password of svc`
 */
export function targetError(error: unknown, where: string, doing: string): TargetError {
  if (error instanceof TargetError) return error;
  const trouble = troubleOf(error);
  const said = noteOf(error);
  return new TargetError(
    trouble,
    `Couldn’t ${doing} at ${where}: ${WORDS[trouble]}${said}. ${ADVICE[trouble]}`,
  );
}

const WORDS: Readonly<Record<Trouble, string>> = {
  unreachable: 'no answer, or none in time',
  untrusted: 'whoever answers can’t show that it is the domain controller',
  'not-allowed': 'Keyturn’s own sign-in was refused or lacks the right',
  missing: 'it isn’t there',
  refused: 'the domain refused it',
};

function troubleOf(error: unknown): Trouble {
  const code = codeOf(error);
  if (code !== null) return TROUBLES[code] ?? 'refused';
  return UNPROVEN.test(systemCodeOf(error)) ? 'untrusted' : 'unreachable';
}

function noteOf(error: unknown): string {
  const code = codeOf(error);
  const word = error instanceof Error ? /^([0-9A-F]{8}):/.exec(error.message)?.[1] : undefined;
  const parts = [code === null ? systemCodeOf(error) : `LDAP ${code}`, bindReasonOf(error) ?? word];
  const said = parts.filter((part) => part !== undefined && part !== '').join(', ');
  return said === '' ? '' : ` (${said})`;
}

function systemCodeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}
