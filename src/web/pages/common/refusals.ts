/** Which "no" ends a page, and which leaves it where it is. */

import type { RefusedAnswer } from '../../link-answers.js';

export const LOST = 'The server didn’t answer. Check your connection and try again.';

/** After these the same step can be tried again. */
const PASSING = ['busy', 'too-often', 'fault', 'bad-secret', 'same-secret'];

/** After these no code and no other way helps. */
const ENDING = [
  'link-over',
  'other-browser',
  'grant-over',
  'not-lendable',
  'may-not-ask',
  'task-done',
  'no-task',
  'nobody',
  'paused',
  'may-not-report',
  'not-proven',
  'enrol-over',
  'has-factor',
];

export function passes(no: RefusedAnswer): boolean {
  return PASSING.includes(no.refused);
}

/** Whether it is over for somebody in the middle of confirming; every other "no" is about what they typed or pressed. */
export function ends(no: RefusedAnswer): boolean {
  return ENDING.includes(no.refused);
}

/** What the server said to the last thing typed or pressed. A new one each time, so that the same words count again. */
export interface Wrong {
  readonly says: string;
}
