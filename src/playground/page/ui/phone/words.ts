/** What became of a push, in the words of who answered it. */

import type { PushState } from '../../duo-contract.js';

const OUTCOMES: Readonly<Record<PushState, string>> = {
  waiting: 'Waiting',
  allowed: 'Approved',
  denied: 'Denied',
  fraud: 'Reported as fraud',
  timeout: 'Timed out',
  'locked-out': 'Locked out',
  bypassed: 'Let in without asking',
};

export function outcomeOf(state: PushState): string {
  return OUTCOMES[state];
}
