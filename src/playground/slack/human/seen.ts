/** What comes back from one human act, and how a failure is worded. */
import type { Fields, Seen } from '../types.js';

/** Something a human can't do at all: no such button, no such person. */
export class Impossible extends Error {}

/** What an external select offered. */
export interface Offered extends Seen {
  readonly options: readonly Fields[];
  readonly optionGroups?: readonly Fields[];
}

/** A thing done on the screen alone: the app was not told. */
export const nothingSent: Seen = { ok: true, status: 0, ms: 0, via: 'none', attempts: 0 };

/** Slack's warning for an interaction that was not acknowledged. */
export function warning(error: string | undefined): string {
  if (error === 'operation_timeout') return 'The app did not answer within 3 seconds (operation_timeout).';
  if (error === 'dispatch_failed') return 'The app could not be reached (dispatch_failed).';
  return `The app answered with an error (${error}).`;
}
