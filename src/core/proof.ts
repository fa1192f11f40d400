/** A proof: one result of a second factor, for one person, one subject and one act; spent with that act, once. */

import type { Actor, ChatIdentity, Person, PersonId } from './people.js';

/** The factors, by the names that keyturn.yaml has for them. */
export type Method = 'duo_push' | 'duo_universal' | 'totp';

/** What a proof can be for. */
export type ProvenAct =
  | 'approve'
  | 'break-glass'
  | 'review'
  | 'allow-glass'
  | 'reveal'
  | 'connect'
  | 'add-ssh-key'
  | 'end-ssh-key'
  | 'link'
  | 'enrol'
  | 'offer-factor'
  | 'end-factor'
  | 'end-identity'
  | 'resume'
  | 'offboard'
  | 'keep'
  | 'apply'
  | 'set-secret'
  | 'rotate'
  | 'rotate-keys'
  | 'visit'
  | 'export-audit';

/** What exactly is confirmed: a change of its version asks anew. */
export interface Subject {
  readonly kind:
    | 'request'
    | 'grant'
    | 'ssh-key'
    | 'link'
    | 'identity'
    | 'factor'
    | 'person'
    | 'configuration'
    | 'account'
    | 'keys'
    | 'visit'
    | 'audit';
  readonly id: string;
  readonly version: number;
}

/** What stands on the phone and on the card, as label and value. */
export type PhoneFact = readonly [label: string, value: string];

/** A verb's answer where a proof is due and none came along. */
export interface Needs {
  readonly act: ProvenAct;
  readonly subject: Subject;
  /** What else is confirmed with it, as one canonical text: another wish needs another proof. */
  readonly terms: string;
  /** Whose chain it is on record in; null: the operator's. */
  readonly client: string | null;
  readonly facts: readonly PhoneFact[];
  /** What the browser shows that wants to be let in. */
  readonly number?: string;
}

/** `asked`: nobody was reached yet. `waiting`: the person's turn. Only `allowed` can be spent. */
export type ProofState =
  | 'asked'
  | 'waiting'
  | 'allowed'
  | 'spent'
  | 'denied'
  | 'fraud'
  | 'timeout'
  | 'failed'
  | 'void';

/** Why a factor gave no answer, or none that counts: what the providers can say, and what only Keyturn knows. Each is a refusal. */
export type ProofFailure =
  /** No connection, no TLS, or a 5xx. */
  | 'unreachable'
  /** The certificate is not one of Duo's. */
  | 'untrusted'
  | 'too-slow'
  | 'rate-limited'
  /** The caller lost interest. */
  | 'aborted'
  /** Our keys or our request were not accepted: a setting is wrong. */
  | 'refused'
  /** The answer is not what Duo documents. */
  | 'garbage'
  /** Duo would let this person in without a factor, which proves nothing. */
  | 'bypass'
  | 'not-enrolled'
  /** Duo denies this person: disabled, locked out, or by a policy. */
  | 'barred'
  /** No device of theirs takes a push. */
  | 'no-push'
  /** A verified push is required, and no code was offered. */
  | 'unverified'
  | 'wrong-state'
  | 'other-person'
  /** The login is older than the question. */
  | 'stale'
  /** No factor of this deployment knows the person. */
  | 'no-factor'
  | 'too-many-codes'
  /** Keyturn was stopped twice while sending. */
  | 'lost';

export interface Proof {
  readonly id: string;
  readonly person: PersonId;
  readonly act: ProvenAct;
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly terms: string;
  readonly client: string | null;
  readonly facts: readonly PhoneFact[];
  readonly number: string | null;
  /** What is done once it is allowed; null where whoever asked waits for it and does it. */
  readonly command: Readonly<Record<string, unknown>> | null;
  readonly via: 'slack' | 'teams' | 'web' | 'cli';
  readonly identity: ChatIdentity | null;
  readonly state: ProofState;
  /** The factor that was asked; null until one was reached. */
  readonly method: Method | null;
  /** The factor that the person wants instead. */
  readonly wish: Method | null;
  /** Duo's transaction, kept before it is polled: any replica goes on with it. Of the last push, also after another way was chosen. */
  readonly txid: string | null;
  /** To be typed on the phone; shown to that person alone. */
  readonly code: string | null;
  /** SHA-256 of the Universal Prompt's state, base64url. */
  readonly stateHash: string | null;
  /** Pushes that were begun, so that a restart sends at most one more. */
  readonly sends: number;
  /** Wrong codes. */
  readonly fails: number;
  /** What makes it one-time: no two proofs of a method have the same. */
  readonly evidence: string | null;
  readonly failure: ProofFailure | null;
  /** What the person was told where it came to nothing at the end. */
  readonly said: string | null;
  readonly askedAt: Date;
  readonly pushedAt: Date | null;
  readonly promptedAt: Date | null;
  readonly expiresAt: Date;
  readonly settledAt: Date | null;
  readonly version: number;
}

export const PROOF_TRANSITIONS: readonly (readonly [ProofState | null, ProofState])[] = [
  [null, 'asked'],
  ['asked', 'waiting'],
  ['asked', 'failed'],
  ['asked', 'timeout'],
  ['asked', 'void'],
  ['waiting', 'asked'],
  ['waiting', 'allowed'],
  ['waiting', 'denied'],
  ['waiting', 'fraud'],
  ['waiting', 'timeout'],
  ['waiting', 'failed'],
  ['waiting', 'void'],
  ['allowed', 'spent'],
  ['allowed', 'timeout'],
  ['allowed', 'void'],
];

/** The person has so long, whatever the factor. */
export const PROOF_SECONDS = 5 * 60;
/** With every other way that they choose. */
export const LONGEST_QUESTION_SECONDS = 15 * 60;
/** Duo gives a push a minute; the rest is for the last answer to arrive. */
export const PUSH_SECONDS = 65;
/** An allowed proof is for now: whoever waits for it spends it at once. */
export const SPEND_SECONDS = 2 * 60;
/** Between two pushes to one person. */
export const PUSH_EVERY_SECONDS = 30;
/** So many denials within so long, and nothing of theirs is confirmed for a while. */
export const DENIALS = 3;
export const DENIALS_WITHIN_SECONDS = 10 * 60;
export const COOL_DOWN_SECONDS = 15 * 60;
/** Wrong codes a person may type in ten minutes, over all that they confirm. */
export const WRONG_CODES = 5;
export const WRONG_CODES_WITHIN_SECONDS = 10 * 60;

/** Whether it still takes its person's only place. */
export function isOpen(proof: Proof, now: Date): boolean {
  const open = proof.state === 'asked' || proof.state === 'waiting' || proof.state === 'allowed';
  return open && now < proof.expiresAt;
}

/** Whether this factor was asked by this proof and may still answer. */
export function isTurnOf(proof: Proof, method: Method, now: Date): boolean {
  return proof.state === 'waiting' && proof.method === method && now < proof.expiresAt;
}

/** The one who acts by this proof, as they came. */
export function actorOf(proof: Proof): Actor {
  const { person, via, identity } = proof;
  return identity === null ? { person, via } : { person, via, identity };
}

/** Whether nothing has come of it yet, in time or not. */
export function isUnsettled({ state }: Proof): boolean {
  return state === 'asked' || state === 'waiting' || state === 'allowed';
}

/** Whose chain it is on record in. */
export function chainOf(proof: Proof): string {
  return proof.client ?? 'operator';
}

/** A person's name at Duo. */
export function duoName(person: Person): string {
  return person.duoUsername ?? person.email;
}
