/**
 * Envelope encryption of secrets: each is sealed with its client's data key and bound to where it belongs, and
 * the data keys are wrapped with the master key. Rotating the master key touches data keys only.
 */

import { Secret } from '../config/secret.js';
import { type DataKeyStore, DataKeys } from './data-keys.js';
import { SealError } from './errors.js';
import { type Bound, decryptBound, encryptBound } from './jwe.js';
import type { KeyRing } from './key-provider.js';

export type { ClientKey, DataKeyStore, WrappedKey } from './data-keys.js';
export * from './errors.js';

/** Where a sealed secret belongs. Not stored with it: given again, from its row, to open it. */
export interface SecretBinding {
  readonly client: string;
  readonly account: string;
  readonly version: number;
}

export interface Rotation {
  readonly rewrapped: number;
  readonly already: number;
}

export class Vault {
  readonly #keys: DataKeys;
  readonly #store: DataKeyStore;
  /** Which master key wraps from now on. Says nothing about the key itself. */
  readonly keyId: string;

  constructor(keys: KeyRing, store: DataKeyStore) {
    this.#keys = new DataKeys(keys, store);
    this.#store = store;
    this.keyId = keys.current.id;
  }

  async seal(secret: Secret, bound: SecretBinding): Promise<string> {
    const where = place(bound);
    const key = await this.#keys.forSealing(where.client);
    const plain = Buffer.from(secret.reveal(), 'utf8');
    if (plain.toString('utf8') !== secret.reveal()) throw new TypeError('A secret must be well-formed text');
    const sealed = await encryptBound(plain, key, 'dir', where);
    plain.fill(0);
    return sealed;
  }

  async open(sealed: string, bound: SecretBinding): Promise<Secret> {
    const where = place(bound);
    const key = await this.#keys.forOpening(where.client);
    try {
      const plain = await decryptBound(sealed, key, 'dir', where);
      const secret = new Secret(Buffer.from(plain).toString('utf8'));
      plain.fill(0);
      return secret;
    } catch (cause) {
      throw new SealError(where, { cause });
    }
  }

  /** Puts every data key under the current master key. Safe to repeat, and to run in several processes at once. */
  async rotateKeys(): Promise<Rotation> {
    let rewrapped = 0;
    let already = 0;
    for (const row of await this.#store.list()) {
      if (await this.#keys.rewrap(row)) rewrapped += 1;
      else already += 1;
    }
    return { rewrapped, already };
  }
}

/** Exactly these three, whatever else the caller's object carries. */
function place({ client, account, version }: SecretBinding): SecretBinding & Bound {
  if (!client || !account || !Number.isSafeInteger(version))
    throw new TypeError('A secret needs a client, an account and a version');
  return { client, account, version };
}
