/** Whom Duo knows, and the phone in their pocket. */

import type { DuoUser, PhoneMode } from './types.js';

export class Users {
  readonly #users = new Map<string, DuoUser>();
  readonly #phones = new Map<string, PhoneMode>();

  constructor(
    users: readonly DuoUser[],
    readonly newUsers: 'enroll' | 'deny' | 'allow',
    private readonly slowMs: number,
  ) {
    for (const user of users) this.set(user);
  }

  find(username: string): DuoUser | undefined {
    return this.#users.get(username.toLowerCase());
  }

  set(user: DuoUser): void {
    this.#users.set(user.username.toLowerCase(), user);
  }

  /** @throws where there is no such user. */
  get(username: string): DuoUser {
    const user = this.find(username);
    if (!user) throw new Error(`Duo has no user ${username}`);
    return user;
  }

  phone(username: string): PhoneMode {
    return this.#phones.get(username.toLowerCase()) ?? 'on';
  }

  setPhone(username: string, mode: PhoneMode): void {
    this.#phones.set(this.get(username).username.toLowerCase(), mode);
  }

  /** Milliseconds until a push sent now arrives; null when it never does. */
  delayOf(username: string): number | null {
    const mode = this.phone(username);
    if (mode === 'off') return null;
    return mode === 'slow' ? this.slowMs : 0;
  }
}
