/** Looks for words in what sessions showed: opens them one after the other, newest first. No index: an index would be a copy in the clear. */

import type { RecordedSession } from '../../core/recording.js';
import { PlainLines } from './plain.js';
import { type CastEvent, type ReadingDesk, storedEvents } from './read.js';

export interface Hit {
  readonly session: string;
  readonly channel: number;
  readonly seconds: number;
  /** The line around it. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export interface Found {
  readonly hits: readonly Hit[];
  /** How many of the sessions were looked through. */
  readonly looked: number;
  /** There may be more: too many hits, or too much to look through in the time. */
  readonly more: boolean;
}

export interface SearchLimits {
  readonly hits: number;
  readonly hitsASession: number;
  readonly ms: number;
}

export const SEARCH_LIMITS: SearchLimits = { hits: 50, hitsASession: 5, ms: 8_000 };

const CONTEXT = 60;

/** Case doesn't matter, nor how many blanks there are between words. */
export async function searchRecordings(
  desk: ReadingDesk,
  sessions: readonly RecordedSession[],
  words: string,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<Found> {
  const pattern = patternOf(words);
  const until = performance.now() + limits.ms;
  const hits: Hit[] = [];
  let looked = 0;
  let isCut = false;
  for (const recorded of sessions) {
    const room = Math.min(limits.hitsASession, limits.hits - hits.length);
    const found = await searchOne(desk, recorded, pattern, room, until);
    hits.push(...found.hits);
    if (!found.whole) return { hits, looked, more: true };
    looked += 1;
    isCut ||= found.hits.length >= room;
    if (hits.length >= limits.hits) break;
  }
  return { hits, looked, more: isCut };
}

async function searchOne(
  desk: ReadingDesk,
  recorded: RecordedSession,
  pattern: RegExp,
  most: number,
  until: number,
): Promise<{ readonly hits: readonly Hit[]; readonly whole: boolean }> {
  const { session } = recorded;
  const hits: Hit[] = [];
  for (const { channel } of await desk.shelf.channels(session)) {
    const lines = new PlainLines();
    const look = (read: readonly { readonly seconds: number; readonly text: string }[]) => {
      for (const { seconds, text } of read) {
        const match = hits.length < most ? pattern.exec(text) : null;
        if (match) hits.push({ session, channel, seconds, ...around(text, match) });
      }
    };
    for await (const events of storedEvents(desk, recorded, channel)) {
      for (const event of events) look(readable(lines, event));
      if (hits.length >= most) return { hits, whole: true };
      if (performance.now() > until) return { hits, whole: false };
    }
    look(lines.rest());
  }
  return { hits, whole: true };
}

/** Commands that were run and files that were moved count as lines. */
function readable(lines: PlainLines, [seconds, code, data]: CastEvent) {
  if (code === 'm') return [{ seconds, text: data }];
  return code === 'o' ? lines.push(seconds, data) : [];
}

function around(text: string, { 0: match, index }: RegExpExecArray) {
  const end = index + match.length;
  return {
    before: text.slice(Math.max(0, index - CONTEXT), index),
    match,
    after: text.slice(end, end + CONTEXT),
  };
}

function patternOf(words: string): RegExp {
  const escaped = words.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(escaped.replace(/\s+/g, '\\s+'), 'iu');
}
