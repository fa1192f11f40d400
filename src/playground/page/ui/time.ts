/** Times as the page shows them, in the reader's own zone. */

import { formatDate } from '../mrkdwn/date.js';

/** `14:03`. */
export function clockOf(iso: string): string {
  return formatDate('{time}', new Date(iso), new Date());
}

/** `Today`, `Yesterday`, or the date. */
export function dayOf(iso: string, now: Date): string {
  const day = formatDate('{date_pretty}', new Date(iso), now);
  return day.charAt(0).toUpperCase() + day.slice(1);
}

/** All of it, for the tip under the pointer. */
export function wholeOf(iso: string): string {
  return formatDate('{date_long}, {time_secs}', new Date(iso), new Date());
}
