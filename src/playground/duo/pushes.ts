/** The pushes under way: sent, arrived, answered or timed out, and who polls for news of them. */

import { randomInt, randomUUID } from 'node:crypto';
import { keepNewest } from '../values.js';
import type { Push, PushFact, PushState } from './types.js';

/** What a person did that nobody can do: a push that is over, or a wrong code. */
export class Impossible extends Error {}

/** What auth_status says. */
export interface StatusAnswer {
  readonly result: 'waiting' | 'allow' | 'deny';
  readonly status: string;
  readonly status_msg: string;
}

/** A transaction of verified push, between preauth and auth. */
interface Offer {
  readonly username: string;
  readonly code: string;
  readonly expiresAt: number;
}

interface Sent {
  push: Push;
  readonly code: string | null;
  /** Whether auth_status tells the code, because preauth did not. */
  readonly codeInStatus: boolean;
  /** The status that was last told, so that the next poll waits for another. */
  told: string | null;
  readonly timers: NodeJS.Timeout[];
  readonly polls: Set<() => void>;
}

const answers: Readonly<Record<PushState, StatusAnswer>> = {
  waiting: { result: 'waiting', status: 'pushed', status_msg: 'Pushed a login request to your device...' },
  allowed: { result: 'allow', status: 'allow', status_msg: 'Success. Logging you in...' },
  bypassed: { result: 'allow', status: 'bypass', status_msg: 'Success. Logging you in...' },
  denied: { result: 'deny', status: 'deny', status_msg: 'Login request denied.' },
  fraud: { result: 'deny', status: 'fraud', status_msg: 'Login request reported as fraudulent.' },
  timeout: { result: 'deny', status: 'timeout', status_msg: 'Login timed out.' },
  'locked-out': { result: 'deny', status: 'locked_out', status_msg: 'Your account is locked out.' },
};

export class Pushes {
  readonly #sent = new Map<string, Sent>();
  readonly #offers = new Map<string, Offer>();

  constructor(
    private readonly now: () => number,
    private readonly lifetimeMs: number,
    private readonly changed: (username: string) => void,
  ) {}

  /** Preauth of a client that can show a code: a transaction, and three digits to type on the phone. */
  offer(username: string): { txid: string; verification_code: string; expiration: number } {
    const txid = randomUUID();
    const expiresAt = this.now() + 60_000;
    const code = String(randomInt(100, 1000));
    this.#offers.set(txid, { username, code, expiresAt });
    keepNewest(this.#offers);
    return { txid, verification_code: code, expiration: Math.floor(expiresAt / 1000) };
  }

  /** The offer of a txid, once. */
  take(txid: string, username: string): Offer | undefined {
    const offer = this.#offers.get(txid);
    if (!offer || offer.username !== username || this.now() > offer.expiresAt) return undefined;
    this.#offers.delete(txid);
    return offer;
  }

  /** Sends a push. `arrivesIn` is null for a phone that is off. */
  send(draft: {
    readonly username: string;
    readonly type: string;
    readonly facts: readonly PushFact[];
    readonly offer?: { readonly txid: string; readonly code: string };
    readonly codeInStatus: boolean;
    readonly arrivesIn: number | null;
  }): string {
    const code = draft.offer?.code ?? (draft.codeInStatus ? String(randomInt(100, 1000)) : null);
    const push: Push = {
      txid: draft.offer?.txid ?? randomUUID(),
      username: draft.username,
      type: draft.type,
      facts: draft.facts,
      verified: code !== null,
      state: 'waiting',
      arrived: draft.arrivesIn === 0,
      at: this.now(),
      expiresAt: this.now() + this.lifetimeMs,
    };
    const { codeInStatus } = draft;
    const sent: Sent = { push, code, codeInStatus, told: null, timers: [], polls: new Set() };
    this.#sent.set(push.txid, sent);
    keepNewest(this.#sent);
    sent.timers.push(setTimeout(() => this.#settle(sent, 'timeout'), this.lifetimeMs).unref());
    if (draft.arrivesIn) sent.timers.push(setTimeout(() => this.arrive(push.txid), draft.arrivesIn).unref());
    this.changed(push.username);
    return push.txid;
  }

  /** Newest first. */
  of(username: string): Push[] {
    return [...this.#sent.values()]
      .map((sent) => sent.push)
      .filter((push) => push.username === username)
      .reverse();
  }

  find(txid: string): Push | undefined {
    return this.#sent.get(txid)?.push;
  }

  /** A late push reaches the phone. */
  arrive(txid: string): void {
    const sent = this.#sent.get(txid);
    if (sent?.push.state !== 'waiting') return;
    sent.push = { ...sent.push, arrived: true };
    this.changed(sent.push.username);
  }

  /** A person answers on the phone; an allow of a verified push needs the code that they read elsewhere. */
  answer(txid: string, state: 'allowed' | 'denied' | 'fraud', code?: string): void {
    const sent = this.#sent.get(txid);
    if (!sent?.push.arrived) throw new Impossible('There is no such push on this phone.');
    if (sent.push.state !== 'waiting') throw new Impossible('This push is over.');
    if (state === 'allowed' && sent.code !== null && code !== sent.code)
      throw new Impossible('That is not the code. Type the one that was shown to you.');
    this.#settle(sent, state);
  }

  /** Duo ends it by itself. */
  end(txid: string, state: Exclude<PushState, 'waiting'>): void {
    const sent = this.#sent.get(txid);
    if (!sent) throw new Impossible('There is no such push.');
    this.#settle(sent, state);
  }

  #settle(sent: Sent, state: PushState): void {
    if (sent.push.state !== 'waiting') return;
    for (const timer of sent.timers) clearTimeout(timer);
    sent.push = { ...sent.push, state };
    for (const poll of [...sent.polls]) poll();
    this.changed(sent.push.username);
  }

  /** auth_status: at once where there is news, else when there is some; null after `patienceMs` without any. */
  async status(txid: string, patienceMs: number, gone: AbortSignal): Promise<StatusAnswer | null> {
    const sent = this.#sent.get(txid);
    if (!sent) return null;
    const news = () => {
      const known = answers[sent.push.state];
      if (known.status === sent.told && known.result === 'waiting') return null;
      sent.told = known.status;
      const asks = known.result === 'waiting' && sent.code !== null && sent.codeInStatus;
      const status_msg = asks
        ? `Please enter verification code ${sent.code} into Duo Mobile...`
        : known.status_msg;
      return { ...known, status_msg };
    };
    return news() ?? (await wait(sent.polls, patienceMs, gone, news));
  }

  stop(): void {
    for (const sent of this.#sent.values()) for (const timer of sent.timers) clearTimeout(timer);
  }
}

function wait<T>(polls: Set<() => void>, ms: number, gone: AbortSignal, look: () => T): Promise<T | null> {
  return new Promise((resolve) => {
    const end = (found: T | null) => {
      clearTimeout(timer);
      polls.delete(poll);
      resolve(found);
    };
    const poll = () => end(look());
    const timer = setTimeout(() => end(null), ms).unref();
    polls.add(poll);
    gone.addEventListener('abort', () => end(null), { once: true });
  });
}
