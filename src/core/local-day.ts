/** Days and times of day as a timezone's clocks show them, changes of the clocks included. */

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a clock on the wall shows: `2026-11-23` and `08:00`. */
export interface WallClock {
  readonly day: string;
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws {RangeError} where there is no such timezone. */
export function wallClock(at: Date, timeZone: string): WallClock {
  const kept = formats.get(timeZone) ?? newFormat(timeZone);
  formats.set(timeZone, kept);
  const parts = Object.fromEntries(kept.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** Making a format takes far longer than using it, so each is kept. */
function newFormat(timeZone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: two, day: two, hour: two, minute: two },
  });
}

/**
 * The newest local day whose `time` (`08:00`) has come. A time that the clocks leave
 * out comes when they have passed it. Where they are put back it may come twice, so
 * compare days: what was newest once may be followed by the day before it.
 */
export function newestDay(at: Date, timeZone: string, time: string): string {
  const here = wallClock(at, timeZone);
  return here.time >= time ? here.day : dayBefore(at, timeZone, here.day);
}

/** The day before, as it really was: a zone that crosses the date line has none of some date. */
function dayBefore(at: Date, timeZone: string, day: string): string {
  for (let back = at.getTime() - HOUR; ; back -= HOUR) {
    const then = wallClock(new Date(back), timeZone).day;
    if (then < day) return then;
  }
}

/** A local day and the instant, to the minute, at which it begins. */
export interface StartOfDay {
  readonly day: string;
  readonly start: Date;
}

/** This local day and those before it, oldest first. */
export function daysUntil(at: Date, timeZone: string, days: number): StartOfDay[] {
  const found: StartOfDay[] = [];
  let { day } = wallClock(at, timeZone);
  for (let hour = at.getTime() - (at.getTime() % HOUR); found.length < days; hour -= HOUR) {
    const then = wallClock(new Date(hour), timeZone).day;
    if (then >= day) continue;
    let start = hour + HOUR;
    while (wallClock(new Date(start - MINUTE), timeZone).day >= day) start -= MINUTE;
    found.unshift({ day, start: new Date(start) });
    day = then;
  }
  return found;
}
