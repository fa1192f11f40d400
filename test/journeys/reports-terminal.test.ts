import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../support/csv.js';
import { openTerminal, type Terminal } from '../support/terminal.js';

const LENA = ['--as', 'lena@northwind.example'];
const TESS = ['--as', 'tess@northwind.example'];

/** One line of an export, as a verifier that knows nothing of Keyturn reads it. */
interface Line {
  readonly chain: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: string | null;
  readonly via: string;
  readonly action: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
  readonly prev: string;
  readonly hash: string;
  readonly canonical: string;
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** The README's recipe: what is wrong with this export, event by event; nothing where it is whole. */
function faultsOf(lines: readonly Line[]): string[] {
  const last = new Map<string, Line>();
  return lines.flatMap((line) => {
    const { chain, seq, at, actor, via, action, subject, data, prev, hash, canonical } = line;
    const before = last.get(chain);
    last.set(chain, line);
    const sum = createHash('sha256').update(Buffer.from(prev, 'hex')).update(canonical, 'utf8').digest('hex');
    const [seqSaid, chainSaid, epoch, ...rest] = JSON.parse(canonical);
    const micros = /\.(\d{6})Z$/.exec(at)?.[1] ?? '';
    const seconds = `${Math.floor(Date.parse(at) / 1000)}.${micros}`;
    const says = [seqSaid, chainSaid, ...rest];
    return [
      ...(sum === hash ? [] : [`${chain} ${seq}: the hash is another`]),
      ...(before && (before.hash !== prev || before.seq + 1 !== seq)
        ? [`${chain} ${seq}: does not follow`]
        : []),
      ...(JSON.stringify(says) === JSON.stringify([seq, chain, actor, via, action, subject, data]) &&
      Number(epoch) === Number(seconds)
        ? []
        : [`${chain} ${seq}: says something else than was hashed`]),
    ];
  });
}

describe('reports and exports at a terminal, of an operator with Duo', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await openTerminal({});
    for (const account of ['acme/scanner', 'delta/shop-admin']) {
      const input = `the password of ${account}`;
      const set = await at.confirms('Lena', ['secret', 'set', account, ...LENA], { input });
      if (set.code !== 0) throw new Error(set.stderr);
    }
    const server = await at.start();
    await at.person('Tess').asks('acme/scanner 30m =cmd|calc the label printer #T-204');
    await at.person('Tess').asks('delta/shop-admin 30m canary-of-delta');
    await server.running.stop();
  }, 90_000);
  afterAll(() => at.close());

  test('a lead confirms it on the phone, and reads it as CSV', async () => {
    const done = await at.confirms('Lena', ['report', 'client', 'acme', '--csv', ...LENA]);
    expect(done).toMatchObject({ code: 0 });
    const [head = [], ...rows] = readCsv(`${done.stdout.replace(/\r?\n/g, '\r\n')}\r\n`);
    const reason = head.indexOf('reason');
    expect(rows.map((row) => row[reason]).filter(Boolean)).toEqual(["'=cmd|calc the label printer"]);
    expect(done.stdout).not.toContain('canary-of-delta');
  });

  test('and as text, with the days that were asked for', async () => {
    const days = ['--from', '2000-01-01', '--to', '2000-01-31'];
    const none = await at.confirms('Lena', ['report', 'account', 'acme/scanner', ...days, ...LENA]);
    expect(none.stdout).toContain('Account: Label scanner (acme/scanner), 2000-01-01 to 2000-01-31');
    expect(none.stdout).toContain('0 requests: 0 granted');
    const some = await at.confirms('Lena', ['report', 'account', 'acme/scanner', ...LENA]);
    expect(some.stdout).toContain('Why: =cmd|calc the label printer · #T-204');
    expect(some.stdout).toContain('Who: Tess Tran');
  });

  test('what isn’t theirs is refused before any phone rings, in the words of every entrance', async () => {
    const before = at.phone('Tess').pushes;
    for (const words of [
      ['client', 'acme'],
      ['client', 'nothing'],
      ['person', 'lena@northwind.example'],
    ])
      expect(await at.runs(['report', ...words, ...TESS])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^There is no such report for you\./),
      });
    expect(await at.runs(['audit', 'export', ...TESS])).toMatchObject({ code: 1, stdout: '' });
    expect(at.phone('Tess').pushes).toBe(before);
    expect(await at.runs(['report', 'client', 'acme'])).toMatchObject({ code: 2 });
    expect(await at.runs(['report', 'everything', ...LENA])).toMatchObject({ code: 2 });
    expect((await at.runs(['report', 'client', 'acme', '--from', '2026-02-30', ...LENA])).stderr).toContain(
      '“2026-02-30” is no day.',
    );
  }, 60_000);

  test('anybody can recompute every hash of an export, and finds what was changed in it', async () => {
    const exported = await at.confirms('Lena', ['audit', 'export', ...LENA]);
    expect(exported).toMatchObject({ code: 0 });
    const lines = linesOf(exported.stdout);
    expect(new Set(lines.map(({ chain }) => chain))).toEqual(new Set(['acme', 'delta', 'operator']));
    expect(lines.at(-1)).toMatchObject({ chain: 'operator', action: 'audit.exported' });
    expect(faultsOf(lines)).toEqual([]);
    const whole = await at.keyturn.rows<{ n: number }>('select count(*)::int as n from keyturn.audit_events');
    expect(lines).toHaveLength(whole[0]?.n ?? 0);
    const [first, second, ...others] = lines as [Line, Line, ...Line[]];
    expect(faultsOf([{ ...first, actor: 'somebody' }, second, ...others])).toHaveLength(1);
    expect(faultsOf([first, ...others])).not.toEqual([]);
    const forged = { ...first, via: 'web', canonical: first.canonical.replace(`"${first.via}"`, '"web"') };
    expect(faultsOf([forged, second])).toEqual([`${first.chain} ${first.seq}: the hash is another`]);
  });

  test('one chain, and some days of it', async () => {
    const one = linesOf((await at.confirms('Lena', ['audit', 'export', '--chain', 'acme', ...LENA])).stdout);
    expect(new Set(one.map(({ chain }) => chain))).toEqual(new Set(['acme']));
    expect(faultsOf(one)).toEqual([]);
    const none = await at.confirms('Lena', ['audit', 'export', '--to', '2000-01-31', ...LENA]);
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect((await at.runs(['audit', 'export', '--chain', 'nothing', ...LENA])).stderr).toContain(
      'There is nothing called “nothing”',
    );
    const said = await at.keyturn.rows(
      `select data->>'chain' as chain from keyturn.audit_events where action = 'audit.exported' order by seq`,
    );
    expect(said).toEqual([{ chain: null }, { chain: 'acme' }, { chain: null }]);
  }, 60_000);
});
