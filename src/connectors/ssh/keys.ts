/** Secrets that are private keys: told from passwords, read, and made. */

import { createHash, createPrivateKey } from 'node:crypto';
import ssh2 from 'ssh2';
import { Secret } from '../../config/secret.js';
import { TargetError } from '../connector.js';

/** The comment by which Keyturn knows its own lines in authorized_keys. */
export const KEY_MARK = 'keyturn';

export interface PublicKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** Base64, as in authorized_keys. */
  readonly blob: string;
  /** `SHA256:…`, fit for the audit trail. */
  readonly fingerprint: string;
}

/** Whether a secret is a private key rather than a password: by its first line. */
export function isPrivateKey(secret: Secret): boolean {
  return /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(secret.reveal());
}

/** The key as ssh2 signs with it. @throws TargetError `refused` with what is wrong with the key, and nothing of it. */
export function readPrivateKey(secret: Secret): ssh2.ParsedKey {
  const read = ssh2.utils.parseKey(openable(secret.reveal().trim()));
  const key = Array.isArray(read) ? read[0] : read;
  if (key && !(key instanceof Error) && key.isPrivateKey()) return key;
  const locked = key instanceof Error && /passphrase/i.test(key.message);
  throw new TargetError(
    'refused',
    locked
      ? 'The private key in the vault is locked with a passphrase. Store it without one (ssh-keygen -p); the vault encrypts it.'
      : 'The private key in the vault can’t be read. Store one in OpenSSH or PEM form, whole, with its first and last line.',
  );
}

export function publicHalf(secret: Secret): PublicKey {
  const key = readPrivateKey(secret);
  const blob = key.getPublicSSH();
  return { type: key.type, blob: blob.toString('base64'), fingerprint: fingerprintOf(blob) };
}

/** `SHA256:…` as OpenSSH prints it, without padding. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=$/, '')}`;
}

/** A new ed25519 key in OpenSSH form. */
export function newKey(): Secret {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519', { comment: KEY_MARK }).private;
    // ssh2 1.17 drops a zero at a key's beginning: one in 256 that it makes can be read by nobody.
    if (!(ssh2.utils.parseKey(made) instanceof Error)) return new Secret(made);
  }
}

/** ssh2 doesn't read PKCS #8, which is how openssl writes RSA and ECDSA keys. */
function openable(text: string): string {
  if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) return text;
  try {
    const key = createPrivateKey(text);
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    return key.export({ type, format: 'pem' }).toString();
  } catch {
    return text;
  }
}
