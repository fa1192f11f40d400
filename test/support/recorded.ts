/** Sessions as the bastion's recorder writes them down, without a bastion: what they show and how they end is said by the test. */

import { randomInt } from 'node:crypto';
import { eventsIn } from '../../src/broker/recording/read.js';
import { openRecorder } from '../../src/broker/recording/recorder.js';
import { event, KEYTURN } from '../../src/core/audit.js';
import type { RecordingSummary } from '../../src/core/recording.js';
import { readButtons } from '../../src/playground/slack/index.js';
import { recordingKeeping } from '../../src/store/recordings.js';
import { Browser, type Player, type World } from './world.js';

/** What a test knows of a session. */
export interface Told {
  readonly session: string;
  readonly grant: string;
  readonly person: string;
  readonly hash: string;
}

export interface LiveSession extends Omit<Told, 'hash'> {
  shows(text: string): void;
  /** They leave: the recording is closed, and the session's end stands on the audit trail with its hash. */
  ends(): Promise<RecordingSummary>;
  /** The process dies: nothing is closed, and the end is put on record later, without a hash. */
  breaksOff(): Promise<void>;
}

/** @param account `acme/router`. */
export async function beginSession(world: World, name: string, account: string): Promise<LiveSession> {
  const { database, app } = world;
  const [client = '', id = ''] = account.split('/');
  const [who] = await world.rows<{ id: string }>(
    `select id from keyturn.people where spec->>'name' like $1 || ' %'`,
    [name],
  );
  const of = { session: `X-${code()}`, grant: `G-${code()}`, person: who?.id ?? '' };
  const ended = async (why: string, recording: Partial<RecordingSummary>) => {
    const { directory } = await app.ports.facts.facts();
    const { hash, bytes } = recording;
    const data = { session: of.session, person: of.person, why, seconds: 1, recording: hash, bytes };
    const audit = [event(KEYTURN, client, 'session.ended', of.grant, data)];
    const nothing = { guards: [], writes: [], notices: [] };
    await app.ports.store.commit({ directory: directory.version, ...nothing, audit });
  };
  let summary: RecordingSummary | null = null;
  const desk = {
    keeping: recordingKeeping(database),
    seals: app.custody.vault,
    recorded: async (_session: string, whole: RecordingSummary) => {
      summary = whole;
      await ended('left', whole);
    },
  };
  const recorder = await openRecorder(desk, { ...of, client, account: id, address: '203.0.113.7' });
  const shell = recorder.channel({ kind: 'shell', command: null, columns: 80, rows: 24 });
  return {
    ...of,
    shows: (text) => shell.output(new TextEncoder().encode(text)),
    async ends() {
      shell.end(0);
      await recorder.close();
      return summary as unknown as RecordingSummary;
    },
    async breaksOff() {
      const written = 'select count(*)::int as n from keyturn.recording_pieces where session = $1';
      while ((await world.rows<{ n: number }>(written, [of.session]))[0]?.n === 0)
        await new Promise((resolve) => setTimeout(resolve, 25));
      await ended('bastion-stopped', {});
    },
  };
}

/** The whole of one that showed this. */
export async function recordSession(
  world: World,
  name: string,
  account: string,
  shows: string,
): Promise<Told> {
  const live = await beginSession(world, name, account);
  live.shows(shows);
  const { hash } = await live.ends();
  const { session, grant, person } = live;
  return { session, grant, person, hash };
}

/** Types `/access sessions`, and opens the link in a browser of their own. */
export async function openSessions(player: Player): Promise<Browser> {
  const ways = () =>
    player.slack
      .ephemerals(player.team, player.user)
      .flatMap((message) => readButtons(message))
      .flatMap(({ element }) => (typeof element.url === 'string' ? [element.url] : []));
  const before = new Set(ways());
  await player.types('sessions');
  return new Browser(await player.slack.until(() => ways().find((url) => !before.has(url)), 10_000));
}

/** `/access sessions`, in this person's own browser, let in. */
export async function visitSessions(world: Pick<World, 'person'>, name: string): Promise<Browser> {
  const player = world.person(name);
  const page = await openSessions(player);
  await player.letsIn(page);
  return page;
}

/** The parts of a playing: the cast, and what it is worth. */
export async function played(page: Browser, session: string, channel = 1) {
  const { status, text } = await page.file('play', { session, channel });
  const parts =
    status === 200
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  const cast = parts.map((part) => part.text ?? '').join('');
  return { status, text, cast, verdict: parts.at(-1)?.verdict, says: parts.at(-1)?.says };
}

/** What somebody who watches it sees. */
export const shown = (cast: string) =>
  eventsIn(cast)
    .flatMap(([, code, data]) => (code === 'o' ? [data] : []))
    .join('');

function code(): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
}
