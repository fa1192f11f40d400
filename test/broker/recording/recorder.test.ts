import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordingFull } from '../../../src/broker/gate.js';
import { hashOfCasts } from '../../../src/broker/recording/hash.js';
import { LIMITS } from '../../../src/broker/recording/queue.js';
import { eventsIn } from '../../../src/broker/recording/read.js';
import { openRecorder } from '../../../src/broker/recording/recorder.js';
import { OF, openBench, readWhole, recordShell } from './shelf.js';

const SHELL = { kind: 'shell', command: null, columns: 80, rows: 24 } as const;
const bytes = (text: string) => new TextEncoder().encode(text);

/** Cut wherever, in the middle of characters too. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return at.slice(1).map((to, n) => whole.subarray(at[n], to));
}

const outputOf = (cast: string) =>
  eventsIn(cast)
    .filter(([, code]) => code === 'o')
    .map(([, , data]) => data)
    .join('');

describe('a recording', () => {
  test('holds exactly what was shown, wherever the network cut it, and hashes to what its closing says', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 20 }), async (shown, places) => {
        const bench = await openBench();
        await recordShell(bench, cut(bytes(shown), places));
        const { text: cast, verdict } = await readWhole(bench);
        expect(outputOf(cast)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(shown)));
        expect(verdict).toBe('matches');
        const [kept] = bench.shelf.sessions;
        const hash = createHash('sha256').update(cast).digest('hex');
        expect(kept?.end?.casts).toMatchObject([
          { channel: 1, hash, bytes: bytes(cast).length, exitCode: 0 },
        ]);
        expect(kept?.end?.hash).toBe(hashOfCasts(kept?.end?.casts ?? []));
        expect(kept?.end?.events).toBe(eventsIn(cast).length);
      }),
      { numRuns: 60 },
    );
  });

  test('takes so much output of a session and no more, from all of its channels together, and keeps what it took', async () => {
    const bench = await openBench();
    const recorder = await openRecorder(bench.desk({ mostOutput: 10 }), OF);
    const [one, two] = [recorder.channel(SHELL), recorder.channel(SHELL)];
    one.output(bytes('12345'));
    two.output(bytes('1234'));
    expect(() => one.output(bytes('67'))).toThrow(RecordingFull);
    one.output(bytes('6'));
    expect(() => two.output(bytes('5'))).toThrow(RecordingFull);
    await recorder.close();
    const { text, verdict } = await readWhole(bench);
    expect([outputOf(text), verdict]).toEqual(['123456', 'matches']);
  });

  test('is asciicast v2, with its size, its resizes and its moments', async () => {
    const bench = await openBench();
    let now = 100;
    const recorder = await openRecorder(bench.desk({ clock: () => now }), OF);
    now = 103;
    const shell = recorder.channel({ ...SHELL, columns: 132, rows: 50 });
    now = 104.5;
    shell.output(bytes('hello'));
    now = 105;
    shell.resize(0, 100_000);
    shell.resize(100, 40);
    shell.end(3);
    shell.output(bytes('after its end'));
    await recorder.close();
    const { text } = await readWhole(bench);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { version: 2, width: 132, height: 50, timestamp: 1795442590, title: 'acme/web-root X-8F3KQ2' },
      [1.5, 'o', 'hello'],
      [2, 'r', '80x1000'],
      [2, 'r', '100x40'],
    ]);
    expect(bench.shelf.sessions[0]?.end).toMatchObject({ seconds: 5, casts: [{ exitCode: 3, seconds: 2 }] });
  });

  test('is cut into pieces of 64 KB at most, whatever comes, and no character is torn', async () => {
    const bench = await openBench();
    const loud = `${'\u0000'.repeat(50_000)}${'😀'.repeat(40_000)}${'x'.repeat(200_000)}`;
    await recordShell(bench, [bytes(loud)]);
    const opened = await Promise.all(
      bench.shelf.kept.map(({ channel, n, sealed }) =>
        bench.vault.open(sealed, {
          client: 'acme',
          account: `recording:${OF.session}:${channel}`,
          version: n,
        }),
      ),
    );
    const sizes = opened.map((piece) => bytes(piece.reveal()).length);
    expect(sizes.length).toBeGreaterThan(8);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMITS.pieceBytes);
    expect(outputOf((await readWhole(bench)).text)).toBe(loud);
  });

  test('notes what was run and which files were moved, sealed like everything else', async () => {
    const bench = await openBench();
    const recorder = await openRecorder(bench.desk(), OF);
    recorder.channel({ ...SHELL, kind: 'exec', command: 'mysql -pHunter2xQ' }).end(1);
    const files = recorder.channel({ ...SHELL, kind: 'sftp' });
    files.file({ act: 'read', path: '/etc/hosts', bytes: 220 });
    files.file({ act: 'rename', path: '/tmp/a', bytes: null, to: '/tmp/b' });
    files.end(null);
    await recorder.close();
    expect(eventsIn((await readWhole(bench)).text)).toEqual([[0, 'm', '$ mysql -pHunter2xQ']]);
    const moved = eventsIn((await readWhole(bench, OF.session, 2)).text).map(([, , says]) => says);
    expect(moved).toEqual(['read /etc/hosts 220 bytes', 'rename /tmp/a → /tmp/b']);
    expect(JSON.stringify([bench.shelf.rows, bench.shelf.kept])).not.toMatch(/Hunter2xQ|etc\/hosts|mysql/);
  });

  test('is written within half a second, though nobody closes anything', async () => {
    const bench = await openBench();
    const written = new Promise<void>((resolve) => {
      const add = bench.shelf.addPieces.bind(bench.shelf);
      bench.shelf.addPieces = async (...given) => add(...given).then(resolve);
    });
    const began = performance.now();
    const recorder = await openRecorder(bench.desk(), OF);
    recorder.channel(SHELL).output(bytes('$ '));
    await written;
    expect(performance.now() - began).toBeLessThan(1_000);
    await recorder.close();
  });
});

describe('a recording that can’t be kept', () => {
  const quick = { ...LIMITS, pieceMs: 5, patienceMs: 300 };

  test('has failed when nothing could be written for a while, and says so to whoever closes it', async () => {
    const bench = await openBench();
    bench.shelf.before = () => Promise.reject(new Error('the database is away'));
    const recorder = await openRecorder(bench.desk({ limits: quick }), OF);
    recorder.channel(SHELL).output(bytes('unheard'));
    await expect(recorder.failed).rejects.toThrow('nothing could be written for 0.3 seconds');
    await expect(recorder.close()).rejects.toThrow('can’t be kept');
    expect(bench.summaries.size).toBe(0);
  });

  test('has failed just so where the database never answers', async () => {
    const bench = await openBench();
    bench.shelf.before = () => new Promise(() => undefined);
    const recorder = await openRecorder(bench.desk({ limits: quick }), OF);
    recorder.channel(SHELL).output(bytes('unheard'));
    await expect(recorder.failed).rejects.toThrow('nothing could be written');
  });

  test('goes on where the database was away for a moment, and nothing of it is lost', async () => {
    const bench = await openBench();
    let tries = 0;
    bench.shelf.before = async () => {
      tries += 1;
      if (tries <= 2) throw new Error('the database is away');
    };
    const recorder = await openRecorder(bench.desk({ limits: { ...quick, patienceMs: 2_000 } }), OF);
    recorder.channel(SHELL).output(bytes('heard'));
    await recorder.close();
    expect(outputOf((await readWhole(bench)).text)).toBe('heard');
    expect((await readWhole(bench)).verdict).toBe('matches');
  });

  test('has failed when more comes than is written, and holds none of it any more', async () => {
    const bench = await openBench();
    bench.shelf.before = () => new Promise(() => undefined);
    const recorder = await openRecorder(bench.desk(), OF);
    const shell = recorder.channel(SHELL);
    for (let n = 0; n < 45; n++) shell.output(bytes('x'.repeat(100_000)));
    await expect(recorder.failed).rejects.toThrow('more came than could be written');
    expect(recorder.room?.()).toBeNull();
  });

  test('never fails for whoever waits for room, however much comes', async () => {
    const bench = await openBench();
    const recorder = await openRecorder(bench.desk(), OF);
    const shell = recorder.channel(SHELL);
    let waited = 0;
    for (let n = 0; n < 120; n++) {
      shell.output(bytes('y'.repeat(100_000)));
      const room = recorder.room?.();
      if (room) {
        waited += 1;
        await room;
      }
    }
    await recorder.close();
    expect(waited).toBeGreaterThan(3);
    expect(outputOf((await readWhole(bench)).text).length).toBe(12_000_000);
  });

  test('is not begun where its beginning can’t be written', async () => {
    const bench = await openBench();
    bench.shelf.begin = () => Promise.reject(new Error('the database is away'));
    await expect(openRecorder(bench.desk(), OF)).rejects.toThrow('away');
  });
});
