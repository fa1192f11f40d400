/** What the leads read of the configuration: what has changed, or what one of them wants changed and another has to allow. */

import type { Alert } from '../alert.js';
import type { AlertFacts } from '../facts.js';
import type { PersonId } from '../people.js';
import type { Action } from './card.js';
import { sayTime } from './words.js';

/** The differences, as the alert keeps them; empty for any other alert. */
export function differencesIn({ kind, data }: Alert): string[] {
  return kind === 'applied' || kind === 'proposed' ? (data.lines as string[]) : [];
}

export function sayApplied({ alert, directory }: AlertFacts): string {
  const { version, by, proposer } = alert.data as {
    version: number;
    by: PersonId;
    proposer: PersonId | null;
  };
  const proposed = proposer === null ? '' : `, which ${directory.nameOf(proposer)} proposed`;
  return `${directory.nameOf(by)} applied version ${version}${proposed}.`;
}

export function titleOfProposal({ proposal }: AlertFacts): string {
  switch (proposal?.state) {
    case 'waiting':
      return 'A configuration waits for a second lead';
    case 'applied':
      return 'A proposed configuration was applied';
    case 'refused':
      return 'A proposed configuration was refused';
    default:
      return 'A proposed configuration is stale';
  }
}

export function sayProposed({ alert, proposal, directory, now }: AlertFacts): string[] {
  const who = directory.nameOf(alert.person);
  const settler = directory.nameOf(proposal?.settledBy ?? null);
  const at = sayTime(proposal?.settledAt ?? now, directory);
  switch (proposal?.state) {
    case 'waiting':
      return [
        `${who} proposes this version. It makes access easier, so a second lead has to apply it, with their own second factor.`,
      ];
    case 'applied':
      return [`${who} proposed it, and ${settler} applied it, ${at}.`];
    case 'refused':
      return [`${who} proposed it, and ${settler} refused it, ${at}. Nothing was changed.`];
    default:
      return [
        `${who} proposed it. The configuration has changed otherwise since, so it can’t be applied any more.`,
      ];
  }
}

/** For a lead who may settle it. Whoever presses is judged anew. */
export function proposalActions({ proposal }: AlertFacts, viewer: PersonId | null): Action[] {
  if (proposal?.state !== 'waiting' || viewer === null || viewer === proposal.proposer) return [];
  const { id } = proposal;
  return [
    { kind: 'button', act: 'apply-proposal', label: 'Apply', id, style: 'primary' },
    { kind: 'button', act: 'refuse-proposal', label: 'Refuse', id, style: 'danger' },
  ];
}
