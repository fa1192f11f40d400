/** Asking for more time of what one holds. */

import type { RequestFacts } from '../facts.js';
import { LONGEST_REASON } from '../free-text.js';
import type { Grant } from '../grant.js';
import { type Policy, roomFor, SHORTEST_SECONDS } from '../policy.js';
import { type Form, said } from './card.js';
import { sayPolicy } from './forms.js';
import { accountName } from './request-card.js';
import { sayDuration, sayTime } from './words.js';

/**
 * How much more time, and why: it is a new approval, so it needs a reason of its own.
 *
 * @param wanted seconds that were typed already; offered and chosen where they fit.
 */
export function extendForm(facts: RequestFacts, wanted?: number): Form {
  const grant = facts.grant as Grant;
  const policy = facts.policyNow as Policy;
  const { directory, client, request } = facts;
  const left = roomFor(policy, grant);
  const lengths = moreOnOffer(policy, left, wanted);
  const chosen = lengths.find((seconds) => seconds === wanted) ?? (lengths[0] as number);
  const until = sayTime(grant.endsAt as Date, directory, grant.activeAt as Date);
  const account = directory.account(grant.client, grant.account);
  return {
    form: 'extend',
    id: grant.id,
    title: 'More time',
    submit: 'Ask',
    lines: [
      said(`${client?.name ?? request.client}: ${accountName(facts)}, yours until ${until}`),
      said(`At most ${sayDuration(left)} more. ${account ? sayPolicy(account, directory) : ''}`.trim()),
    ],
    fields: [
      {
        id: 'long',
        label: 'How much longer',
        input: {
          kind: 'choice',
          choices: lengths.map((s) => ({ label: sayDuration(s), value: String(s) })),
          chosen: String(chosen),
        },
      },
      {
        id: 'why',
        label: 'Why',
        hint: 'The approvers decide by it, and it stays on record. Never put a password here.',
        input: { kind: 'text', most: LONGEST_REASON, placeholder: 'What is left to do?' },
      },
    ],
  };
}

/** The policy's lengths that still fit; where none does, what is left. */
function moreOnOffer({ durations }: Policy, left: number, wanted: number | undefined): number[] {
  const offered = [...durations, ...(wanted === undefined ? [] : [wanted])];
  const fitting = offered.filter((seconds) => seconds >= SHORTEST_SECONDS && seconds <= left);
  return fitting.length === 0 ? [left] : [...new Set(fitting)].sort((a, b) => a - b);
}
