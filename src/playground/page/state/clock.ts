/** Keyturn's clock as the page reckons and says it. The played chats go by the real one, and are shown by Keyturn's. */

import type { ClockView, WindOutcome, WindSeconds } from '../clock-contract.js';
import { get, post } from './api.js';

const LOCALE = 'en-GB';

export const getClock = () => get<ClockView>('/play/clock');

/** Winds the clock on. It never throws: what went wrong is a sentence in the outcome. */
export function windOn(seconds: WindSeconds): Promise<WindOutcome> {
  return post('/play/clock', { seconds });
}

/** What Keyturn's clock said at an instant of the real one; both in milliseconds since 1970. */
export function keyturnTime({ windings }: ClockView, real: number): number {
  return real + (windings.findLast(({ at }) => at <= real)?.ahead ?? 0);
}

/** What Keyturn's clock says now. */
export function keyturnNow({ windings }: ClockView, real: number = Date.now()): Date {
  return new Date(real + (windings.at(-1)?.ahead ?? 0));
}

/** A room with the times at which Keyturn's clock stood when each message came. */
export function byTheClock<M extends { readonly at: string }, R extends { readonly messages: readonly M[] }>(
  clock: ClockView,
  room: R,
): R {
  const told = (at: string) => new Date(keyturnTime(clock, Date.parse(at))).toISOString();
  return { ...room, messages: room.messages.map((message) => ({ ...message, at: told(message.at) })) };
}

const said = ({ timezone: timeZone }: ClockView, when: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LOCALE, { timeZone, hourCycle: 'h23', ...options }).format(when);

/** `15:40:12`, in the operator's timezone. */
export function sayTime(clock: ClockView, when: Date): string {
  return said(clock, when, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** `Mon 23 Nov`. */
export function sayDate(clock: ClockView, when: Date): string {
  return said(clock, when, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
}

/** `It is now 15:40, 1 hour later.` It names the day where that is another one. */
export function sayWound(clock: ClockView, before: Date, now: Date, words: string): string {
  const weekday = said(clock, now, { weekday: 'long' });
  const day = sayDate(clock, before) === sayDate(clock, now) ? '' : `${weekday} `;
  return `It is now ${day}${said(clock, now, { hour: '2-digit', minute: '2-digit' })}, ${words} later.`;
}
