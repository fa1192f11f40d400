/** From an approved request to access: the grant is made in the transaction that approves. */

import { type Account, type Delivery, fullName } from './accounts.js';
import { type AuditEvent, event } from './audit.js';
import type { Notice, Write } from './change.js';
import type { Facts } from './facts.js';
import { type Grant, grantIdOf } from './grant.js';
import type { Actor, Person } from './people.js';
import type { Verdict } from './policy.js';
import type { Request } from './request.js';
import { aboutTarget, jitLogin, type Target, UNMADE } from './target.js';

type Approved = Extract<Verdict, { kind: 'approved' }>;

/**
 * The request approved and its grant, as writes, audit events and notices. Where nothing has to be made at the system
 * the grant is born active and its clock starts; else it starts when that stands.
 */
export function newGrant(
  facts: Facts,
  actor: Actor,
  request: Request,
  verdict: Approved,
  account: Account,
): { writes: Write[]; audit: AuditEvent[]; notices: Notice[] } {
  const target = targetOf(facts, request, account);
  const grant: Grant = {
    id: grantIdOf(request.id),
    request: request.id,
    client: request.client,
    account: request.account,
    holder: request.requester,
    delivery: request.delivery,
    seconds: verdict.seconds,
    exclusive: account.exclusive,
    state: target ? 'provisioning' : 'active',
    outcome: null,
    version: 1,
    activeAt: target ? null : facts.now,
    endsAt: target ? null : new Date(facts.now.getTime() + verdict.seconds * 1000),
    endedAt: null,
    endedBy: null,
    endReason: null,
    warnedAt: null,
    target,
    made: target && UNMADE,
  };
  const about = { account: fullName(account), holder: grant.holder, minutes: grant.seconds / 60 };
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
      target
        ? event(actor, request.client, 'grant.provisioning', grant.id, { ...about, ...target })
        : event(actor, request.client, 'grant.active', grant.id, {
            ...about,
            until: grant.endsAt?.toISOString(),
          }),
    ],
    notices: target ? [aboutTarget(grant)] : [],
  };
}

/** Deliveries by which a login is in a group for a while. */
const LENDS_GROUP: readonly Delivery[] = ['elevate', 'sql'];

/** What this delivery needs at the system; null where it needs nothing. Who has no login there is refused before. */
function targetOf(facts: Facts, request: Request, account: Account): Target | null {
  const { system, username, elevate } = account;
  if (!system) return null;
  if (LENDS_GROUP.includes(request.delivery) && elevate) {
    const login = loginFor(facts.directory.person(request.requester), account, grantIdOf(request.id));
    return login === null ? null : { kind: 'elevation', system, login, group: elevate.group, as: elevate.as };
  }
  return account.atRest === 'disabled' && username ? { kind: 'login', system, login: username } : null;
}

/** The login that is put into an account's group: the person's own there, or one for the grant; null where they have none. */
export function loginFor(
  person: Person | undefined,
  { system, elevate }: Pick<Account, 'system' | 'elevate'>,
  grant: string,
): string | null {
  if (elevate?.as === 'jit') return jitLogin(grant);
  return person?.logins?.[system ?? ''] ?? null;
}
