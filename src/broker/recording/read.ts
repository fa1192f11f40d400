/** Reads recordings back: opens each piece at its place, hashes what it reads, and holds it against the audit trail. */

import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isLive, type RecordedSession, type RecordingScope } from '../../core/recording.js';
import { hashOfCasts } from './hash.js';
import { openPiece, type Seals } from './seals.js';

export interface ChannelRow {
  readonly channel: number;
  readonly kind: 'shell' | 'exec' | 'sftp';
  readonly columns: number;
  readonly rows: number;
  readonly sealedCommand: string | null;
  readonly begunAt: Date;
}

/** Where recordings are read from. */
export interface Shelf {
  /** The newest `most` of this scope. */
  list(scope: RecordingScope, most: number): Promise<RecordedSession[]>;
  /** Null where nothing is recorded under that name. */
  one(session: string): Promise<RecordedSession | null>;
  channels(session: string): Promise<ChannelRow[]>;
  /** A channel's pieces after this one, in their order. */
  pieces(
    session: string,
    channel: number,
    after: number,
    most: number,
  ): Promise<{ readonly n: number; readonly sealed: string }[]>;
}

export interface ReadingDesk {
  readonly shelf: Shelf;
  readonly seals: Seals;
}

/**
 * What the cast, read whole, is worth. `matches`: it hashes to what the audit trail says. `differs`: something was
 * altered, moved, added or taken away. `not-on-trail`: it is whole, and the trail says nothing of it. `broken-off`: it
 * was never closed; each piece is as it was written, and whether there were more nobody knows.
 */
export type Verdict = 'matches' | 'differs' | 'not-on-trail' | 'broken-off';

export type CastPart =
  /** Whole lines; empty where there is nothing new and the session goes on. */
  { readonly text: string } | { readonly verdict: Verdict };

/** Pieces at a time. */
const BATCH = 16;
const FOLLOW_MS = 250;
const TRAIL_TRIES = 20;

/** A cast from its beginning, and at the end what it is worth. While the session goes on it follows, a moment behind. */
export async function* readCast(
  desk: ReadingDesk,
  recorded: RecordedSession,
  channel: number,
): AsyncGenerator<CastPart> {
  const { session, client } = recorded;
  const hash = createHash('sha256');
  const wasLive = isLive(recorded);
  let now = recorded;
  for (let n = 0; ; ) {
    const isOver = !isLive(now);
    const pieces = await desk.shelf.pieces(session, channel, n, BATCH);
    for (const piece of pieces) {
      const opened =
        piece.n === n + 1
          ? await tryToOpen(desk, piece.sealed, { client, session, channel, n: piece.n })
          : null;
      if (opened === null) return yield { verdict: 'differs' };
      hash.update(opened);
      n = piece.n;
      yield { text: opened };
    }
    if (pieces.length > 0) continue;
    if (isOver) now = wasLive ? await onTrail(desk, now) : now;
    if (isOver) return yield { verdict: verdictOf(now, { channel, pieces: n, hash: hash.digest('hex') }) };
    yield { text: '' };
    await wait(FOLLOW_MS);
    now = (await desk.shelf.one(session)) ?? now;
  }
}

/** The trail has the hash a moment after the recording is closed. */
async function onTrail({ shelf }: ReadingDesk, closed: RecordedSession): Promise<RecordedSession> {
  let now = closed;
  for (let n = 0; n < TRAIL_TRIES && now.end !== null && !now.trail?.hash; n++) {
    await wait(FOLLOW_MS);
    now = (await shelf.one(closed.session)) ?? now;
  }
  return now;
}

async function tryToOpen({ seals }: ReadingDesk, sealed: string, place: Parameters<typeof openPiece>[2]) {
  try {
    return await openPiece(seals, sealed, place);
  } catch (error) {
    // A key that is missing, or a database that is away, says nothing about the recording.
    if ((error as Error).name === 'SealError') return null;
    throw error;
  }
}

function verdictOf(
  { end, trail }: RecordedSession,
  read: { readonly channel: number; readonly pieces: number; readonly hash: string },
): Verdict {
  if (end === null) return trail?.hash ? 'differs' : 'broken-off';
  const { casts } = end;
  const stood = casts.some(
    ({ channel, pieces, hash }) => channel === read.channel && pieces === read.pieces && hash === read.hash,
  );
  if (!stood || hashOfCasts(casts) !== end.hash) return 'differs';
  if (!trail?.hash) return 'not-on-trail';
  return trail.hash === end.hash ? 'matches' : 'differs';
}

export type CastEvent = readonly [seconds: number, code: string, data: string];

/** The events in whole lines of a cast; its header is none. */
export function eventsIn(text: string): CastEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('['))
    .map((line) => JSON.parse(line) as CastEvent);
}

/** What happened in a session, in rows. */
export interface SessionRows {
  readonly channels: readonly (Omit<ChannelRow, 'sealedCommand'> & { readonly command: string | null })[];
  readonly files: readonly { readonly channel: number; readonly seconds: number; readonly says: string }[];
  /** There are more files than these. */
  readonly more: boolean;
}

/** Its shells, commands and transfers, and the files that were moved, up to `most`. */
export async function rowsOf(desk: ReadingDesk, recorded: RecordedSession, most = 500): Promise<SessionRows> {
  const { session, client } = recorded;
  const rows = await desk.shelf.channels(session);
  const channels = await Promise.all(
    rows.map(async ({ sealedCommand, ...row }) => {
      const place = { client, session, channel: row.channel, n: 0 };
      if (sealedCommand === null) return { ...row, command: null };
      return { ...row, command: (await tryToOpen(desk, sealedCommand, place)) ?? '(altered)' };
    }),
  );
  const files: { channel: number; seconds: number; says: string }[] = [];
  for (const { channel, kind } of rows) {
    if (kind !== 'sftp' || files.length > most) continue;
    for await (const events of storedEvents(desk, recorded, channel)) {
      for (const [seconds, code, says] of events) if (code === 'm') files.push({ channel, seconds, says });
      if (files.length > most) break;
    }
  }
  return { channels, files: files.slice(0, most), more: files.length > most };
}

/** What stands of a cast now, piece by piece; it ends before a piece that doesn't open. */
export async function* storedEvents(
  desk: ReadingDesk,
  { session, client }: RecordedSession,
  channel: number,
): AsyncGenerator<CastEvent[]> {
  for (let n = 0; ; ) {
    const pieces = await desk.shelf.pieces(session, channel, n, BATCH);
    if (pieces.length === 0) return;
    for (const piece of pieces) {
      n = piece.n;
      const text = await tryToOpen(desk, piece.sealed, { client, session, channel, n });
      if (text === null) return;
      yield eventsIn(text);
    }
  }
}
