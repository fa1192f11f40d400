/** What a browser that was let in does with recorded sessions: list and search them, open one, watch it, end it. */

import { type ReadingDesk, readCast, rowsOf } from '../broker/recording/read.js';
import { searchRecordings } from '../broker/recording/search.js';
import type { Outcome } from '../core/command.js';
import type { VisitFacts } from '../core/facts.js';
import type { Actor } from '../core/people.js';
import { performOnVisit } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import {
  isLead,
  isLive,
  listRecordings,
  mayNotBrowse,
  mayNotWatch,
  type RecordedSession,
  scopeOf,
  watchRecording,
} from '../core/recording.js';
import { sayLength, sessionLine, VERDICTS } from '../core/recording-page.js';
import { badDay } from '../core/report.js';
import { sayClock } from '../core/report-instant.js';
import { visitDoor } from './door.js';
import { type Acted, type Caller, LINK_OVER, secondsUntil } from './door-acts.js';
import type { HitLine, OpenedAnswer, PlayPart, SessionsAnswer, SessionsAsked } from './sessions-answers.js';
import { CutOff } from './streamed.js';

export interface SessionsDesk {
  readonly ports: Ports;
  readonly recordings: ReadingDesk & {
    /** A lead's word that an open session shall end; authorised by itself. */
    endSession(actor: Actor, session: string): Promise<Outcome>;
  };
}

const LISTED = 200;
const SEARCHED = 1_000;
/** A reader who may read no more is cut off after so long. */
const RECHECK_MS = 1_000;

/** The sessions that this person may see, and where words were asked for, the places where they stand. */
export async function sessions(
  desk: SessionsDesk,
  caller: Caller,
  { words, client, person, ...days }: SessionsAsked,
): Promise<Acted<SessionsAnswer>> {
  const bad = badDay(days);
  if (bad) return { refused: bad, door: null };
  let last: VisitFacts | null = null;
  const judge = (facts: VisitFacts) => {
    last = facts;
    return listRecordings(facts, caller.browserHash, words !== null);
  };
  const own = days.from === null && days.to === null ? undefined : days;
  const outcome = await performOnVisit(desk.ports, caller.tokenHash, judge, own);
  const facts = last as VisitFacts | null;
  if ('refused' in outcome || !facts)
    return { refused: 'refused' in outcome ? outcome.refused : LINK_OVER, door: facts && visitDoor(facts) };
  const scope = scopeOf(facts, { client, person });
  const found = await desk.recordings.shelf.list(scope, words === null ? LISTED : SEARCHED);
  const answer = words === null ? listed(facts, found) : await searched(desk, facts, found, words);
  return { answer, door: visitDoor(facts) };
}

function listed(facts: VisitFacts, found: readonly RecordedSession[]): SessionsAnswer {
  const says =
    found.length === 0
      ? 'No session was recorded on these days.'
      : found.length < LISTED
        ? `${count(found.length)} on these days.`
        : `The newest ${LISTED}. Choose fewer days for the others.`;
  return { ...around(facts), says, lines: found.map((one) => sessionLine(one, facts.directory)), hits: null };
}

async function searched(
  { recordings }: SessionsDesk,
  facts: VisitFacts,
  all: readonly RecordedSession[],
  words: string,
): Promise<SessionsAnswer> {
  // What goes on now is not searched: nobody but a lead may see it yet.
  const found = all.filter((one) => !isLive(one));
  const { hits, looked, more } = await searchRecordings(recordings, found, words);
  const bySession = new Map(found.map((one) => [one.session, sessionLine(one, facts.directory)]));
  const lines = hits.flatMap(({ session, ...hit }): HitLine[] => {
    const line = bySession.get(session);
    return line ? [{ line, ...hit }] : [];
  });
  const how =
    more || all.length === SEARCHED ? ' There may be more: choose fewer days, a client or a person.' : '';
  const says = `Found ${hits.length} times in ${count(looked)}.${how}`;
  return {
    ...around(facts),
    says: hits.length === 1 ? says.replace('times', 'time') : says,
    lines: [],
    hits: lines,
  };
}

