/** Which local day's digest is due: one a day, whatever the clocks, the ticks and the replicas do. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestDue } from '../../src/core/digest.js';
import type { LastDigest } from '../../src/core/digest-facts.js';
import { daysUntil, newestDay, wallClock } from '../../src/core/local-day.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A day of 23 and one of 25 hours a year; half an hour; both at midnight. */
const ZONES = ['America/Chicago', 'Australia/Lord_Howe', 'America/Santiago'];
const zone = fc.constantFrom(...ZONES);
const at = fc.nat(95).map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`);
const instant = fc.integer({ min: Date.UTC(2012, 0, 1) / MINUTE, max: Date.UTC(2035, 0, 1) / MINUTE });
/** Instants near a change of the clocks, which random ones rarely hit. */
const change = fc
  .record({ zone, year: fc.integer({ min: 2012, max: 2034 }), pick: fc.nat(5), before: fc.nat(3 * 24 * 60) })
  .map((one) => ({ zone: one.zone, start: changeOf(one.zone, one.year, one.pick) - one.before }));
const where = fc.oneof(fc.record({ zone, start: instant }), change);

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** The minute, since the epoch, of one of the year's changes of a zone's clocks. */
function changeOf(timezone: string, year: number, pick: number): number {
  const found = changes.get(`${timezone} ${year}`) ?? changesIn(timezone, year);
  changes.set(`${timezone} ${year}`, found);
  return (found[pick % found.length] as number) / MINUTE;
}

const changes = new Map<string, number[]>();

function changesIn(timezone: string, year: number): number[] {
  const found: number[] = [];
  const offset = (t: number) => {
    const { day, time } = wallClock(new Date(t), timezone);
    return Date.parse(`${day}T${time}:00Z`) - t;
  };
  for (let t = Date.UTC(year, 0, 1); t < Date.UTC(year + 1, 0, 1); t += 6 * HOUR)
    if (offset(t) !== offset(t + 6 * HOUR)) found.push(t + 3 * HOUR);
  return found.length > 0 ? found : [Date.UTC(year, 5, 1)];
}

const onQuarter = (minute: number) => Math.floor(minute / 15) * 15 * MINUTE;
const settings = (timezone: string, time: string) => ({ timezone, digest: { at: time, to: ['leads'] } });

/** Every local day on which some quarter of an hour after `from` shows the time or a later one. */
function daysThatCome(timezone: string, time: string, from: number, to: number): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  const days = new Set<string>();
  const before = new Set<string>();
  for (let t = from - 3 * DAY; t <= to; t += 15 * MINUTE) {
    const [day = '', shown = ''] = format.format(new Date(t)).split(' ');
    if (shown >= time) (t <= from ? before : days).add(day);
  }
  return [...days].filter((day) => !before.has(day)).sort();
}

/** What two replicas that look at these instants write into a table with a unique day. */
function written(timezone: string, time: string, born: number, looks: readonly number[]): string[] {
  const table: string[] = [];
  for (const look of looks) {
    const last: LastDigest = { day: table.at(-1) ?? null, bornAt: new Date(born) };
    // The other replica has read the same, and its row is refused by the key.
    const due = digestDue(new Date(look), settings(timezone, time), last);
    for (const day of [due, due]) if (day !== null && !table.includes(day)) table.push(day);
  }
  return table;
}

describe('a digest', () => {
  test('is written exactly once for every local day, by whoever looks every quarter of an hour', () => {
    fc.assert(
      fc.property(where, at, fc.integer({ min: 1, max: 5 }), ({ zone: timezone, start }, time, days) => {
        const born = onQuarter(start);
        const end = born + days * DAY;
        const looks = Array.from(
          { length: (end - born) / (15 * MINUTE) + 1 },
          (_, n) => born + n * 15 * MINUTE,
        );
        expect(written(timezone, time, born, looks)).toEqual(daysThatCome(timezone, time, born, end));
      }),
      { numRuns: 100 },
    );
  });

  test('is never written twice for a day, nor for one that is over when a newer one is due, however the looks fall', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4 * 24 * 60 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(where, at, gaps, ({ zone: timezone, start }, time, minutes) => {
        let t = onQuarter(start);
        const looks = minutes.map((gap) => (t += gap * MINUTE));
        const table = written(timezone, time, onQuarter(start), looks);
        expect([...new Set(table)].sort()).toEqual(table);
        const come = daysThatCome(timezone, time, onQuarter(start), t);
        for (const day of table) expect(come).toContain(day);
        if (come.length > 0) expect(table.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['is sent when the clocks have passed a time that they leave out', '02:30', '2026-03-08T07:59:00Z', null],
    ['does not wait for the next day then', '02:30', '2026-03-08T08:00:00Z', '2026-03-08'],
  ])('%s', (_, time, now, due) => {
    const last = { day: '2026-03-07', bornAt: new Date(0) };
    expect(digestDue(new Date(now), settings('America/Chicago', time), last)).toBe(due);
  });

  test('of a time that comes twice is sent at the first', () => {
    const due = (now: string, day: string) =>
      digestDue(new Date(now), settings('America/Chicago', '01:30'), { day, bornAt: new Date(0) });
    expect(due('2026-11-01T06:29:00Z', '2026-10-31')).toBeNull();
    expect(due('2026-11-01T06:30:00Z', '2026-10-31')).toBe('2026-11-01');
    expect(due('2026-11-01T07:15:00Z', '2026-11-01')).toBeNull();
    expect(due('2026-11-01T07:30:00Z', '2026-11-01')).toBeNull();
  });

  test('is not sent of a date that a zone has left out', () => {
    const due = (now: string, day: string) =>
      digestDue(new Date(now), settings('Pacific/Apia', '08:00'), { day, bornAt: new Date(0) });
    expect(due('2011-12-30T10:30:00Z', '2011-12-29')).toBeNull();
    expect(due('2011-12-30T18:00:00Z', '2011-12-29')).toBe('2011-12-31');
  });

  test('was not missed by a deployment that wasn’t there yet', () => {
    const born = { day: null, bornAt: new Date('2026-11-23T14:00:00Z') };
    const due = (now: string) => digestDue(new Date(now), settings('UTC', '08:00'), born);
    expect(due('2026-11-23T15:00:00Z')).toBeNull();
    expect(due('2026-11-24T07:59:00Z')).toBeNull();
    expect(due('2026-11-24T08:00:00Z')).toBe('2026-11-24');
  });

  test('tells of all missed days in the newest one', () => {
    const last = { day: '2026-11-20', bornAt: new Date(0) };
    expect(digestDue(new Date('2026-11-23T07:00:00Z'), settings('UTC', '08:00'), last)).toBe('2026-11-22');
  });
});

describe('local days', () => {
  test('the last thirty follow one another, each begins where the one before ends', () => {
    fc.assert(
      fc.property(where, ({ zone: timezone, start }) => {
        const days = daysUntil(new Date(start * MINUTE), timezone, 30);
        expect(days.map(({ day }) => day)).toEqual([...new Set(days.map(({ day }) => day))].sort());
        expect(days.at(-1)?.day).toBe(newestDay(new Date(start * MINUTE), timezone, '00:00'));
        for (const { day, start: first } of days) {
          expect(wallClock(first, timezone).day).toBe(day);
          expect(wallClock(new Date(first.getTime() - MINUTE), timezone).day < day).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
