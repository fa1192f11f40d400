import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/broker/recording/queue.js';
import { rowsOf } from '../../../src/broker/recording/read.js';
import { openRecorder } from '../../../src/broker/recording/recorder.js';
import type { RecordedSession } from '../../../src/core/recording.js';
import { type Bench, OF, openBench, readWhole } from './shelf.js';

const OTHER = { ...OF, session: 'X-00000B', client: 'acme' };
const DELTA = { ...OF, session: 'X-00000D', client: 'delta' };
const bytes = (text: string) => new TextEncoder().encode(text);
const SHELL = { kind: 'shell', command: null, columns: 80, rows: 24 } as const;

/** Two shells of three pieces each. */
async function record(bench: Bench, of = OF): Promise<void> {
  const limits = { ...LIMITS, pieceBytes: 60 };
  const recorder = await openRecorder(bench.desk({ limits }), of);
  for (const name of ['first', 'second']) {
    const shell = recorder.channel(SHELL);
    for (let n = 0; n < 6; n++) shell.output(bytes(`${name} ${n}\r\n`));
    shell.end(0);
  }
  await recorder.close();
}

describe('whoever holds a recording against the audit trail', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await record(bench);
    await record(bench, OTHER);
    await record(bench, DELTA);
  });

  const verdict = async (channel = 1) => (await readWhole(bench, OF.session, channel)).verdict;
  const at = (n: number, channel = 1, session = OF.session) => {
    const index = bench.shelf.kept.findIndex(
      (one) => one.session === session && one.channel === channel && one.n === n,
    );
    if (index < 0) throw new Error(`no piece ${session} ${channel} ${n}`);
    return index;
  };
  const replace = (index: number, sealed: string) => {
    const before = bench.shelf.kept[index];
    if (before) bench.shelf.kept[index] = { ...before, sealed };
  };
  const sealedAt = (...where: Parameters<typeof at>) => bench.shelf.kept[at(...where)]?.sealed ?? '';

  test('finds it as it was', async () => {
    expect([await verdict(1), await verdict(2)]).toEqual(['matches', 'matches']);
  });

  test('sees that two pieces changed places', async () => {
    const [one, two] = [sealedAt(2), sealedAt(3)];
    replace(at(2), two);
    replace(at(3), one);
    expect(await verdict()).toBe('differs');
  });

  test.each([
    ['another channel', 2, OF.session],
    ['another session', 1, OTHER.session],
    ['another client', 1, DELTA.session],
  ])('sees that a piece is of %s', async (_whose, channel, session) => {
    replace(at(2), sealedAt(2, channel, session));
    expect(await verdict()).toBe('differs');
  });

  test('sees that a piece was altered by one bit', async () => {
    const sealed = sealedAt(2);
    const parts = sealed.split('.');
    const text = Buffer.from(parts[3] ?? '', 'base64url');
    text.writeUInt8(text.readUInt8(4) ^ 1, 4);
    replace(at(2), parts.with(3, text.toString('base64url')).join('.'));
    expect(await verdict()).toBe('differs');
  });

  test.each([1, 2, 99])('sees that a piece is gone: %s', async (which) => {
    const last = bench.shelf.kept.filter((one) => one.session === OF.session && one.channel === 1).length;
    bench.shelf.kept.splice(at(Math.min(which, last)), 1);
    expect(await verdict()).toBe('differs');
  });

  test('sees that a piece was added at the end, by somebody who has the key', async () => {
    const n = bench.shelf.kept.filter((one) => one.session === OF.session && one.channel === 1).length + 1;
    const sealed = await bench.vault.seal({ reveal: () => '[9,"o","added"]\n' } as never, {
      client: 'acme',
      account: `recording:${OF.session}:1`,
      version: n,
    });
    bench.shelf.kept.push({ session: OF.session, channel: 1, n, sealed });
    expect(await verdict()).toBe('differs');
  });

  test('sees that its end was written anew to fit: the trail has the first hash', async () => {
    bench.shelf.sessions = bench.shelf.sessions.map((one) =>
      one.session === OF.session && one.end ? { ...one, end: { ...one.end, hash: 'a'.repeat(64) } } : one,
    );
    expect(await verdict()).toBe('differs');
    const forged = bench.shelf.sessions.find((one) => one.session === OTHER.session)?.end;
    bench.shelf.sessions = bench.shelf.sessions.map((one) =>
      one.session === OF.session && forged ? { ...one, end: forged } : one,
    );
    expect(await verdict()).toBe('differs');
  });

  test('sees that its end is gone, though the trail has a hash', async () => {
    bench.shelf.sessions = bench.shelf.sessions.map((one): RecordedSession => ({ ...one, end: null }));
    expect(await verdict()).toBe('differs');
  });

  test('is told where it broke off, and where the trail says nothing yet', async () => {
    bench.shelf.ended(OF.session, null);
    expect(await verdict()).toBe('not-on-trail');
    bench.shelf.sessions = bench.shelf.sessions.map((one): RecordedSession => ({ ...one, end: null }));
    expect(await verdict()).toBe('broken-off');
  });

  test('sees a command that was altered or moved', async () => {
    const recorder = await openRecorder(bench.desk(), { ...OF, session: 'X-00000C' });
    for (const command of ['id', 'whoami']) recorder.channel({ ...SHELL, kind: 'exec', command }).end(0);
    await recorder.close();
    const [id, whoami] = bench.shelf.rows.slice(-2);
    if (id && whoami) bench.shelf.rows.splice(-2, 1, { ...id, sealedCommand: whoami.sealedCommand });
    const { channels } = await rowsOf(bench, bench.shelf.sessions.at(-1) as RecordedSession);
    expect(channels.map(({ command }) => command)).toEqual(['(altered)', 'whoami']);
  });
});
