/** The human side: what is on somebody's phone, what they press there, and waiting for it. */

import { EventEmitter } from 'node:events';
import { Impossible, type Pushes } from './pushes.js';
import type { CallRecord, Change, DuoUser, PhoneMode, Push } from './types.js';
import type { Prompt, Tampering, UniversalPrompt } from './universal.js';
import type { Users } from './users.js';

/** What a phone shows: the push that waits, and what became of the last ones. */
export interface PhoneState {
  readonly user: { readonly username: string; readonly status: string };
  readonly phone: PhoneMode;
  readonly pending: readonly Push[];
  readonly recent: readonly Push[];
}

export type Act =
  | { readonly kind: 'allow'; readonly txid: string; readonly code?: string }
  | { readonly kind: 'deny' | 'fraud'; readonly txid: string }
  | { readonly kind: 'phone'; readonly phone: PhoneMode };

/** Emits `change` whenever a phone may look different, `call` after each call of the API, `stop` at the end. */
export abstract class Phones extends EventEmitter<{ change: [Change]; call: [CallRecord]; stop: [] }> {
  protected abstract readonly pushing: Pushes;
  protected abstract readonly known: Users;
  protected abstract readonly prompting: UniversalPrompt;

  /** Every push ever sent to somebody, newest first, arrived or not. */
  pushes(username: string): Push[] {
    return this.pushing.of(this.known.get(username).username);
  }

  /** The pushes that wait on somebody's phone. */
  pending(username: string): Push[] {
    return this.pushes(username).filter((push) => push.state === 'waiting' && push.arrived);
  }

  /** One phone as data, or undefined where Duo has no such user. */
  phone(username: string): PhoneState | undefined {
    const user = this.known.find(username);
    if (!user) return undefined;
    const recent = this.pushes(username).filter((push) => push.state !== 'waiting' && push.arrived);
    return {
      user: { username: user.username, status: user.status ?? 'active' },
      phone: this.known.phone(username),
      pending: this.pending(username),
      recent: recent.slice(0, 10),
    };
  }

  /** Allows; a verified push needs the code that was shown elsewhere. @throws {Impossible} */
  allow(txid: string, code?: string): void {
    this.pushing.answer(txid, 'allowed', code);
  }

  /** @throws {Impossible} */
  deny(txid: string): void {
    this.pushing.answer(txid, 'denied');
  }

  /** "I didn't ask for this." @throws {Impossible} */
  fraud(txid: string): void {
    this.pushing.answer(txid, 'fraud');
  }

  /** The minute of a push is over at once, instead of being waited for. */
  expire(txid: string): void {
    this.pushing.end(txid, 'timeout');
  }

  /** A push on its way to a slow phone gets there at once. */
  arrive(txid: string): void {
    this.pushing.arrive(txid);
  }

  setPhone(username: string, mode: PhoneMode): void {
    this.known.setPhone(username, mode);
    this.emit('change', { user: this.known.get(username).username });
  }

  /** The admin of Duo changes a user, or adds one. */
  setUser(user: DuoUser): void {
    this.known.set({ ...this.known.find(user.username), ...user });
    this.emit('change', { user: user.username });
  }

  /** What the page's phone does. @throws {Impossible} */
  act(username: string, act: Act): void {
    const user = this.known.find(username);
    if (!user) throw new Impossible('Duo has no such user.');
    // A phone answers its own pushes only.
    if (act.kind !== 'phone' && this.pushing.find(act.txid)?.username !== user.username)
      throw new Impossible('There is no such push on this phone.');
    if (act.kind === 'phone') this.setPhone(username, act.phone);
    else if (act.kind === 'allow') this.allow(act.txid, act.code);
    else this[act.kind](act.txid);
  }

  /** Opens the address of a prompt in a browser without a screen. @throws {NoPrompt} */
  openPrompt(url: string): Promise<Prompt> {
    return this.prompting.open(new URL(url).searchParams);
  }

  /** Answers a prompt by its address: the address that the browser is sent back to. */
  async prompt(url: string, answer: 'allow' | 'deny', tampering?: Tampering): Promise<URL> {
    const { id } = await this.openPrompt(url);
    return new URL(this.prompting.answer(id, answer, tampering));
  }

  /** Resolves with the first truthy answer of `look`, asked now and after every change and call. */
  until<T>(look: () => T, timeoutMs = 5_000): Promise<NonNullable<T>> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.removeListener('change', check).removeListener('call', check);
      };
      const check = () => {
        try {
          const found = look();
          if (!found) return;
          stop();
          resolve(found);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`not seen at Duo within ${timeoutMs} ms: ${String(look)}`));
      }, timeoutMs);
      this.on('change', check).on('call', check);
      check();
    });
  }
}
