/**
 * The shapes that all factors share. A factor answers with a verdict, and only `allowed` is a proof; whatever was not
 * foreseen is `failed`. Who may act, and that one proof is spent on one act, is decided elsewhere.
 */

import type { Method, PhoneFact, ProofFailure } from '../core/proof.js';

export type Fact = PhoneFact;

/** What a person is asked to confirm, in the words of the act. */
export interface Asked {
  /** The person's name at the provider. */
  readonly username: string;
  /** A headline of a word or three, such as `Approval`. */
  readonly act: string;
  readonly facts: readonly Fact[];
}

/** A push went out. Keep all of it before polling: whoever has it can go on. */
export interface PushChallenge {
  readonly kind: 'push';
  readonly txid: string;
  /** To be typed on the phone: shown to that person alone. Null where none was offered, or not yet. */
  readonly code: string | null;
  readonly expiresInSeconds: number;
}

/** Send the browser of that person there. */
export interface RedirectChallenge {
  readonly kind: 'redirect';
  readonly url: string;
  readonly expiresInSeconds: number;
}

/** Ask for the digits that an authenticator shows. */
export interface CodeChallenge {
  readonly kind: 'code';
  readonly digits: number;
}

export type Challenge = PushChallenge | RedirectChallenge | CodeChallenge;

/** What a provider can say; what only Keyturn itself knows of a factor is none of theirs. */
export type Failure = Exclude<ProofFailure, 'no-factor' | 'too-many-codes' | 'lost'>;

export interface Failed {
  readonly failed: Failure;
  /** For the log: what was seen, without keys, and never for people. */
  readonly detail: string;
}

/** A proof, and what makes it one-time: no two acts may keep the same `evidence` of a method. */
export interface Allowed {
  readonly verdict: 'allowed';
  readonly method: Method;
  readonly evidence: string;
}

export type Verdict =
  | Allowed
  /** `code` appears here where Duo tells it late. */
  | { readonly verdict: 'waiting'; readonly code: string | null; readonly pauseMs: number }
  | { readonly verdict: 'denied' | 'fraud' | 'timeout' }
  | ({ readonly verdict: 'failed'; readonly retryable: boolean } & Failed);

/** Is reaching the provider enough to try the same question again while it is open? */
const passing: ReadonlySet<Failure> = new Set(['unreachable', 'too-slow', 'rate-limited', 'aborted']);

/** A failure as a verdict. Retryable means that the same poll may be asked again, never that a new push may go out. */
export function failedVerdict({ failed, detail }: Failed): Verdict {
  return { verdict: 'failed', failed, detail, retryable: passing.has(failed) };
}

export function hasFailed<T extends object>(result: T | Failed): result is Failed {
  return 'failed' in result;
}

/** Text of others for a log or a phone: one line, no control, format or bidi characters, capped. */
export function oneLine(text: string, most: number): string {
  const clean = text
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...clean];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : clean;
}
