/** `psql` of the newcomer's played computer: a little of the real one, for who has none installed. */

import pg from 'pg';
import { INTERRUPTED } from '../typing/keyboard.js';
import type { PsqlLine } from './lines.js';
import { isWithin, type Reach, type Seat } from './seat.js';
import { type Result, showResult, statements } from './table.js';

const HOST = '127.0.0.1';

const HELP = `A statement ends with a semicolon.
\\dt  tables    \\d NAME  its columns
\\du  roles     \\q       leave
`;

const TABLES = `select schemaname as "Schema", tablename as "Name", tableowner as "Owner" from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`;
const ROLES = `select rolname as "Role name", rolvaliduntil as "Valid until", shobj_description(oid, 'pg_authid') as "Description"
  from pg_roles where rolcanlogin order by 1`;
const COLUMNS = `select column_name as "Column", data_type as "Type", is_nullable as "Nullable" from information_schema.columns
  where table_schema not in ('pg_catalog', 'information_schema') and table_name = $1 order by ordinal_position`;

/** Runs until `\q`, or until the connection is over, and gives an exit code. */
export async function psql(line: PsqlLine, { seat, reach }: { seat: Seat; reach: Reach }): Promise<number> {
  if (!isWithin(line, reach.database.port)) {
    const where = `${HOST} port ${reach.database.port}, the client’s played database`;
    seat.say(`psql: this terminal is played. It reaches only\n${where}.\n`);
    return 2;
  }
  const password = await seat.keyboard.ask(`Password for user ${line.user}: `, false);
  if (typeof password !== 'string') return 2;
  const client = clientOf(line, password);
  const over = ended(client, seat);
  try {
    await client.connect();
  } catch (error) {
    seat.say(`psql: error: ${sayFault(error)}\n`);
    return 2;
  }
  try {
    const [version] = await ask(client, 'show server_version');
    seat.say(`A played psql, of a real server ${version?.rows[0]?.[0] ?? ''}.\nType \\? for help.\n\n`);
    return await Promise.race([talk(client, line, seat), over.then(() => 2)]);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clientOf({ user, database, port }: PsqlLine, password: string): pg.Client {
  return new pg.Client({
    ...{ host: HOST, port, user, database, password, ssl: false },
    ...{ application_name: 'psql, played', connectionTimeoutMillis: 20_000 },
    // Said here, so that nothing of this process's environment is taken instead.
    ...{ options: '-c client_min_messages=notice', client_encoding: 'UTF8' },
    // Values stay as the server writes them.
    types: { getTypeParser: () => (value: string) => value } as never,
  });
}

async function ask(client: pg.Client, text: string, values?: string[]): Promise<readonly Result[]> {
  const done: unknown = await client.query({ text, rowMode: 'array', ...(values ? { values } : {}) });
  return (Array.isArray(done) ? done : [done]) as Result[];
}

/** Resolves, and says so, when the server ends the connection: as it does when the access is over. */
function ended(client: pg.Client, seat: Seat): Promise<void> {
  return new Promise((resolve) => {
    client.on('notice', ({ severity, message }) => seat.say(`${severity ?? 'NOTICE'}:  ${message}\n`));
    client.on('error', (error) => {
      seat.say(`\n${sayFault(error)}\nThe connection to the server was lost: the access is over.\n`);
      resolve();
    });
    seat.left.addEventListener('abort', () => {
      void client.end().catch(() => undefined);
      resolve();
    });
  });
}

async function talk(client: pg.Client, { database }: PsqlLine, seat: Seat): Promise<number> {
  let rest = '';
  for (;;) {
    const typed = await seat.keyboard.ask(`${database}${rest === '' ? '=>' : '->'} `);
    if (typed === null) return 0;
    if (typed === INTERRUPTED) {
      rest = '';
      continue;
    }
    const meta = rest === '' ? /^\s*\\(\S+)\s*(\S*)/.exec(typed) : null;
    if (meta?.[1] === 'q' || /^\s*(?:quit|exit)\s*$/.test(rest === '' ? typed : '')) return 0;
    if (meta) {
      await backslash(client, seat, meta[1] ?? '', meta[2] ?? '');
      continue;
    }
    const read = statements(`${rest}${typed}\n`);
    for (const statement of read.whole) await run(client, seat, statement);
    rest = read.rest;
  }
}

async function backslash(client: pg.Client, seat: Seat, name: string, of: string): Promise<void> {
  if (name === '?') seat.say(HELP);
  else if (name === 'dt' || (name === 'd' && of === '')) await run(client, seat, TABLES);
  else if (name === 'd') await run(client, seat, COLUMNS, [of.replace(/;$/, '').replace(/^.*\./, '')]);
  else if (name === 'du') await run(client, seat, ROLES);
  else seat.say(`invalid command \\${name}\nTry \\? for help.\n`);
}

/** Ctrl-C cancels it at the server. */
async function run(client: pg.Client, seat: Seat, text: string, values?: string[]): Promise<void> {
  seat.keyboard.onInterrupt = () => void cancel(client).catch(() => undefined);
  try {
    for (const one of await ask(client, text, values)) seat.say(showResult(one));
  } catch (error) {
    if (error instanceof pg.DatabaseError) seat.say(`${sayFault(error)}\n`);
    else if (!/connection/i.test(String(error))) throw error;
  } finally {
    seat.keyboard.onInterrupt = () => {};
  }
}

/** By the protocol's own request, on a connection of its own, which takes no password. */
async function cancel(client: pg.Client): Promise<void> {
  const running = client as unknown as { host: string; port: number; processID: number; secretKey: number };
  const { connect } = await import('node:net');
  const request = Buffer.alloc(16);
  for (const [n, word] of [16, 80_877_102, running.processID, running.secretKey].entries())
    request.writeInt32BE(word, 4 * n);
  const socket = connect(running.port, running.host, () => socket.end(request));
  socket.on('error', () => {});
}

function sayFault(error: unknown): string {
  if (!(error instanceof pg.DatabaseError))
    return oneLine(error instanceof Error ? error.message : String(error));
  const more = [
    error.detail && `DETAIL:  ${oneLine(error.detail)}`,
    error.hint && `HINT:  ${oneLine(error.hint)}`,
  ];
  return [`${error.severity ?? 'ERROR'}:  ${oneLine(error.message)}`, ...more].filter(Boolean).join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}
