/** An alert: what somebody has to hear although no card of theirs says it. A few of them wait to be settled. */

import type { PersonId } from './people.js';

export type AlertKind =
  /** "I didn't ask for this": the person is paused until another lead settles it. */
  | 'fraud'
  /** A break-glass was found to be misuse: its person is paused likewise. */
  | 'misuse'
  /** Three denials in ten minutes. */
  | 'cool-down'
  /** A factor refused, or could not be asked. */
  | 'factor-failed'
  | 'identity-linked'
  | 'identity-ended'
  | 'factor-offered'
  | 'factor-added'
  | 'factor-ended'
  | 'ssh-key-added'
  | 'ssh-key-ended'
  /** The configuration has changed. */
  | 'applied'
  /** A break-glass that somebody has to review, and one that nobody has reviewed in time. */
  | 'review-owed'
  | 'review-late'
  /** A lead lets somebody break glass once more. */
  | 'glass-allowed'
  /** What Keyturn has to do at a system can't be done there for too long, or whoever answers isn't that system. */
  | 'target-stuck'
  | 'target-untrusted'
  /** The password that somebody wanted changed is changed, and was read back. */
  | 'rotated'
  /** It makes access easier, so it waits for a second lead. */
  | 'proposed';

export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  /** Whom it is about. */
  readonly person: PersonId | null;
  /** One alert a key: the same trouble is told once. */
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly state: 'told' | 'open' | 'settled';
  readonly at: Date;
  readonly settledAt: Date | null;
  readonly settledBy: PersonId | null;
  readonly version: number;
}

export const ALERT_TRANSITIONS: readonly (readonly [Alert['state'] | null, Alert['state']])[] = [
  [null, 'told'],
  [null, 'open'],
  ['open', 'settled'],
];

/** Whether this alert stops its person from acting: an open one always does. */
export function pauses(alert: Alert): boolean {
  return alert.state === 'open';
}
