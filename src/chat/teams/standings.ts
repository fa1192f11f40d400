/** Whether somebody is a full member still: Teams sends no word when an account is deactivated or becomes a guest. */

import type { ChatProfile } from '../../core/identify.js';
import type { ChatIdentity } from '../../core/people.js';
import type { Room } from './room.js';

/** So long an answer holds. Somebody whose account is gone can't sign in to Teams any more either. */
const KEPT_MS = 10 * 60_000;
const MOST = 10_000;

export type Out = Exclude<ChatProfile['standing'], 'member' | 'unknown'>;

export class Standings {
  readonly #asked = new Map<string, number>();

  constructor(
    readonly room: Pick<Room, 'profile' | 'onDeactivated'>,
    readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Null for a member, and where Teams can't say now: then what it said at the first contact holds. Whoever is
   * no member has their link ended.
   */
  async whyOut(identity: ChatIdentity): Promise<Out | null> {
    if ((this.#asked.get(identity.userId) ?? Number.NEGATIVE_INFINITY) + KEPT_MS > this.now()) return null;
    return this.ask(identity);
  }

  /** Asks Teams now. */
  async ask(identity: ChatIdentity): Promise<Out | null> {
    const { standing } = await this.room.profile(identity.userId);
    if (standing === 'unknown') return null;
    if (standing === 'member') {
      this.#keep(identity.userId);
      return null;
    }
    this.#asked.delete(identity.userId);
    await this.room.onDeactivated?.(identity, standing);
    return standing;
  }

  #keep(userId: string): void {
    this.#asked.delete(userId);
    this.#asked.set(userId, this.now());
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MOST && oldest !== undefined) this.#asked.delete(oldest);
  }
}
