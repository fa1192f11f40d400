/** Escalation: when nobody decides, others are told; where the policy says so, they may decide from then on. */

import { noticesOf, over } from './ask.js';
import { event } from './audit.js';
import type { RequestFacts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor } from './people.js';
import { escalatedTo } from './policy.js';
import type { Request } from './request.js';

/** Puts on record that nobody has decided for as long as the policy waits. Refused before that, and a second time. */
export function escalate(facts: RequestFacts, actor: Actor): Judged {
  const { request, now, policyNow: policy, directory } = facts;
  if (request.state !== 'pending') return refuse(over(request));
  const { escalateAt, escalatedAt, decideBy } = request;
  if (escalateAt === null || now < escalateAt || escalatedAt !== null || now >= decideBy)
    return refuse({ code: 'busy' });
  const row: Request = { ...request, escalatedAt: now, version: request.version + 1 };
  return {
    change: change(facts, {
      writes: [{ put: 'request', row }],
      audit: [
        event(actor, request.client, 'request.escalated', request.id, {
          to: policy ? escalatedTo(policy, row, directory) : [],
          mayDecide: policy?.escalate?.mayDecide ?? false,
        }),
      ],
      notices: noticesOf(request, facts.grant),
    }),
  };
}
