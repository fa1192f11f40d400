/** What the newcomer's played computer reads and shows: lines of cards, statements, tables, keys. */

import { describe, expect, test } from 'vitest';
import { readLine } from '../../src/playground/computer/lines.js';
import { showResult, statements } from '../../src/playground/computer/table.js';
import { wayIn } from '../../src/playground/page/state/way.js';
import { INTERRUPTED, Keyboard } from '../../src/playground/typing/keyboard.js';

describe('the lines of the cards', () => {
  test.each([
    ['ssh -p 2222 G-8F3KQ2@127.0.0.1', { port: 2222, user: 'G-8F3KQ2', host: '127.0.0.1', command: null }],
    ['ssh -p2222 G-8F3KQ2@localhost uptime -s', { port: 2222, host: 'localhost', command: 'uptime -s' }],
    ['  ssh root@web1  ', { port: 22, user: 'root', host: 'web1' }],
    [
      'psql "host=127.0.0.1 port=5433 dbname=books user=kt-8f3kq2"',
      { port: 5433, database: 'books', user: 'kt-8f3kq2' },
    ],
    ['psql host=db.example dbname=books user=me', { port: 5432, host: 'db.example' }],
  ])('are read: %s', (line, what) => {
    expect(readLine(line)).toMatchObject(what);
  });

  test.each([
    'ssh',
    'ssh -p 2222',
    'ssh -p x G-8F3KQ2@127.0.0.1',
    'ssh -o ProxyCommand=sh G-8F3KQ2@127.0.0.1',
    'ssh -J other G-8F3KQ2@127.0.0.1',
    'psql',
    'psql books',
    'psql "host=127.0.0.1 dbname=books"',
    'psql "host=127.0.0.1 dbname=books user=me sslkey=/etc/shadow"',
    'psql "host=127.0.0.1 port=x dbname=books user=me"',
    'scp a b',
    '',
  ])('and nothing else is: %s', (line) => {
    expect(readLine(line)).toBeNull();
  });

  test('are found on a card of either chat, with the ticket and the host key', () => {
    const hostKey = `SHA256:${'uS1i0bV2m0m6bq0f3mDo6mJ7k2q4cR0x0Hq9rJmQp3A'}`;
    const ticket = 'ABCDE-01234-FGHJK-56789-MNPQRS';
    const line = 'ssh -p 2222 G-8F3KQ2@127.0.0.1';
    expect(wayIn({ blocks: [{ text: { text: line } }, { fields: [ticket, hostKey] }] })).toEqual({
      line,
      ticket,
      hostKey,
    });
    const psql = 'psql "host=127.0.0.1 port=5433 dbname=books user=kt-8f3kq2"';
    expect(wayIn([{ text: `Then paste: ${psql}` }])).toEqual({ line: psql, ticket: null, hostKey: null });
    expect(wayIn({ text: 'sign in with ssh as you always do', at: null })).toBeNull();
  });
});

describe('a statement', () => {
  test.each([
    ['select 1;', ['select 1;'], ''],
    ['select 1; select', ['select 1;'], 'select'],
    [`select ';';`, [`select ';';`], ''],
    [`select 'it''s; so';`, [`select 'it''s; so';`], ''],
    ['select "a;b" from t;', ['select "a;b" from t;'], ''],
    ['select 1 -- not here;\n;', ['select 1 -- not here;\n;'], ''],
    ['do $x$ begin; end $x$;', ['do $x$ begin; end $x$;'], ''],
    [`select 'open;`, [], `select 'open;`],
    ['select /* ; */ 1;', ['select /* ; */ 1;'], ''],
  ])('ends at its own semicolon: %s', (text, whole, rest) => {
    expect(statements(text)).toEqual({ whole, rest });
  });
});

describe('a result', () => {
  const fields = [
    { name: 'name', dataTypeID: 25 },
    { name: 'owes', dataTypeID: 1700 },
  ];

  test('is shown as psql shows it: words on the left, numbers on the right, and how many', () => {
    const rows = [
      ['Marsh Bakery', '12.50'],
      ['Ruiz', null],
    ];
    expect(showResult({ command: 'SELECT', rowCount: 2, fields, rows })).toBe(
      '     name     | owes\n--------------+-------\n Marsh Bakery | 12.50\n Ruiz         |\n(2 rows)\n\n',
    );
  });

  test('of many rows says how many aren’t shown, and steers no terminal', () => {
    const rows = Array.from({ length: 250 }, () => ['a\u001b[2Jb', '1']);
    const shown = showResult({ command: 'SELECT', rowCount: 250, fields, rows });
    expect(shown).toContain('(250 rows, 50 of them not shown)');
    expect(shown).not.toContain('\u001b');
  });

  test.each([
    ['INSERT', 3, 'INSERT 0 3\n'],
    ['UPDATE', 1, 'UPDATE 1\n'],
    ['CREATE', null, 'CREATE\n'],
  ])('without rows is one word: %s', (command, rowCount, shown) => {
    expect(showResult({ command, rowCount, fields: [], rows: [] })).toBe(shown);
  });
});

describe('the keyboard', () => {
  const sit = () => {
    const shown: string[] = [];
    return { keyboard: new Keyboard((text) => shown.push(text)), shown: () => shown.join('') };
  };

  test('keeps what is typed ahead until it is asked for', async () => {
    const { keyboard, shown } = sit();
    keyboard.read('one\rtwo\r');
    expect(await keyboard.ask('> ')).toBe('one');
    expect(await keyboard.ask('> ')).toBe('two');
    expect(shown()).toBe('> one\n> two\n');
  });

  test('shows nothing of a password, and keeps it out of what Arrow up brings back', async () => {
    const { keyboard, shown } = sit();
    keyboard.read('secret\r\u001b[A\r');
    expect(await keyboard.ask('Password: ', false)).toBe('secret');
    expect(await keyboard.ask('> ')).toBe('');
    expect(shown()).not.toContain('secret');
  });

  test('tells Ctrl-C from Ctrl-D from nobody there', async () => {
    const { keyboard } = sit();
    keyboard.read('abc\u0003');
    keyboard.read('\u0004');
    // Typed while nothing was asked, Ctrl-C takes back what waits.
    expect(await keyboard.ask('> ')).toBeNull();
    const asked = keyboard.ask('> ');
    keyboard.read('abc\u0003');
    expect(await asked).toBe(INTERRUPTED);
    const last = keyboard.ask('> ');
    keyboard.end();
    expect(await last).toBeNull();
    expect(await keyboard.ask('> ')).toBeNull();
  });
});
