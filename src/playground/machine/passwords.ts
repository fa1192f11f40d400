/** The logins of the played server, as a server keeps them: hashed. */

import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

interface Kept {
  readonly salt: string;
  readonly hash: string;
}

export class Passwords {
  readonly #kept: Map<string, Kept>;
  readonly #store: (all: Readonly<Record<string, Kept>>) => Promise<void>;

  constructor(
    stored: Readonly<Record<string, Kept>>,
    store: (all: Readonly<Record<string, Kept>>) => Promise<void>,
  ) {
    this.#kept = new Map(Object.entries(stored));
    this.#store = store;
  }

  has(login: string): boolean {
    return this.#kept.has(login);
  }

  fits(login: string, password: string): boolean {
    const kept = this.#kept.get(login);
    return (
      kept !== undefined && timingSafeEqual(hashOf(password, kept.salt), Buffer.from(kept.hash, 'base64'))
    );
  }

  /** The former one opens nothing from now on. */
  async set(login: string, password: string): Promise<void> {
    const salt = randomBytes(12).toString('base64');
    this.#kept.set(login, { salt, hash: hashOf(password, salt).toString('base64') });
    await this.#store(this.all());
  }

  all(): Readonly<Record<string, Kept>> {
    return Object.fromEntries(this.#kept);
  }
}

/** Cheap on purpose: these are made-up passwords on loopback, and each sign-in computes one. */
function hashOf(password: string, salt: string): Buffer {
  return scryptSync(password, salt, 32, { N: 1024 });
}
