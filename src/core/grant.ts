/** A grant: the access itself, and what has to be true at the target when it ends. */

import type { Delivery } from './accounts.js';
import type { PersonId } from './people.js';
import type { Made, Target, Undo } from './target.js';

export type GrantState = 'provisioning' | 'active' | 'ended';
export type GrantOutcome = 'expired' | 'returned' | 'revoked';

/** A grant bears the suffix of the request it came from: R-8F3KQ2 became G-8F3KQ2. */
export interface Grant {
  readonly id: string;
  readonly request: string;
  readonly client: string;
  readonly account: string;
  readonly holder: PersonId;
  readonly delivery: Delivery;
  readonly seconds: number;
  readonly exclusive: boolean;
  readonly state: GrantState;
  readonly outcome: GrantOutcome | null;
  readonly version: number;
  /** The clock starts when the grant becomes active, not when it was asked for. */
  readonly activeAt: Date | null;
  readonly endsAt: Date | null;
  readonly endedAt: Date | null;
  readonly endedBy: PersonId | null;
  readonly endReason: string | null;
  /** When its holder was last told that it ends soon. */
  readonly warnedAt: Date | null;
  /** What has to stand at the account's system while it lives; null where nothing has to. */
  readonly target: Target | null;
  /** What stands there by now. */
  readonly made: Made | null;
}

export type RevocationState = 'due' | 'stuck' | 'done';

/** Making one grant's end true at the target, with proof read back. */
export interface Revocation {
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  /** `manual`: a person changes the password. `target`: Keyturn does it itself. `nothing`: there is nothing to do. */
  readonly kind: 'manual' | 'target' | 'nothing';
  readonly state: RevocationState;
  readonly assignee: PersonId | null;
  readonly dueAt: Date;
  readonly doneAt: Date | null;
  readonly doneBy: PersonId | null;
  /** What was read back: of a password, the version that took the shown one's place. */
  readonly proof: Readonly<Record<string, unknown>> | null;
  /** What Keyturn does itself; null for the other kinds. */
  readonly undo: Undo | null;
  /** How often it was tried in vain, and what came back the last time. */
  readonly tried: number;
  readonly triedAt: Date | null;
  readonly trouble: string | null;
  readonly version: number;
}

/** Who was shown which version of which secret. */
export interface Exposure {
  readonly id: string;
  readonly grant: string;
  readonly client: string;
  readonly account: string;
  readonly person: PersonId;
  readonly secretVersion: number;
  readonly proof: string | null;
  readonly at: Date;
}

/** A delivery that needs nothing made at the target is born active. */
export const GRANT_TRANSITIONS: readonly (readonly [GrantState | null, GrantState])[] = [
  [null, 'provisioning'],
  [null, 'active'],
  ['provisioning', 'active'],
  ['provisioning', 'ended'],
  ['active', 'ended'],
];

export const REVOCATION_TRANSITIONS: readonly (readonly [RevocationState | null, RevocationState])[] = [
  [null, 'due'],
  [null, 'done'],
  ['due', 'stuck'],
  ['due', 'done'],
  ['stuck', 'due'],
  ['stuck', 'done'],
];

/** Whether a new password makes this end true; where a login is switched off as well, that has to be read back too. */
export function isMadeTrueByPassword({ kind, undo }: Revocation): boolean {
  return kind === 'manual' || (kind === 'target' && undo?.rotate !== undefined && !undo.disable);
}

/** Whether there is a password to show: the account's, or that of a login which was made for this grant. */
export function servesSecret(grant: Grant): boolean {
  return grant.delivery === 'reveal' || isJit(grant);
}

/** Whether the grant has a login of its own. */
export function isJit({ target }: Grant): boolean {
  return target?.kind === 'elevation' && target.as === 'jit';
}

/** `R-8F3KQ2` → `G-8F3KQ2`. */
export function grantIdOf(request: string): string {
  return `G${request.slice(1)}`;
}

/** `G-8F3KQ2` → `R-8F3KQ2`; a request's own id stays as it is. */
export function requestIdOf(id: string): string {
  return `R${id.slice(1)}`;
}

/** Whether the grant gives access at this instant, by the database's clock. */
export function isLive(grant: Grant, now: Date): boolean {
  return grant.state === 'active' && grant.endsAt !== null && now < grant.endsAt;
}
