/** Instants in the operator's timezone: for machines `2026-11-23T14:03:07-06:00`, for people `2026-11-23 14:03`. */

import type { Directory } from './directory.js';
import { wallClock } from './local-day.js';

const QUARTER_MS = 15 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, { readonly minutes: number; readonly text: string }>();
/** Half a million quarters of an hour would be fourteen years. */
const MOST_KEPT = 50_000;

/** With the offset that holds there and then. */
export function isoInstant(at: Date, timeZone: string): string {
  const { minutes, text } = offsetAt(at, timeZone);
  return `${new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19)}${text}`;
}

/** By the operator's clocks. */
export function sayClock(at: Date, { timezone }: Pick<Directory, 'timezone'>): string {
  const { day, time } = wallClock(at, timezone);
  return `${day} ${time}`;
}

/** No timezone changes its offset but on a quarter of an hour, and a report has millions of instants. */
function offsetAt(at: Date, timeZone: string) {
  const key = `${timeZone} ${Math.floor(at.getTime() / QUARTER_MS)}`;
  const known = offsets.get(key);
  if (known) return known;
  const offset = offsetOf(at, timeZone);
  if (offsets.size >= MOST_KEPT) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function offsetOf(at: Date, timeZone: string) {
  const kept =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, kept);
  const name = kept.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '00', mins = '00'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name) ?? [];
  const minutes = (Number(hours) * 60 + Number(mins)) * (sign === '-' ? -1 : 1);
  return { minutes, text: `${sign}${hours}:${mins}` };
}
