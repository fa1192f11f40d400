import { beforeEach, describe, expect, test } from 'vitest';
import { PlainLines } from '../../../src/broker/recording/plain.js';
import { openRecorder } from '../../../src/broker/recording/recorder.js';
import { SEARCH_LIMITS, searchRecordings } from '../../../src/broker/recording/search.js';
import { type Bench, OF, openBench, recordShell } from './shelf.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const ESC = '\u001b';

function read(...outputs: string[]): string[] {
  const lines = new PlainLines();
  return [...outputs.flatMap((output, n) => lines.push(n, output)), ...lines.rest()].map(({ text }) => text);
}

describe('what a terminal showed, as plain lines', () => {
  test.each([
    ['colours', [`${ESC}[1;31mred${ESC}[0m and ${ESC}[38;5;9mmore${ESC}[m\r\n`], ['red and more']],
    ['a command, key by key', ['$ ', 's', 'u', 'd', 'o', ' ', 'r', 'm', '\r\n'], ['$ sudo rm']],
    ['a key struck wrongly, as bash shows it', ['$ rn', `\b${ESC}[K`, 'm x\r\n'], ['$ rm x']],
    ['the same, as a bare terminal shows it', ['$ rn', '\b \b', 'm x\r\n'], ['$ rm x']],
    ['an escape cut in two', [`a${ESC}`, '[3', '1mb\n'], ['ab']],
    ['a window title', [`${ESC}]0;tess@web${'\u0007'}$ id\n`], ['$ id']],
    ['a title ended the other way', [`${ESC}]0;tess@web${ESC}\\$ id\n`], ['$ id']],
    [
      'a title that never ends hides nothing',
      [`${ESC}]0;\nrm -rf /\n`, 'more\n'],
      ['0;', 'rm -rf /', 'more'],
    ],
    [
      'a line printed over stays',
      ['password: hunter2\rpassword: *******\n'],
      ['password: hunter2', 'password: *******'],
    ],
    ['lines of a full screen', [`${ESC}[2J${ESC}[1;1Hone${ESC}[2;1Htwo`], ['one', 'two']],
    ['no line at all', ['', '\r\n', ' \n'], []],
  ])('%s', (_what, outputs, lines) => {
    expect(read(...outputs)).toEqual(lines);
  });

  test('a line without an end is cut, and what stands on the cut is in one piece', () => {
    const found = read(`${'.'.repeat(3_995)}needle${'.'.repeat(3_000)}`);
    expect(found.length).toBe(2);
    expect(found.some((line) => line.includes('needle'))).toBe(true);
  });
});

describe('whoever searches recordings', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    const keys = [...'systemctl   restart nginx'].map(bytes);
    await recordShell(bench, [
      bytes(`${ESC}[32m$${ESC}[0m `),
      ...keys,
      bytes('\r\nFailed to restart NGINX.service\r\n'),
    ]);
    const recorder = await openRecorder(bench.desk(), { ...OF, session: 'X-00000B' });
    recorder.channel({ kind: 'exec', command: 'cat /etc/nginx.conf', columns: 80, rows: 24 }).end(0);
    const files = recorder.channel({ kind: 'sftp', command: null, columns: 80, rows: 24 });
    files.file({ act: 'write', path: '/srv/Report (final).xlsx', bytes: 9 });
    await recorder.close();
  });

  const find = async (words: string, limits = SEARCH_LIMITS) =>
    searchRecordings(bench, await bench.shelf.list(), words, limits);

  test('finds commands typed key by key, in any case, the newest session first', async () => {
    const { hits, looked, more } = await find('nginx');
    expect(hits.map(({ session, match }) => [session, match])).toEqual([
      ['X-00000B', 'nginx'],
      [OF.session, 'nginx'],
      [OF.session, 'NGINX'],
    ]);
    expect([looked, more]).toEqual([2, false]);
    expect((await find('SYSTEMCTL restart')).hits).toMatchObject([
      { before: '$ ', after: ' nginx', channel: 1 },
    ]);
  });

  test('finds commands that were run at once and files that were moved, by exactly what was typed', async () => {
    expect((await find('/etc/nginx.conf')).hits).toMatchObject([{ before: '$ cat ', channel: 1 }]);
    expect((await find('report (final).xlsx')).hits).toMatchObject([{ channel: 2, after: ' 9 bytes' }]);
    expect((await find('.*')).hits).toEqual([]);
  });

  test('is told where there may be more', async () => {
    expect(await find('nginx', { ...SEARCH_LIMITS, hits: 1 })).toMatchObject({ looked: 1, more: true });
    expect(await find('nginx', { ...SEARCH_LIMITS, hitsASession: 1 })).toMatchObject({
      looked: 2,
      more: true,
    });
    expect(await find('nothing of it', { ...SEARCH_LIMITS, ms: -1 })).toMatchObject({
      looked: 0,
      more: true,
    });
  });
});
