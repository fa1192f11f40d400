/** What the played Duo tells the page of somebody's phone, and what the page does on it. */

/** `slow`: pushes arrive late. `off`: they never do, and time out. */
export type PhoneMode = 'on' | 'slow' | 'off';

/** One line of a push. */
export interface PushFact {
  readonly label: string;
  readonly value: string;
}

export type PushState = 'waiting' | 'allowed' | 'denied' | 'fraud' | 'timeout' | 'locked-out' | 'bypassed';

/** A question on a phone. The number of a verified one is not in it: a person reads it elsewhere. */
export interface Push {
  readonly txid: string;
  /** The headline. */
  readonly type: string;
  readonly facts: readonly PushFact[];
  /** Whether a number has to be typed. */
  readonly verified: boolean;
  readonly state: PushState;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly expiresAt: number;
}

/** One person's whole phone; of pushes, newest first. */
export interface DuoPhone {
  readonly user: { readonly username: string; readonly status: string };
  readonly phone: PhoneMode;
  readonly pending: readonly Push[];
  readonly recent: readonly Push[];
}

/** Everything a person can do on the phone. */
export type DuoAct =
  | { readonly kind: 'allow'; readonly txid: string; readonly code?: string }
  /** `fraud`: "I didn't ask for this." */
  | { readonly kind: 'deny' | 'fraud'; readonly txid: string }
  | { readonly kind: 'phone'; readonly phone: PhoneMode };

/** The answer to an act: a sentence where it did not work. */
export interface DuoOutcome {
  readonly ok: boolean;
  readonly error?: string;
}

/** What the stream says has changed: the phone of this user, or of anybody where it can't be read. */
export interface DuoChange {
  readonly user?: string;
}
