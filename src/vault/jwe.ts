/**
 * JWE with additional data that is bound but not stored: whoever opens it says what it should belong to, so a
 * ciphertext moved to another place does not open there. Written as the five parts of a compact JWE.
 */

import { type CryptoKey, FlattenedEncrypt, flattenedDecrypt } from 'jose';

export type Bound = Readonly<Record<string, string | number>>;
export type Wrapping = 'dir' | 'A256GCMKW';

const CONTENT = 'A256GCM';

export async function encryptBound(
  plain: Uint8Array,
  key: CryptoKey,
  alg: Wrapping,
  bound: Bound,
): Promise<string> {
  const sealed = await new FlattenedEncrypt(plain)
    .setProtectedHeader({ alg, enc: CONTENT })
    .setAdditionalAuthenticatedData(canonical(bound))
    .encrypt(key);
  return [sealed.protected, sealed.encrypted_key ?? '', sealed.iv, sealed.ciphertext, sealed.tag].join('.');
}

/** Accepts exactly the algorithms that `encryptBound` writes, whatever the header says. */
export async function decryptBound(
  sealed: string,
  key: CryptoKey,
  alg: Wrapping,
  bound: Bound,
): Promise<Uint8Array> {
  const parts = sealed.split('.');
  const [header, encryptedKey, iv, ciphertext, tag] = parts;
  if (parts.length !== 5 || !parts.every(isCanonical)) throw new Error('Not a JWE');
  if (!header || !iv || !tag || ciphertext === undefined) throw new Error('Not a JWE');
  const jwe = {
    protected: header,
    iv,
    ciphertext,
    tag,
    aad: Buffer.from(canonical(bound)).toString('base64url'),
    ...(encryptedKey ? { encrypted_key: encryptedKey } : {}),
  };
  const pinned = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [CONTENT] };
  return (await flattenedDecrypt(jwe, key, pinned)).plaintext;
}

/** A key that can be used and never read back. */
export function importKey(bytes: Uint8Array, uses: ('encrypt' | 'decrypt')[]): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, uses);
}

function canonical(bound: Bound): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(bound).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new TextEncoder().encode(JSON.stringify(sorted));
}

/** Decoders forgive stray characters and spare bits; one ciphertext should have one spelling. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
