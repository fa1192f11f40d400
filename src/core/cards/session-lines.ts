/** Connections that are open now: since when, where from, and the way for a lead to end one. */

import type { Directory } from '../directory.js';
import type { Session } from '../session.js';
import type { Button } from './card.js';
import { count, sayTime } from './words.js';

/** So many have a button of their own on one card. */
const MOST_ENDINGS = 5;

/** `X-8F3KQ2: open since 14:03, from 203.0.113.7`. */
export function sessionLine(session: Session, directory: Directory, now: Date): string {
  const { id, address, openedAt, endAskedAt } = session;
  const ends = endAskedAt === null ? '' : ', being ended by a lead';
  return `${id}: open since ${sayTime(openedAt, directory, now)}, from ${address}${ends}`;
}

/** One line of all of them; none where nothing is open. */
export function sayOpen(sessions: readonly Session[], directory: Directory, now: Date): string[] {
  const [first] = sessions;
  if (!first) return [];
  const since = `since ${sayTime(first.openedAt, directory, now)}, from ${first.address}`;
  return [
    sessions.length === 1
      ? `1 session open ${since}`
      : `${count(sessions.length, 'session')} open, the first ${since}`,
  ];
}

export function endings(sessions: readonly Session[]): Button[] {
  return sessions
    .filter(({ endAskedAt }) => endAskedAt === null)
    .slice(0, MOST_ENDINGS)
    .map(({ id }) => ({
      kind: 'button',
      act: 'end-session',
      label: sessions.length === 1 ? 'End session' : `End session ${id}`,
      id,
      style: 'danger',
    }));
}
