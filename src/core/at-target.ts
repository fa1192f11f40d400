/** What is left to do at the system of one account, and which of it comes first: what has ended before what begins. */

import type { Account, System } from './accounts.js';
import type { AccountFacts } from './facts.js';
import { type Grant, isLive, type Revocation } from './grant.js';
import type { Rotation } from './rotation.js';
import { MARGIN_SECONDS } from './target.js';

/** What is known when Keyturn looks what is left to do for an account. */
export interface TargetFacts extends AccountFacts {
  readonly place: { readonly client: string; readonly account: string };
  /** The account as it is configured, or was when it was last; null where it never was. */
  readonly stored: Account | null;
  /** The systems of its client, those that are configured no more included. */
  readonly systems: readonly System[];
  /** Ends that aren't true yet, the longest due first. */
  readonly due: readonly Revocation[];
  /** The one that isn't settled; null where there is none. */
  readonly rotation: Rotation | null;
  /** Ends whose login another grant of the same person keeps in the same group: that grant, by the one that ended. */
  readonly lentBy: Readonly<Record<string, string>>;
  /** When the request of each live grant was approved, by grant. */
  readonly approvedAt: Readonly<Record<string, string>>;
  /** What the leads were told of lately about targets of this client, by the keys of the alerts. */
  readonly told: readonly string[];
}

export type Step =
  /** Take the login out of the group again. */
  | { readonly do: 'withdraw' | 'disable'; readonly revocation: Revocation }
  /** Everything that this end takes is read back: say so. */
  | { readonly do: 'settle'; readonly revocation: Revocation }
  /** Put a new password into the vault, before the target hears of it. */
  | { readonly do: 'prepare'; readonly rotation: Rotation | null }
  | { readonly do: 'rotate'; readonly rotation: Rotation }
  /** Somebody entered a later password by hand meanwhile. */
  | { readonly do: 'drop'; readonly rotation: Rotation }
  /** Put the password of a login into the vault that isn't made yet. */
  | { readonly do: 'seal'; readonly grant: Grant }
  /** Make what the grant needs, or have it last longer. */
  | { readonly do: 'provide'; readonly grant: Grant }
  | { readonly do: 'give-up'; readonly grant: Grant };

/** A grant that can't be made at its system within so long is given up: whoever waited has gone another way. */
export const GIVE_UP_SECONDS = 3600;

/** What comes next; null where the target is as it is recorded. */
export function nextStep(facts: TargetFacts): Step | null {
  return nextEnd(facts) ?? nextRotation(facts) ?? nextBeginning(facts);
}

function nextEnd(facts: TargetFacts): Step | null {
  const mine = facts.due.filter(({ kind }) => kind === 'target');
  const membership = mine.find(({ undo }) => undo?.withdraw);
  if (membership) {
    const isLent = facts.lentBy[membership.grant] !== undefined && !membership.undo?.disable;
    return { do: isLent ? 'settle' : 'withdraw', revocation: membership };
  }
  const changed = mine.find((revocation) => !wantsRotation(facts, revocation));
  if (changed) return { do: changed.undo?.disable ? 'disable' : 'settle', revocation: changed };
  return mine.length > 0 && !facts.rotation ? { do: 'prepare', rotation: null } : null;
}

/** Whether the password that was shown is still the one in force. */
export function wantsRotation({ secret }: TargetFacts, { undo }: Revocation): boolean {
  return undo?.rotate !== undefined && (secret?.version ?? 0) <= undo.rotate.version;
}

function nextRotation({ rotation, secret }: TargetFacts): Step | null {
  if (!rotation) return null;
  if (rotation.secretVersion !== null && rotation.secretVersion <= (secret?.version ?? 0))
    return { do: 'drop', rotation };
  return rotation.state === 'prepared' ? { do: 'rotate', rotation } : { do: 'prepare', rotation };
}

function nextBeginning(facts: TargetFacts): Step | null {
  const { live, now } = facts;
  const waits = live.filter((g) => g.target !== null && (g.state === 'provisioning' || isLive(g, now)));
  const grant = waits.find((g) => g.state === 'provisioning' || endsTooSoon(g));
  if (!grant) return null;
  if (grant.state === 'provisioning' && isPastHope(facts, grant)) return { do: 'give-up', grant };
  const isOwn = grant.target?.kind !== 'elevation' || grant.target.as === 'own';
  return isOwn || grant.made?.sealed ? { do: 'provide', grant } : { do: 'seal', grant };
}

/** The system would end by itself what was made longer meanwhile. */
function endsTooSoon({ made, endsAt }: Grant): boolean {
  return endsAt !== null && (made?.until == null || new Date(made.until) < endsAt);
}

function isPastHope({ approvedAt, now }: TargetFacts, grant: Grant): boolean {
  const since = approvedAt[grant.id];
  return since !== undefined && now.getTime() - new Date(since).getTime() > GIVE_UP_SECONDS * 1000;
}

/** Until when what a grant makes has to last at the least, with what lies between two clocks. */
export function untilOf({ now }: TargetFacts, grant: Grant): Date {
  const end = grant.endsAt ?? new Date(now.getTime() + grant.seconds * 1000);
  return new Date(end.getTime() + MARGIN_SECONDS * 1000);
}

/** The id of the system at which a step is done; null where none is needed, or none was ever configured. */
export function systemOf({ stored, systems }: TargetFacts, step: Step): System | null {
  const id =
    ('grant' in step ? step.grant.target?.system : undefined) ??
    ('revocation' in step
      ? (step.revocation.undo?.withdraw?.system ?? step.revocation.undo?.disable?.system)
      : undefined) ??
    stored?.system;
  return systems.find((system) => system.id === id) ?? null;
}
