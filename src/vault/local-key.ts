/** Master keys held by this process: KEYTURN_MASTER_KEY, and KEYTURN_MASTER_KEYS_OLD while rotating. */

import { createHash } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { Secret } from '../config/secret.js';
import { MasterKeyError } from './errors.js';
import { decryptBound, encryptBound, importKey } from './jwe.js';
import type { KeyContext, KeyProvider, KeyRing } from './key-provider.js';

const LENGTH = 32;
const ALG = 'A256GCMKW';

/** `old` lists keys, separated by commas or spaces. */
export async function localKeys(current: Secret, old?: Secret): Promise<KeyRing> {
  const formers = (old?.reveal() ?? '').split(/[\s,]+/).filter((text) => text !== '');
  return {
    current: await LocalKey.parse(current.reveal(), 'KEYTURN_MASTER_KEY'),
    old: await Promise.all(formers.map((text) => LocalKey.parse(text, 'KEYTURN_MASTER_KEYS_OLD'))),
  };
}

export class LocalKey implements KeyProvider {
  readonly id: string;
  readonly #key: CryptoKey;

  private constructor(id: string, key: CryptoKey) {
    this.id = id;
    this.#key = key;
  }

  /** `setting` is named in the error when this is no usable key. */
  static async parse(base64: string, setting: string): Promise<LocalKey> {
    const bytes = Buffer.from(base64.trim(), 'base64');
    if (bytes.length !== LENGTH) throw new MasterKeyError(setting, `${bytes.length} bytes`);
    if (new Set(bytes).size < 4) throw new MasterKeyError(setting, 'bytes that are no random key');
    const id = createHash('sha256').update('keyturn master key\n').update(bytes).digest('hex').slice(0, 12);
    const key = await importKey(bytes, ['encrypt', 'decrypt']);
    bytes.fill(0);
    return new LocalKey(id, key);
  }

  wrap(dataKey: Uint8Array, context: KeyContext): Promise<string> {
    return encryptBound(dataKey, this.#key, ALG, context);
  }

  unwrap(blob: string, context: KeyContext): Promise<Uint8Array> {
    return decryptBound(blob, this.#key, ALG, context);
  }
}
