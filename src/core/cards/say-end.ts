/** How a grant ended, and what is true at the target: "taken back" only where that was read back. */

import type { RequestFacts } from '../facts.js';
import type { Grant, Revocation } from '../grant.js';
import { said, type Text, typed } from './card.js';
import { count, sayTime } from './words.js';

export function sayEnd(facts: RequestFacts): Text[] {
  const { grant } = facts;
  if (!grant) return [];
  const reason = grant.endReason === null ? [] : [typed(`“${grant.endReason}”`)];
  return [said(sayHow(facts, grant)), ...reason, ...sayCut(facts), said(sayTarget(facts))];
}

/** Connections that were open then: the bastion cuts them within two seconds, on whichever replica they are. */
function sayCut({ sessions, sessionUses }: RequestFacts): Text[] {
  const open = sessions.length;
  const cut = sessionUses.reduce((sum, use) => sum + use.cut, 0);
  if (open > 0) return [said(`${count(open, 'open session')} ${open === 1 ? 'is' : 'are'} being cut.`)];
  return cut > 0 ? [said(`${count(cut, 'open session')} ${cut === 1 ? 'was' : 'were'} cut.`)] : [];
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
    if (revocation.kind === 'target' || revocation.doneBy === null)
      return revocation.proof?.stillLentBy
        ? `This access has ended; ${revocation.proof.readBack}.`
        : `Taken back, checked at the target ${at}: ${revocation.proof?.readBack}.`;
    return `Taken back: ${directory.nameOf(revocation.doneBy)} changed the password and entered the new one ${at}.`;
  }
  if (revocation.kind === 'target') return sayTaking(revocation, facts.exposures.length > 0);
  const who = revocation.assignee === null ? 'somebody' : directory.nameOf(revocation.assignee);
  return `The password was shown and still works until ${who} changes it.`;
}

/** Nothing more is served by Keyturn; whether the target still lets them in is another matter until it was read there. */
function sayTaking({ undo, tried, trouble }: Revocation, shown: boolean): string {
  const what = undo?.withdraw
    ? `${undo.withdraw.login} may still be in the group`
    : undo?.rotate
      ? `The password that was ${shown ? 'shown' : 'used'} still works`
      : 'The login may still be switched on';
  if (tried === 0) return 'Being taken back at the target now.';
  return `Not taken back yet. ${what}: ${trouble} Tried ${tried === 1 ? 'once' : `${tried} times`}; Keyturn goes on trying.`;
}
