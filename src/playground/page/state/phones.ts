/** The phones of the cast: which one rings, and when one is held up to be read. */

import type { CastMember } from '../contract.js';
import type { DuoAct, DuoChange, DuoOutcome, DuoPhone, Push } from '../duo-contract.js';
import { getPhone, listenToDuo, press } from './duo-api.js';
import type { Model } from './model.js';
import { Reloads } from './reloads.js';

/** Whether a push waits on this person's phone. */
export function isRinging({ phones }: Pick<Model, 'phones'>, key: string): boolean {
  return (phones[key]?.pending.length ?? 0) > 0;
}

/** The push that a phone shows: the one that waits longest, so that none comes between an eye and a finger. */
export function shownPush(phone: DuoPhone): Push | undefined {
  return phone.pending.at(-1);
}

/** Whether a phone is up after it changed: a new push raises it, and the end of the last one lays it down. */
export function heldUp(wasUp: boolean, before: DuoPhone | undefined, now: DuoPhone): boolean {
  const known = new Set(before?.pending.map(({ txid }) => txid));
  if (now.pending.some(({ txid }) => !known.has(txid))) return true;
  return wasUp && !(known.size > 0 && now.pending.length === 0);
}

/** Follows the phones of all who have one. */
export class Phones {
  readonly #owners: readonly CastMember[];
  readonly #reloads = new Reloads();
  #found = false;

  constructor(
    people: readonly CastMember[],
    private readonly arrive: (key: string, phone: DuoPhone) => void,
  ) {
    this.#owners = people.filter(({ duo }) => duo !== undefined);
  }

  /** Loads every phone, then follows what changes; nothing more where this server plays none. */
  async follow(): Promise<void> {
    await this.#reload(this.#owners);
    if (this.#found) listenToDuo((change) => void this.#reload(this.#concerned(change)));
  }

  /** Does something on this person's phone, then shows what came of it. */
  async act(person: CastMember, what: DuoAct): Promise<DuoOutcome> {
    const outcome = await press(person.duo ?? '', what);
    await this.#reload([person]);
    return outcome;
  }

  #concerned({ user }: DuoChange): readonly CastMember[] {
    // Duo compares names without regard to case.
    return this.#owners.filter(({ duo }) => !user || duo?.toLowerCase() === user.toLowerCase());
  }

  async #reload(owners: readonly CastMember[]): Promise<void> {
    await Promise.all(owners.map((person) => this.#reloads.run(person.key, () => this.#load(person))));
  }

  async #load({ key, duo = '' }: CastMember): Promise<void> {
    const phone = await getPhone(duo).catch(() => null);
    if (!phone) return;
    this.#found = true;
    this.arrive(key, phone);
  }
}
