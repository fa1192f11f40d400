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

/** `14:03` in the operator's timezone; with the day where it isn't `now`'s. */
export function sayTime(at: Date, directory: Directory, now?: Date): string {
  const time = format(at, directory.timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = format(at, directory.timezone, { day: 'numeric', month: 'short' });
  const today = now === undefined ? day : format(now, directory.timezone, { day: 'numeric', month: 'short' });
  return day === today ? time : `${day} ${time}`;
}

/** `23 Nov 14:03:07`: for the audit trail. */
export function sayInstant(at: Date, directory: Directory): string {
  const second = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return `${format(at, directory.timezone, { day: 'numeric', month: 'short' })} ${format(at, directory.timezone, second)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes far longer than using it, so each is kept. */
function format(at: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${Object.entries(options)}`;
  const kept = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
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
