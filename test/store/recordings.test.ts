/** Recordings where they are kept: whole after lost answers, and nothing in the clear. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/broker/recording/queue.js';
import { readCast } from '../../src/broker/recording/read.js';
import { openRecorder, type RecordingDesk } from '../../src/broker/recording/recorder.js';
import type { RecordedSession } from '../../src/core/recording.js';
import { codeOf } from '../../src/store/driver.js';
import { recordingKeeping, recordingShelf } from '../../src/store/recordings.js';
import { memoryVault } from '../broker/recording/shelf.js';
import { type House, KINDS, openHouse } from '../support/house.js';
import { everythingStored } from '../support/world.js';

const OF = {
  ...{ session: 'X-8F3KQ2', grant: 'G-8F3KQ2', client: 'acme', account: 'router', person: 'p-tess' },
  address: '203.0.113.7',
};
const SECRET = 'Zq0O-1lI|7#mK w';
const SHELL = { kind: 'shell', command: null, columns: 80, rows: 24 } as const;

describe.each(KINDS)('recordings on the %s database', (kind) => {
  let house: House;
  let desk: RecordingDesk;
  beforeAll(async () => {
    house = await openHouse(kind);
    desk = {
      keeping: recordingKeeping(house.database),
      seals: await memoryVault(),
      recorded: async () => undefined,
    };
  }, 120_000);
  afterAll(() => house.close());

  async function whole(session: string): Promise<{ text: string; verdict: string }> {
    const shelf = recordingShelf(house.database);
    const recorded = (await shelf.one(session)) as RecordedSession;
    let text = '';
    for await (const part of readCast({ shelf, seals: desk.seals }, recorded, 1)) {
      if ('verdict' in part) return { text, verdict: part.verdict };
      text += part.text;
    }
    throw new Error('no verdict');
  }

  test('megabytes come back as they were shown, and nothing of them lies there in the clear', async () => {
    const recorder = await openRecorder(desk, OF);
    const shell = recorder.channel(SHELL);
    recorder.channel({ ...SHELL, kind: 'exec', command: `mysql -p'${SECRET}'` }).end(0);
    const shown = Array.from({ length: 30 }, (_, n) => `${n} ${SECRET} ${'é'.repeat(50_000)}\r\n`);
    for (const text of shown) {
      shell.output(new TextEncoder().encode(text));
      await recorder.room?.();
    }
    shell.end(0);
    await recorder.close();
    const { text, verdict } = await whole(OF.session);
    expect(verdict).toBe('not-on-trail');
    const lines = text.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => JSON.parse(line)[2]).join('')).toBe(shown.join(''));
    const stored = await everythingStored(house.database);
    expect(stored).toContain(OF.session);
    expect(stored.includes(SECRET) || stored.includes('mysql') || stored.includes('éé')).toBe(false);
  });

  test('an answer that got lost is written once, and the second try adds nothing', async () => {
    const of = { ...OF, session: 'X-00000B' };
    let lost = 0;
    const addPieces: typeof desk.keeping.addPieces = async (...given) => {
      await desk.keeping.addPieces(...given);
      lost += 1;
      if (lost === 1) throw new Error('the answer got lost');
    };
    const recorder = await openRecorder({ ...desk, keeping: { ...desk.keeping, addPieces } }, of);
    recorder.channel(SHELL).output(new TextEncoder().encode('once'));
    await recorder.close();
    expect(lost).toBe(2);
    expect((await whole(of.session)).text.match(/once/g)).toHaveLength(1);
    expect((await whole(of.session)).verdict).toBe('not-on-trail');
  });

  test('a database that is gone ends it', async () => {
    const of = { ...OF, session: 'X-00000C' };
    const limits = { ...LIMITS, pieceMs: 5, patienceMs: 400 };
    const recorder = await openRecorder({ ...desk, limits }, of);
    await house.database.run({ name: '', text: 'alter table keyturn.recording_pieces rename to gone' }, []);
    recorder.channel(SHELL).output(new TextEncoder().encode('unheard'));
    await expect(recorder.failed).rejects.toThrow('can’t be kept');
    await house.database.run({ name: '', text: 'alter table keyturn.gone rename to recording_pieces' }, []);
    expect((await recordingShelf(house.database).one(of.session))?.end).toBeNull();
  });

  test('one session is recorded once', async () => {
    const again = openRecorder(desk, OF).catch((error) => codeOf(error));
    expect(await again).toBe('23505');
  });
});
