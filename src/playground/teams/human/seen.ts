/** What comes back from one human act, and Teams' own words for a failure. */
import type { Delivered, Seen } from '../types.js';

/** Teams' words for an app that gave no answer. */
export const unreachable = 'Unable to reach app. Please try again.';

/** Teams' words for an answer that it can't use. */
export const somethingWrong = 'Something went wrong. Please try again.';

/** A thing done on the screen alone: the bot was not told. */
export const nothingSent: Seen = { ok: true, status: 0, ms: 0 };

/** A message or an event: the bot's answer is a status and no more. */
export function noticed(delivered: Delivered): Seen {
  const { status, ms } = delivered;
  if (status >= 200 && status < 300) return { ok: true, status, ms, delivered };
  const fault = delivered.error ?? `HTTP ${status}`;
  return { ok: false, status, ms, error: complaintOf(delivered), fault, delivered };
}

export const complaintOf = ({ error }: Delivered): string => (error ? unreachable : somethingWrong);
