/** What goes on record, and in which chain. */

import type { Actor, PersonId } from './people.js';

export type AuditAction =
  | 'request.asked'
  | 'request.approved'
  | 'request.denied'
  | 'request.cancelled'
  | 'request.lapsed'
  | 'request.escalated'
  | 'decision.approve'
  | 'decision.deny'
  | 'grant.active'
  | 'grant.extended'
  | 'grant.expired'
  | 'grant.returned'
  | 'grant.revoked'
  | 'link.made'
  | 'link.asked'
  | 'link.confirmed'
  | 'link.failed'
  | 'link.dead'
  | 'secret.shown'
  | 'secret.stored'
  | 'code.shown'
  | 'code.asked'
  | 'code.typed'
  | 'code.handed'
  | 'revocation.due'
  | 'revocation.done'
  | 'revocation.assigned'
  | 'revocation.stuck'
  | 'grant.provisioning'
  | 'rotation.asked'
  | 'rotation.prepared'
  | 'rotation.dropped'
  | 'secret.rotated'
  | 'orphan.removed'
  | 'ticket.made'
  | 'session.opened'
  | 'session.refused'
  | 'session.cut'
  | 'session.ended'
  | 'session.recorded'
  | 'session.wrong-host-key'
  | 'ssh-key.added'
  | 'ssh-key.ended'
  | 'identity.linked'
  | 'identity.ended'
  | 'identity.met'
  | 'proof.asked'
  | 'proof.another'
  | 'proof.allowed'
  | 'proof.wrong-code'
  | 'proof.denied'
  | 'proof.fraud'
  | 'proof.timeout'
  | 'proof.failed'
  | 'proof.void'
  | 'person.paused'
  | 'person.resumed'
  | 'person.swept'
  | 'sweep.proposed'
  | 'sweep.access-ended'
  | 'sweep.done'
  | 'sweep.dropped'
  | 'factor.offered'
  | 'factor.added'
  | 'factor.ended'
  | 'glass.broken'
  | 'glass.allowed'
  | 'review.justified'
  | 'review.misuse'
  | 'review.reminded'
  | 'review.late'
  | 'directory.proposed'
  | 'directory.refused'
  | 'directory.applied'
  | 'digest.sent'
  | 'keys.rotated'
  | 'report.read'
  | 'recording.watched'
  | 'audit.exported'
  | 'visit.made'
  | 'visit.asked'
  | 'visit.confirmed'
  | 'visit.failed'
  | 'visit.dead'
  | 'act.refused';

/** One act, or one refusal. `chain` is a client's id, or `operator`. Never holds a secret. */
export interface AuditEvent {
  readonly chain: string;
  readonly action: AuditAction;
  readonly actor: PersonId | null;
  readonly via: Actor['via'];
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event as it stands in its chain. */
export interface AuditRow extends AuditEvent {
  readonly seq: number;
  readonly at: Date;
  readonly hash: string;
}

/** An event by this actor; `undefined` in `data` is left out. */
export function event(
  actor: Actor,
  chain: string,
  action: AuditAction,
  subject: string,
  data: Record<string, unknown> = {},
): AuditEvent {
  return {
    chain,
    action,
    actor: actor.via === 'system' ? null : actor.person,
    via: actor.via,
    subject,
    data,
  };
}

/** Keyturn itself: expiry and lapse have nobody's name. */
export const KEYTURN: Actor = { person: 'keyturn', via: 'system' };
