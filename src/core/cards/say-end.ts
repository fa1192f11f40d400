/** How a grant ended, and what is true at the target: "taken back" only where that was read back. */

import type { RequestFacts } from '../facts.js';
import type { Grant } from '../grant.js';
import { said, type Text, typed } from './card.js';
import { sayTime } from './words.js';

export function sayEnd(facts: RequestFacts): Text[] {
  const { grant } = facts;
  if (!grant) return [];
  const reason = grant.endReason === null ? [] : [typed(`“${grant.endReason}”`)];
  return [said(sayHow(facts, grant)), ...reason, said(sayTarget(facts))];
}

function sayHow(facts: RequestFacts, grant: Grant): string {
  const at = sayTime(grant.endedAt ?? grant.endsAt ?? facts.now, facts.directory);
  const by = facts.directory.nameOf(grant.endedBy);
  const how = {
    expired: `Time was up ${at}.`,
    returned: `Returned ${at}.`,
    revoked: `Revoked by ${by} ${at}.`,
  };
  return how[grant.outcome ?? 'expired'];
}

function sayTarget(facts: RequestFacts): string {
  const { revocation, directory } = facts;
  if (!revocation) return 'Nothing more is served from it.';
  if (revocation.state === 'done' && revocation.kind === 'nothing') {
    return facts.exposures.length === 0
      ? 'The password was never shown, so there is nothing to change.'
      : 'The password was changed since it was shown.';
  }
  if (revocation.state === 'done') {
    const at = sayTime(revocation.doneAt as Date, directory);
    return `Taken back: ${directory.nameOf(revocation.doneBy)} changed the password and entered the new one ${at}.`;
  }
  const who = revocation.assignee === null ? 'somebody' : directory.nameOf(revocation.assignee);
  return `The password was shown and still works until ${who} changes it.`;
}
