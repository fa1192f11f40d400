/** A shelf of recordings in memory, under a real vault: what stands on it can be altered as nobody can in the database. */

import { randomBytes } from 'node:crypto';
import {
  type CastPart,
  type ChannelRow,
  type ReadingDesk,
  readCast,
  type Shelf,
} from '../../../src/broker/recording/read.js';
import type { Keeping, KeptPiece, NewChannel } from '../../../src/broker/recording/recorder.js';
import { openRecorder, type RecordingDesk } from '../../../src/broker/recording/recorder.js';
import { Secret } from '../../../src/config/secret.js';
import type { ClosedCast, Recorded, RecordedSession, RecordingSummary } from '../../../src/core/recording.js';
import { localKeys } from '../../../src/vault/local-key.js';
import { Vault } from '../../../src/vault/vault.js';
import { MemoryStore } from '../../vault/memory-store.js';

export const OF: Recorded = {
  ...{ session: 'X-8F3KQ2', grant: 'G-8F3KQ2', client: 'acme', account: 'web-root', person: 'p-tess' },
  address: '203.0.113.7',
};
export const BEGUN = new Date('2026-11-23T14:03:07Z');

export class MemoryShelf implements Keeping, Shelf {
  sessions: RecordedSession[] = [];
  rows: (NewChannel & { readonly begunAt: Date })[] = [];
  kept: (KeptPiece & { readonly session: string })[] = [];
  writes = 0;
  /** What happens before each write. */
  before: () => Promise<void> = async () => undefined;

  async begin(of: Recorded): Promise<Date> {
    this.sessions.push({ ...of, begunAt: BEGUN, end: null, closedAt: null, endedAt: null, trail: null });
    return BEGUN;
  }

  async addChannel(channel: NewChannel): Promise<void> {
    await this.before();
    this.rows.push({ ...channel, begunAt: BEGUN });
  }

  async addPieces(session: string, pieces: readonly KeptPiece[]): Promise<void> {
    await this.before();
    this.writes += 1;
    this.kept.push(...pieces.map((piece) => ({ ...piece, session })));
  }

  async end(session: string, summary: RecordingSummary, casts: readonly ClosedCast[]): Promise<void> {
    await this.before();
    this.#change(session, (one) => ({ ...one, end: { ...summary, casts }, closedAt: BEGUN }));
  }

  /** The session is over, and the audit trail says so. */
  ended(session: string, hash: string | null, why = 'left'): void {
    this.#change(session, (one) => ({ ...one, endedAt: BEGUN, trail: { why, hash } }));
  }

  #change(session: string, edit: (one: RecordedSession) => RecordedSession): void {
    this.sessions = this.sessions.map((one) => (one.session === session ? edit(one) : one));
  }

  async list(): Promise<RecordedSession[]> {
    return [...this.sessions].reverse();
  }

  async one(session: string): Promise<RecordedSession | null> {
    return this.sessions.find((one) => one.session === session) ?? null;
  }

  async channels(session: string): Promise<ChannelRow[]> {
    return this.rows.filter((row) => row.session === session);
  }

  async pieces(session: string, channel: number, after: number, most: number) {
    return this.kept
      .filter((one) => one.session === session && one.channel === channel && one.n > after)
      .sort((a, b) => a.n - b.n)
      .slice(0, most);
  }
}

export async function memoryVault(): Promise<Vault> {
  return new Vault(await localKeys(new Secret(randomBytes(32).toString('base64'))), new MemoryStore());
}

export interface Bench extends ReadingDesk {
  readonly shelf: MemoryShelf;
  readonly vault: Vault;
  readonly summaries: Map<string, RecordingSummary>;
  desk(more?: Partial<RecordingDesk>): RecordingDesk;
}

/** A recorder's surroundings. What it sums up goes on the trail, as the session's end does. */
export async function openBench(): Promise<Bench> {
  const shelf = new MemoryShelf();
  const vault = await memoryVault();
  const summaries = new Map<string, RecordingSummary>();
  const desk = (more: Partial<RecordingDesk> = {}): RecordingDesk => ({
    ...{ keeping: shelf, seals: vault },
    recorded: async (session, summary) => {
      summaries.set(session, summary);
      shelf.ended(session, summary.hash);
    },
    ...more,
  });
  return { shelf, seals: vault, vault, summaries, desk };
}

/** Shows these chunks to one shell, and closes. */
export async function recordShell(bench: Bench, chunks: readonly Uint8Array[], of: Recorded = OF) {
  const recorder = await openRecorder(bench.desk(), of);
  const shell = recorder.channel({ kind: 'shell', command: null, columns: 80, rows: 24 });
  for (const chunk of chunks) shell.output(chunk);
  shell.end(0);
  await recorder.close();
}

/** The whole of a cast, and what it is worth. */
export async function readWhole(bench: ReadingDesk, session = OF.session, channel = 1) {
  const recorded = (await bench.shelf.one(session)) as RecordedSession;
  const parts: CastPart[] = [];
  for await (const part of readCast(bench, recorded, channel)) parts.push(part);
  const text = parts.map((part) => ('text' in part ? part.text : '')).join('');
  const last = parts.at(-1);
  return { text, verdict: last && 'verdict' in last ? last.verdict : null };
}