function count(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`;
}

function around(facts: VisitFacts) {
  const { directory, visit, now, from, to } = facts;
  const { own, except } = scopeOf(facts, { client: null, person: null });
  const choice = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, name });
  const seen = directory.clients.filter(({ id }) => !except.includes(id));
  return {
    ...{ from, to },
    clients: seen.map(choice),
    people: own === null ? directory.people.filter(({ kind }) => kind === 'staff').map(choice) : [],
    expiresInSeconds: secondsUntil(visit.expiresAt, now),
  };
}

/** One session: what was run in it, and which files were moved. */
export async function open(
  { ports, recordings }: SessionsDesk,
  caller: Caller,
  session: string,
): Promise<Acted<OpenedAnswer>> {
  const recorded = await recordings.shelf.one(session);
  const watched = await watching({ ports }, caller, recorded, 0);
  if ('refused' in watched || !recorded) return watched as Extract<typeof watched, { refused: unknown }>;
  const { facts } = watched;
  const { directory } = facts;
  const { channels, files, more } = await rowsOf(recordings, recorded);
  const begun = new Map(channels.map(({ channel, begunAt }) => [channel, begunAt.getTime()]));
  const answer: OpenedAnswer = {
    line: sessionLine(recorded, directory),
    channels: channels.map(({ channel, kind, command, begunAt }) => {
      const cast = recorded.end?.casts.find((one) => one.channel === channel);
      return {
        ...{ channel, kind, command, when: sayClock(begunAt, directory), exitCode: cast?.exitCode ?? null },
        lasted: cast ? sayLength(cast.seconds) : null,
      };
    }),
    files: files.map(({ channel, seconds, says }) => ({
      when: sayClock(new Date((begun.get(channel) ?? 0) + seconds * 1000), directory),
      says,
    })),
    more,
    isLead: isLead(facts),
  };
  return { answer, door: visitDoor(facts) };
}

type Watching =
  | { readonly facts: VisitFacts }
  | {
      readonly refused: Extract<Acted<never>, { refused: unknown }>['refused'];
      readonly door: Acted<never>['door'];
    };

/** On record before anything of it leaves; `channel` 0 is the list of what happened. */
async function watching(
  { ports }: Pick<SessionsDesk, 'ports'>,
  caller: Caller,
  recorded: RecordedSession | null,
  channel: number,
): Promise<Watching> {
  let last: VisitFacts | null = null;
  const outcome = await performOnVisit(ports, caller.tokenHash, (facts) => {
    last = facts;
    return watchRecording(facts, caller.browserHash, recorded, channel);
  });
  const facts = last as VisitFacts | null;
  if ('refused' in outcome) return { refused: outcome.refused, door: facts && visitDoor(facts) };
  return facts ? { facts } : { refused: LINK_OVER, door: null };
}

/** A cast from its beginning, a JSON line a part; of an open session it goes on as the session does. */
export async function play(
  desk: SessionsDesk,
  caller: Caller,
  session: string,
  channel: number,
): Promise<Acted<AsyncIterable<string>>> {
  const recorded = await desk.recordings.shelf.one(session);
  const watched = await watching(desk, caller, recorded, channel);
  if ('refused' in watched) return watched;
  return {
    answer: playing(desk, caller, recorded as RecordedSession, channel),
    door: visitDoor(watched.facts),
  };
}

async function* playing(
  desk: SessionsDesk,
  caller: Caller,
  recorded: RecordedSession,
  channel: number,
): AsyncGenerator<string> {
  let checked = performance.now();
  for await (const part of readCast(desk.recordings, recorded, channel)) {
    if (performance.now() - checked > RECHECK_MS) {
      checked = performance.now();
      const facts = await desk.ports.store.visitFacts({ tokenHash: caller.tokenHash });
      if (!facts || mayNotBrowse(facts, caller.browserHash) || mayNotWatch(facts, recorded))
        throw new CutOff('the reader of a recording may read no more');
    }
    const said: PlayPart = 'text' in part ? part : { ...part, says: VERDICTS[part.verdict] };
    yield `${JSON.stringify(said)}\n`;
  }
}

/** A lead ends a session that goes on. */
export async function end(
  { ports, recordings }: SessionsDesk,
  caller: Caller,
  session: string,
): Promise<Acted<{ readonly ending: true }>> {
  const facts = await ports.store.visitFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, door: null };
  const door = visitDoor(facts);
  const recorded = await recordings.shelf.one(session);
  const cannot = mayNotBrowse(facts, caller.browserHash) ?? mayNotWatch(facts, recorded);
  if (cannot) return { refused: cannot, door };
  const outcome = await recordings.endSession({ person: facts.visit.person, via: 'web' }, session);
  return 'refused' in outcome ? { refused: outcome.refused, door } : { answer: { ending: true }, door };
}
