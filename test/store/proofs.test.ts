import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command, Outcome } from '../../src/core/command.js';
import { perform, performOnProof } from '../../src/core/perform.js';
import type { Ports } from '../../src/core/ports.js';
import { moot } from '../../src/core/settle-proof.js';
import { endWhatIsDue } from '../../src/jobs/clock.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { Crowd } from '../support/crowd.js';
import { waves } from '../support/crowd-acts.js';
import { type House, KINDS } from '../support/house.js';
import { brokenLaws } from '../support/proof-laws.js';
import { allow, hasty, openProtected, ring, settle } from '../support/proving.js';

const RUNS = Number(process.env.KEYTURN_MODEL_RUNS ?? 60);
const REPLICAS = 3;
const stale = { refused: { code: 'proof-stale' } };

describe.each(KINDS)('no protected act without an unspent proof of its own, on the %s database', (kind) => {
  let house: House;
  let replicas: Ports[];
  beforeAll(async () => {
    house = await openProtected(kind);
    replicas = [house.ports, ...Array.from({ length: REPLICAS - 1 }, () => house.replica())];
  });
  afterAll(() => house.close());

  const count = async (table: 'decisions' | 'exposures' | 'proofs', where = 'true') => {
    const text = `select count(*)::int as n from keyturn.${table} where ${where}`;
    return (await house.database.run<{ n: number }>({ name: '', text }, []))[0]?.n ?? 0;
  };
  /** A new day: nobody is paused, and nothing of the day before is still open. */
  const newDay = async () => {
    await shiftClock(house.database, 86_400);
    await endWhatIsDue(house.database, house.ports);
    const text = `update keyturn.alerts a set state = 'settled', settled_at = keyturn.now(),
      settled_by = (select p.id from keyturn.people p where p.id <> a.person limit 1) where a.state = 'open'`;
    await house.database.run({ name: '', text }, []);
  };
  const asked = async (account = 'shared'): Promise<string> => {
    const what = { client: 'acme', account, seconds: 3600, reason: 'why', ticket: null };
    const outcome = await house.act('Tess', { verb: 'ask', ...what });
    return 'done' in outcome ? outcome.done : JSON.stringify(outcome);
  };
  const confirm = async (name: string, command: Command): Promise<string> => {
    const outcome = await house.act(name, command);
    return 'confirm' in outcome ? outcome.confirm : JSON.stringify(outcome);
  };
  /** Lena is asked to confirm an approval, and says yes. */
  const allowedProof = async (command: Command): Promise<string> => {
    const proof = await confirm('Lena', command);
    await ring(house.ports, proof);
    await allow(house.ports, proof);
    return proof;
  };
  const use = async (name: string, command: Command, proof: string, ports: Ports = house.ports) =>
    perform(ports, await house.as(name), command, proof);

  test('whatever anybody does at once, with whatever proofs', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (all) => {
        await newDay();
        const crowd = new Crowd(house, replicas);
        await crowd.begin();
        for (const { acts, pause } of all) {
          await Promise.all(acts.map((a) => crowd.do(a)));
          await shiftClock(house.database, pause);
        }
        expect(await brokenLaws(house.database)).toEqual([]);
      }),
      // What happened at once doesn't happen so again: a smaller case would prove nothing.
      { numRuns: Number(process.env.KEYTURN_MODEL_RUNS ?? 60), endOnFailure: true },
    );
    expect((await verifyChains(house.database)).filter((c) => c.brokenAt !== null)).toEqual([]);
    // The laws would hold of an empty house as well.
    expect(await count('decisions', `verdict = 'approve'`)).toBeGreaterThan(RUNS / 2);
    expect(await count('exposures')).toBeGreaterThan(RUNS / 10);
    for (const state of ['spent', 'denied', 'fraud', 'timeout', 'failed', 'void'])
      expect(await count('proofs', `state = '${state}'`), state).toBeGreaterThan(0);
  }, 300_000);

  describe('one by one', () => {
    let request: string;
    let approval: Command & { verb: 'approve' };
    beforeAll(async () => {
      await newDay();
      request = await asked();
      approval = { verb: 'approve', id: request };
    });
    const nothingDone = async () => expect(await count('decisions', `request = '${request}'`)).toBe(0);

    test.each<[string, (proof: string) => Promise<Outcome>]>([
      ['of somebody else', (proof) => use('Omar', approval, proof)],
      ['of another wish', (proof) => use('Lena', { ...approval, seconds: 1800 }, proof)],
      [
        'of another request',
        async (proof) => use('Lena', { ...approval, id: await asked('front-desk') }, proof),
      ],
      [
        'whose two minutes are over',
        async (proof) => {
          await shiftClock(house.database, 121);
          return use('Lena', approval, proof);
        },
      ],
      [
        'that was set aside',
        async (proof) => {
          await performOnProof(house.ports, { id: proof }, (facts) => moot(facts, 'Not any more.'));
          return use('Lena', approval, proof);
        },
      ],
    ])('a proof %s does nothing', async (_, tryIt) => {
      await newDay();
      request = await asked();
      approval = { verb: 'approve', id: request };
      expect(await tryIt(await allowedProof(approval))).toEqual(stale);
      await nothingDone();
    });

    test.each(['denied', 'fraud', 'timeout'] as const)(
      'an answer that is “%s” does nothing',
      async (said) => {
        await newDay();
        request = await asked();
        approval = { verb: 'approve', id: request };
        const proof = await confirm('Lena', approval);
        expect(await use('Lena', approval, proof)).toEqual(stale);
        await ring(house.ports, proof);
        expect(await use('Lena', approval, proof)).toEqual(stale);
        await settle(house.ports, proof, said);
        expect(await allow(house.ports, proof)).toEqual(stale);
        expect(await use('Lena', approval, proof)).toHaveProperty('refused');
        await nothingDone();
      },
    );
  });

  test('a proof that ten use at once, on every replica, approves once', async () => {
    await newDay();
    const approval: Command = { verb: 'approve', id: await asked() };
    const proof = await allowedProof(approval);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => use('Lena', approval, proof, replicas[n % REPLICAS])),
    );
    expect(outcomes.filter((o) => 'done' in o)).toHaveLength(1);
    expect(outcomes.filter((o) => 'confirm' in o)).toEqual([]);
    expect(await use('Lena', { verb: 'approve', id: await asked('front-desk') }, proof)).toEqual(stale);
    expect(await brokenLaws(house.database)).toEqual([]);
  });

  test('ten presses at once ask one thing', async () => {
    await newDay();
    const approval: Command = { verb: 'approve', id: await asked() };
    const lena = await house.as('Lena');
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => perform(replicas[n % REPLICAS] as Ports, lena, approval)),
    );
    expect(outcomes.filter((o) => 'confirm' in o)).toHaveLength(1);
    expect(outcomes.filter((o) => 'refused' in o).map((o) => 'refused' in o && o.refused.code)).toEqual(
      Array.from({ length: 9 }, () => 'confirming-already'),
    );
  });

  test('an answer that a factor gave before is none', async () => {
    await newDay();
    const first = await confirm('Lena', { verb: 'approve', id: await asked() });
    const second = await confirm('Omar', { verb: 'approve', id: await asked('front-desk') });
    for (const proof of [first, second]) await ring(house.ports, proof);
    expect(await allow(house.ports, first, `seen before ${kind}`)).toHaveProperty('done');
    expect(await allow(hasty(house.ports), second, `seen before ${kind}`)).toHaveProperty('refused');
    expect(await count('proofs', `id = '${second}' and state = 'waiting' and evidence is null`)).toBe(1);
  });
});
