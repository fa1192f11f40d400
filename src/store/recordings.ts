/** Recordings of sessions: added to piece by piece, listed, and read back in their order. All that is in them is sealed. */

import type { Shelf } from '../broker/recording/read.js';
import type { Keeping } from '../broker/recording/recorder.js';
import type { ClosedCast, RecordedSession } from '../core/recording.js';
import type { Database, Statement } from './driver.js';

const BEGIN: Statement = {
  name: 'recording_begin',
  text: `insert into keyturn.recordings (session, "grant", client, account, person, address, begun_at)
    values ($1, $2, $3, $4, $5, $6, keyturn.now()) returning begun_at as at`,
};
const ADD_CHANNEL: Statement = {
  name: 'recording_channel',
  text: `insert into keyturn.recording_channels (session, channel, kind, columns, rows, sealed_command, begun_at)
    values ($1, $2, $3, $4, $5, $6, keyturn.now()) on conflict (session, channel) do nothing`,
};
const ADD_PIECES: Statement = {
  name: 'recording_pieces',
  text: `insert into keyturn.recording_pieces (session, channel, n, sealed, at)
    select $1, p.channel, p.n, p.sealed, keyturn.now() from unnest($2::int[], $3::int[], $4::text[]) as p(channel, n, sealed)
    on conflict (session, channel, n) do nothing`,
};
const END: Statement = {
  name: 'recording_end',
  text: `insert into keyturn.recording_ends (session, hash, bytes, seconds, events, channels, at)
    values ($1, $2, $3, $4, $5, $6::jsonb, keyturn.now()) on conflict (session) do nothing`,
};

/** Where the recorder keeps what it writes. What is repeated after a lost answer adds nothing. */
export function recordingKeeping(database: Database): Keeping {
  const add = async (statement: Statement, values: readonly unknown[]) => {
    await database.run(statement, values);
  };
  return {
    begin: async ({ session, grant, client, account, person, address }) => {
      const values = [session, grant, client, account, person, address];
      const [row] = await database.run<{ at: Date }>(BEGIN, values);
      if (!row) throw new Error('a recording that was begun has no beginning');
      return row.at;
    },
    addChannel: ({ session, channel, kind, columns, rows, sealedCommand }) =>
      add(ADD_CHANNEL, [session, channel, kind, columns, rows, sealedCommand]),
    addPieces: (session, pieces) =>
      add(ADD_PIECES, [
        session,
        ...[
          pieces.map(({ channel }) => channel),
          pieces.map(({ n }) => n),
          pieces.map(({ sealed }) => sealed),
        ],
      ]),
    end: (session, { hash, bytes, seconds, events }, casts) =>
      add(END, [session, hash, bytes, seconds, events, JSON.stringify(casts)]),
  };
}

/** With how it ended and what it hashes to, by the audit trail: the first word on each, in its client's chain. */
const SESSION = `r.session, r."grant", r.client, r.account, r.person, r.address, r.begun_at as "begunAt",
  e.hash, e.bytes::float8 as bytes, e.seconds, e.events, e.channels, e.at as "closedAt",
  a.ended[1] as "endedAt", a.why[1] as why, a.recorded[1] as recorded
  from keyturn.recordings r left join keyturn.recording_ends e on e.session = r.session
  left join lateral (select array_agg(v.at order by v.seq) filter (where v.action = 'session.ended') as ended,
      array_agg(v.data->>'why' order by v.seq) filter (where v.action = 'session.ended') as why,
      array_agg(v.data->>'recording' order by v.seq) filter (where v.data->>'recording' is not null) as recorded
    from keyturn.audit_events v where v.subject = r."grant" and v.chain = r.client
      and v.action in ('session.ended', 'session.recorded') and v.data->>'session' = r.session) a on true`;
const LIST: Statement = {
  name: 'recordings_list',
  text: `select ${SESSION} where r.begun_at >= $1 and r.begun_at < $2 and ($3::text is null or r.person = $3)
      and not r.client = any($4::text[]) and ($5::text is null or r.client = $5) and ($6::text is null or r.person = $6)
    order by r.begun_at desc, r.session desc limit $7`,
};
const ONE: Statement = { name: 'recording_one', text: `select ${SESSION} where r.session = $1` };

interface Row extends Omit<RecordedSession, 'end' | 'trail'> {
  readonly hash: string | null;
  readonly bytes: number;
  readonly seconds: number;
  readonly events: number;
  readonly channels: readonly ClosedCast[];
  readonly why: string | null;
  readonly recorded: string | null;
}

function sessionOf(read: Row): RecordedSession {
  const { hash, bytes, seconds, events, channels, why, recorded, ...row } = read;
  return {
    ...row,
    end: hash === null ? null : { hash, bytes, seconds, events, casts: channels },
    trail: why === null && recorded === null ? null : { why, hash: recorded },
  };
}

const CHANNELS: Statement = {
  name: 'recording_channels_of',
  text: `select channel, kind, columns, rows, sealed_command as "sealedCommand", begun_at as "begunAt"
    from keyturn.recording_channels where session = $1 order by channel`,
};

const PIECES: Statement = {
  name: 'recording_pieces_of',
  text: `select n, sealed from keyturn.recording_pieces where session = $1 and channel = $2 and n > $3 order by n limit $4`,
};

/** Where recordings are read back from. */
export function recordingShelf(database: Database): Shelf {
  return {
    list: async ({ start, end, own, except, client, person }, most) => {
      const values = [start, end, own, except, client, person, most];
      return (await database.run<Row>(LIST, values)).map(sessionOf);
    },
    one: async (session) => {
      const [row] = await database.run<Row>(ONE, [session]);
      return row ? sessionOf(row) : null;
    },
    channels: (session) => database.run(CHANNELS, [session]),
    pieces: (session, channel, after, most) => database.run(PIECES, [session, channel, after, most]),
  };
}
