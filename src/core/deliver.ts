/** From an approved request to access: the grant is made in the transaction that approves. */

import { type Account, fullName } from './accounts.js';
import { type AuditEvent, event } from './audit.js';
import type { Write } from './change.js';
import type { Facts } from './facts.js';
import { type Grant, grantIdOf } from './grant.js';
import type { Actor } from './people.js';
import type { Verdict } from './policy.js';
import type { Request } from './request.js';

type Approved = Extract<Verdict, { kind: 'approved' }>;

/**
 * The request approved and its grant, as writes and audit events. A reveal needs
 * nothing made at the target, so its grant is born active and its clock starts.
 */
export function newGrant(
  facts: Facts,
  actor: Actor,
  request: Request,
  verdict: Approved,
  account: Account,
): { writes: Write[]; audit: AuditEvent[] } {
  const grant: Grant = {
    id: grantIdOf(request.id),
    request: request.id,
    client: request.client,
    account: request.account,
    holder: request.requester,
    delivery: request.delivery,
    seconds: verdict.seconds,
    exclusive: account.exclusive,
    state: 'active',
    outcome: null,
    version: 1,
    activeAt: facts.now,
    endsAt: new Date(facts.now.getTime() + verdict.seconds * 1000),
    endedAt: null,
    endedBy: null,
    endReason: null,
    warnedAt: null,
  };
  const approved: Request = {
    ...request,
    state: 'approved',
    version: request.version + 1,
    endedAt: facts.now,
  };
  return {
    writes: [
      { put: 'request', row: approved },
      { put: 'grant', row: grant },
    ],
    audit: [
      event(actor, request.client, 'request.approved', request.id, {
        by: verdict.by,
        because: verdict.because,
      }),
      event(actor, request.client, 'grant.active', grant.id, {
        account: fullName(account),
        holder: grant.holder,
        minutes: grant.seconds / 60,
        until: grant.endsAt?.toISOString(),
      }),
    ],
  };
}
