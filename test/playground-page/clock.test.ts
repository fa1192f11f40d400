import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WoundClock } from '../../src/playground/clock.js';
import type { ClockView } from '../../src/playground/page/clock-contract.js';
import {
  byTheClock,
  keyturnNow,
  keyturnTime,
  sayDate,
  sayTime,
  sayWound,
} from '../../src/playground/page/state/clock.js';
import { now } from '../../src/store/deployment.js';
import { type OpenedDatabase, openTestDatabase } from '../support/house.js';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 18, 0, 0);
const chicago = (...windings: ClockView['windings']): ClockView => ({
  timezone: 'America/Chicago',
  windings: [{ at: 0, ahead: 0 }, ...windings],
});

describe('the clock on the page', () => {
  it('says the time and the day where the operator is, wherever the reader is', () => {
    expect(sayTime(chicago(), new Date(NOON))).toBe('12:00:00');
    expect(sayDate(chicago(), new Date(NOON))).toBe('Mon 23 Nov');
    expect(sayTime({ ...chicago(), timezone: 'Europe/Berlin' }, new Date(NOON))).toBe('19:00:00');
    expect(sayTime(chicago(), new Date(NOON - 12 * HOUR))).toBe('00:00:00');
  });

  it('is ahead by what it was wound on', () => {
    const clock = chicago({ at: NOON, ahead: HOUR }, { at: NOON + 5, ahead: 25 * HOUR });
    expect(keyturnNow(clock, NOON + 10).getTime()).toBe(NOON + 10 + 25 * HOUR);
    expect(keyturnNow(chicago(), NOON).getTime()).toBe(NOON);
  });

  it('leaves each message at the time that it was when it came', () => {
    const clock = chicago({ at: NOON, ahead: HOUR }, { at: NOON + HOUR, ahead: 25 * HOUR });
    expect(keyturnTime(clock, NOON - 1)).toBe(NOON - 1);
    const iso = (at: number) => new Date(at).toISOString();
    const messages = [NOON - 60_000, NOON + 60_000, NOON + HOUR + 60_000].map((at) => ({ at: iso(at) }));
    expect(byTheClock(clock, { id: 'C1', messages })).toEqual({
      id: 'C1',
      messages: [NOON - 60_000, NOON + HOUR + 60_000, NOON + 26 * HOUR + 60_000].map((at) => ({
        at: iso(at),
      })),
    });
  });

  it('says what it is after winding, with the day where that is another', () => {
    const say = (from: number, to: number, words: string) =>
      sayWound(chicago(), new Date(from), new Date(to), words);
    expect(say(NOON, NOON + HOUR, '1 hour')).toBe('It is now 13:00, 1 hour later.');
    expect(say(NOON, NOON + 24 * HOUR, '1 day')).toBe('It is now Tuesday 12:00, 1 day later.');
    expect(say(NOON + 11.5 * HOUR, NOON + 12.5 * HOUR, '1 hour')).toBe(
      'It is now Tuesday 00:30, 1 hour later.',
    );
  });
});

describe('the clock of local mode', () => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase('embedded');
  });
  afterAll(() => opened?.close());

  it('is the database’s, before and after it is wound, and after a restart', async () => {
    const { database } = opened;
    const clock = await WoundClock.open(database, 'America/Chicago');
    const apart = async () => Math.abs(clock.now() - (await now(database)).getTime());
    expect(await apart()).toBeLessThan(2_000);
    await clock.wind(86_400);
    expect(await apart()).toBeLessThan(2_000);
    expect(clock.now() - Date.now()).toBeGreaterThan(86_398_000);
    expect(clock.view().windings.map(({ ahead }) => ahead)).toEqual([0, 24 * HOUR]);
    const next = await WoundClock.open(database, 'America/Chicago');
    expect(next.view()).toEqual({ timezone: 'America/Chicago', windings: [{ at: 0, ahead: 24 * HOUR }] });
    await next.wind(300);
    expect(next.view().windings.at(-1)?.ahead).toBe(24 * HOUR + 300_000);
  });
});
