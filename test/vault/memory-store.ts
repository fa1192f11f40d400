import type { ClientKey, DataKeyStore, WrappedKey } from '../../src/vault/vault.js';

/** Data keys in memory, with a pause in every call so that races happen as they do over a network. */
export class MemoryStore implements DataKeyStore {
  readonly rows = new Map<string, WrappedKey>();

  async get(client: string): Promise<WrappedKey | null> {
    await pause();
    return this.rows.get(client) ?? null;
  }

  async insert(client: string, wrapped: string, keyId: string): Promise<WrappedKey> {
    await pause();
    const stored = this.rows.get(client) ?? { wrapped, keyId };
    this.rows.set(client, stored);
    return stored;
  }

  async list(): Promise<ClientKey[]> {
    await pause();
    return [...this.rows].map(([client, row]) => ({ client, ...row }));
  }

  async replace(client: string, oldWrapped: string, wrapped: string, keyId: string): Promise<boolean> {
    await pause();
    if (this.rows.get(client)?.wrapped !== oldWrapped) return false;
    this.rows.set(client, { wrapped, keyId });
    return true;
  }
}

const pause = () => new Promise((resolve) => setImmediate(resolve));
