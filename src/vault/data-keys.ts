/** One data key a client, made at first use, kept wrapped. Re-wrapping changes the wrapping and never the key. */

import { randomBytes } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { MissingDataKeyError, RotationError, UnknownKeyError, WrappedKeyError } from './errors.js';
import { importKey } from './jwe.js';
import type { KeyContext, KeyRing } from './key-provider.js';

export interface WrappedKey {
  readonly wrapped: string;
  readonly keyId: string;
}

export interface ClientKey extends WrappedKey {
  readonly client: string;
}

/** Each call is its own transaction: what `insert` returned must never be rolled back, because secrets are sealed with it. */
export interface DataKeyStore {
  get(client: string): Promise<WrappedKey | null>;
  /** The first writer wins; returns the stored one, whoever wrote it. */
  insert(client: string, wrapped: string, keyId: string): Promise<WrappedKey>;
  list(): Promise<readonly ClientKey[]>;
  /** False, and nothing done, when the stored one is no longer `oldWrapped`. */
  replace(client: string, oldWrapped: string, wrapped: string, keyId: string): Promise<boolean>;
}

const DATA_KEY_BYTES = 32;
const REMEMBERED = 500;
const TRIES = 5;

export class DataKeys {
  readonly #ring: KeyRing;
  readonly #store: DataKeyStore;
  /** Unwrapped keys by client, the least recently used first. */
  readonly #opened = new Map<string, Promise<CryptoKey>>();

  constructor(ring: KeyRing, store: DataKeyStore) {
    this.#ring = ring;
    this.#store = store;
  }

  forSealing(client: string): Promise<CryptoKey> {
    return this.#remember(client, async () => (await this.#store.get(client)) ?? this.#make(client));
  }

  forOpening(client: string): Promise<CryptoKey> {
    return this.#remember(client, async () => {
      const stored = await this.#store.get(client);
      if (stored === null) throw new MissingDataKeyError(client);
      return stored;
    });
  }

  /** True when this call re-wrapped it, false when it was already under the current key. */
  async rewrap(row: ClientKey): Promise<boolean> {
    let stored: WrappedKey = row;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (stored.keyId === this.#ring.current.id) return false;
      const key = await this.#unwrap(row.client, stored);
      const wrapped = await this.#ring.current.wrap(key, context(row.client));
      key.fill(0);
      if (await this.#store.replace(row.client, stored.wrapped, wrapped, this.#ring.current.id)) return true;
      const now = await this.#store.get(row.client);
      if (now === null) throw new MissingDataKeyError(row.client);
      stored = now;
    }
    throw new RotationError(row.client);
  }

  async #make(client: string): Promise<WrappedKey> {
    const key = randomBytes(DATA_KEY_BYTES);
    const wrapped = await this.#ring.current.wrap(key, context(client));
    key.fill(0);
    return this.#store.insert(client, wrapped, this.#ring.current.id);
  }

  async #unwrap(client: string, { wrapped, keyId }: WrappedKey): Promise<Uint8Array> {
    const provider = [this.#ring.current, ...this.#ring.old].find((each) => each.id === keyId);
    if (provider === undefined) throw new UnknownKeyError(client, keyId);
    try {
      return await provider.unwrap(wrapped, context(client));
    } catch (cause) {
      throw new WrappedKeyError(client, keyId, { cause });
    }
  }

  #remember(client: string, find: () => Promise<WrappedKey>): Promise<CryptoKey> {
    const known = this.#opened.get(client);
    this.#opened.delete(client);
    const opened = known ?? find().then((stored) => this.#import(client, stored));
    this.#opened.set(client, opened);
    opened.catch(() => {
      if (this.#opened.get(client) === opened) this.#opened.delete(client);
    });
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= REMEMBERED) break;
      this.#opened.delete(oldest);
    }
    return opened;
  }

  async #import(client: string, stored: WrappedKey): Promise<CryptoKey> {
    const bytes = await this.#unwrap(client, stored);
    const key = await importKey(bytes, ['encrypt', 'decrypt']);
    bytes.fill(0);
    return key;
  }
}

function context(client: string): KeyContext {
  return { client, use: 'data key' };
}
