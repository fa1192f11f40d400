/** How times, durations, names and lists are said, everywhere the same. */

import type { Account, Delivery } from '../accounts.js';
import type { Directory } from '../directory.js';
import type { PersonId } from '../people.js';

/** `30 minutes`, `1 hour`, `1 hour 30 minutes`, `45 seconds`. */
export function sayDuration(seconds: number): string {
  if (seconds < 60) return count(Math.max(0, Math.ceil(seconds)), 'second');
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 ? count(hours, 'hour') : '', rest > 0 ? count(rest, 'minute') : '']
    .filter(Boolean)
    .join(' ');
}

/**
 * `14:03` in the operator's timezone; with the day where it isn't `now`'s. Near a change of the clocks the hour comes
 * twice, or not at all, so it bears the zone's name: `01:40 CST`.
 */
export function sayTime(at: Date, directory: Directory, now?: Date): string {
  const clock = format(at, directory.timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const time = `${clock}${nearChange(at, directory.timezone)}`;
  const day = format(at, directory.timezone, { day: 'numeric', month: 'short' });
  const today = now === undefined ? day : format(now, directory.timezone, { day: 'numeric', month: 'short' });
  return day === today ? time : `${day} ${time}`;
}

/** `23 Nov 14:03:07`: for the audit trail. */
export function sayInstant(at: Date, directory: Directory): string {
  const second = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const time = `${format(at, directory.timezone, second)}${nearChange(at, directory.timezone)}`;
  return `${format(at, directory.timezone, { day: 'numeric', month: 'short' })} ${time}`;
}

const NEAR_MS = 3 * 60 * 60 * 1000;

/** Clocks are changed on the quarter of an hour. */
const QUARTER_MS = 15 * 60 * 1000;
const MOST_QUARTERS = 1000;
const quarters = new Map<string, string>();

/** ` CST` where the clocks are changed within three hours before or after; else nothing. */
function nearChange(at: Date, timezone: string): string {
  const quarter = Math.floor(at.getTime() / QUARTER_MS);
  const key = `${timezone} ${quarter}`;
  const known = quarters.get(key);
  if (known !== undefined) return known;
  const [before, now, after] = [-NEAR_MS, 0, NEAR_MS].map((ms) =>
    zone(new Date(quarter * QUARTER_MS + ms), timezone),
  );
  const found = before === after ? '' : ` ${now}`;
  if (quarters.size >= MOST_QUARTERS) quarters.clear();
  quarters.set(key, found);
  return found;
}

/** Which words a zone's times go by depends on where they are read; each country has names for its own. */
const READERS = ['en-US', 'en-GB', 'en-AU', 'en-NZ'];

/** `CST` and `CDT`, `GMT` and `BST`; `GMT+1` where English has no name for it. */
function zone(at: Date, timezone: string): string {
  let name = '';
  for (const reader of READERS) {
    name = format(at, timezone, { timeZoneName: 'short', year: 'numeric' }, reader).replace(/^\d+,? */, '');
    if (/^[A-Z]{3,5}$/.test(name)) break;
  }
  return name;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes far longer than using it, so each is kept. */
function format(at: Date, timeZone: string, options: Intl.DateTimeFormatOptions, reader = 'en-GB'): string {
  const key = `${reader} ${timeZone} ${Object.entries(options)}`;
  const kept = formats.get(key) ?? new Intl.DateTimeFormat(reader, { timeZone, ...options });
  formats.set(key, kept);
  return kept.format(at);
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`; `or` for alternatives. */
export function list(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** Names, at most so many before "or 3 others". */
export function names(
  people: readonly PersonId[],
  directory: Directory,
  most = 4,
  last: 'and' | 'or' = 'or',
): string {
  const all = people.map((id) => directory.nameOf(id));
  if (all.length <= most) return list(all, last);
  return `${all.slice(0, most - 1).join(', ')} ${last} ${count(all.length - most + 1, 'other')}`;
}

/** `leads` → `a lead`; `contacts` → `somebody at Delta Resale`; a group by its name. */
export function sayStep(from: string, need: number, client: string, directory: Directory): string {
  if (from === 'leads') return need === 1 ? 'a lead' : count(need, 'lead');
  const name = directory.client(client)?.name ?? client;
  if (from === 'contacts') return need === 1 ? `somebody at ${name}` : `${need} people at ${name}`;
  if (from.includes('@')) return directory.byEmail(from)?.name ?? from;
  return need === 1 ? `one of ${from}` : `${need} of ${from}`;
}

export function sayDelivery(delivery: Delivery): string {
  const ways: Record<Delivery, string> = {
    reveal: 'password, shown once',
    ssh: 'SSH session',
    sql: 'SQL session',
    'aws-console': 'AWS console',
    elevate: 'group membership',
    rdp: 'remote desktop',
  };
  return ways[delivery];
}

export function accountLine(account: Pick<Account, 'name' | 'client' | 'id'>): string {
  return `${account.name} (${account.client}/${account.id})`;
}
