import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command, Outcome } from '../../src/core/command.js';
import type { ConfigurationFile } from '../../src/core/proposal.js';
import { codeOf } from '../../src/store/driver.js';
import { CAST } from '../fixtures/cast.js';
import { type House, KINDS, openHouse } from '../support/house.js';

/** A configuration that differs in its name alone; what it loosens is what its lines say. */
function file(name: string, loosens: boolean): ConfigurationFile {
  return {
    document: { name, loosens },
    operator: { name: 'Northwind IT', timezone: 'UTC' },
    directory: CAST,
    digest: `digest of ${name}`,
    seal: `seal of ${name}`,
    lines: [{ text: `policy ${name}: reads otherwise`, loosens }],
  };
}

const LOOSE = [file('loose', true), file('looser', true)];
const TIGHT = file('tight', false);

const act = fc.record({
  by: fc.constantFrom('Lena', 'Omar', 'Tess', 'Aude'),
  what: fc.constantFrom('loose', 'looser', 'tight', 'apply', 'refuse'),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What two leads may do, as a page of rules. */
class Rules {
  version = 1;
  waiting: { what: string; by: string } | null = null;

  /** True where it is done. */
  does({ by, what }: Act): boolean {
    if (by !== 'Lena' && by !== 'Omar') return false;
    if (what === 'tight') return this.#brings();
    if (what === 'apply' || what === 'refuse' || what === this.waiting?.what) {
      if (!this.waiting || this.waiting.by === by) return false;
      if (what !== 'refuse') return this.#brings();
      this.waiting = null;
      return true;
    }
    this.waiting = { what, by };
    return true;
  }

  #brings(): true {
    this.version += 1;
    this.waiting = null;
    return true;
  }
}

describe.each(KINDS)('configurations by two leads, on the %s database', (kind) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house.close());

  const rows = <Row = Record<string, unknown>>(text: string, values: unknown[] = []) =>
    house.database.run<Row>({ name: '', text }, values);
  const refused = (text: string, values: unknown[] = []) =>
    rows(text, values).then(
      () => 'went through',
      (error) => codeOf(error),
    );
  const inForce = async () =>
    (await rows<{ n: number }>('select max(version)::int as n from keyturn.configurations'))[0]?.n ?? 0;
  const newest = async () =>
    (await rows<{ id: string }>('select id from keyturn.proposals order by at desc limit 1'))[0]?.id ??
    'V-NONE';
  const proposes = async (by: string, what = LOOSE[0] as ConfigurationFile): Promise<string> => {
    const outcome = await house.act(by, { verb: 'apply', file: what });
    return 'done' in outcome ? outcome.done : JSON.stringify(outcome);
  };

  async function commandOf(what: string): Promise<Command> {
    const loose = LOOSE.find((f) => f.document.name === what);
    if (loose) return { verb: 'apply', file: loose };
    if (what === 'tight') return { verb: 'apply', file: TIGHT };
    return { verb: what === 'apply' ? 'apply-proposal' : 'refuse-proposal', id: await newest() };
  }

  test('whatever leads and others do, what loosens comes into force by two leads’ words and no other way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        // From where the last run ended: nothing waits, and the version is known.
        await house.act('Lena', { verb: 'apply', file: TIGHT });
        const rules = new Rules();
        rules.version = await inForce();
        for (const one of acts) {
          const outcome: Outcome = await house.act(one.by, await commandOf(one.what));
          expect('done' in outcome, `${JSON.stringify(one)}: ${JSON.stringify(outcome)}`).toBe(
            rules.does(one),
          );
          expect(await inForce()).toBe(rules.version);
        }
        const waiting = await rows(`select 1 from keyturn.proposals where state = 'waiting'`);
        expect(waiting.length).toBe(rules.waiting ? 1 : 0);
      }),
      { numRuns: 25 },
    );
    const alone = await rows(
      `select c.version from keyturn.configurations c where (c.document->>'loosens')::boolean and not exists (
         select from keyturn.proposals p where p.state = 'applied' and p.digest = c.digest
           and p.base = c.version - 1 and p.proposer <> p.settled_by)`,
    );
    expect(alone).toEqual([]);
  });

  test('both leads at once with the same file end with one proposal that one of them made and the other applied', async () => {
    await house.act('Lena', { verb: 'apply', file: TIGHT });
    const before = await inForce();
    const command: Command = { verb: 'apply', file: LOOSE[0] as ConfigurationFile };
    const outcomes = await Promise.all([house.act('Lena', command), house.act('Omar', command)]);
    expect(outcomes.every((outcome) => 'done' in outcome)).toBe(true);
    expect(await inForce()).toBe(before + 1);
  });

  test('a proposal of somebody who is paused is applied by nobody', async () => {
    const id = await proposes('Lena');
    const { person } = await house.as('Lena');
    await rows(
      `insert into keyturn.alerts (id, kind, person, key, data, state, at, version)
       values ('A-PAUSED', 'fraud', $1, 'fraud of a test', '{}', 'open', keyturn.now(), 1)`,
      [person],
    );
    expect(await house.act('Omar', { verb: 'apply-proposal', id })).toEqual({
      refused: { code: 'requester-paused', person },
    });
    await rows(
      `update keyturn.alerts set state = 'settled', settled_at = now(), settled_by = $1, version = 2
       where id = 'A-PAUSED'`,
      [(await house.as('Omar')).person],
    );
    expect(await house.act('Omar', { verb: 'apply-proposal', id })).toEqual({
      done: String(await inForce()),
    });
  });

  describe('the database refuses', () => {
    let id: string;
    beforeAll(async () => {
      await house.act('Lena', { verb: 'apply', file: TIGHT });
      id = await proposes('Lena');
    });

    test('that the proposer applies or refuses it, or that nobody did', async () => {
      for (const state of ['applied', 'refused'])
        for (const by of ['proposer', 'null'])
          expect(
            await refused(
              `update keyturn.proposals set state = '${state}', settled_at = now(), settled_by = ${by} where id = $1`,
              [id],
            ),
          ).toBe('23514');
    });

    test('a second one that waits', async () => {
      expect(
        await refused(
          `insert into keyturn.proposals select 'V-OTHER', document, operator, directory, digest, seal, lines, base,
           proposer, null, alert, 'waiting', at, null, null, null, 1 from keyturn.proposals where id = $1`,
          [id],
        ),
      ).toBe('23505');
    });

    test('that one is edited, deleted or lives again', async () => {
      expect(await refused(`update keyturn.proposals set directory = '{}' where id = $1`, [id])).toBe(
        'KT003',
      );
      expect(await refused(`delete from keyturn.proposals`)).toBe('KT003');
      expect(await refused(`truncate keyturn.proposals`)).toBe('KT003');
      const over = await rows<{ id: string }>(
        `select id from keyturn.proposals where state = 'applied' limit 1`,
      );
      expect(
        await refused(`update keyturn.proposals set state = 'waiting', settled_at = null where id = $1`, [
          over[0]?.id,
        ]),
      ).toBe('KT002');
    });

    test('one that bears a proof which isn’t its proposer’s, spent and for this configuration', async () => {
      expect(
        await refused(
          `insert into keyturn.proposals select 'V-OTHER', document, operator, directory, digest, seal, lines, base,
           proposer, 'C-NONE', alert, 'waiting', at, null, null, null, 1 from keyturn.proposals where id = $1`,
          [id],
        ),
      ).toBe('KT004');
    });

    test('that one is applied over another version than it was compared with', async () => {
      const { person } = await house.as('Omar');
      await rows(
        `insert into keyturn.configurations select version + 1, document, operator, digest, applied_at, applied_by
         from keyturn.configurations order by version desc limit 1`,
      );
      expect(
        await refused(
          `update keyturn.proposals set state = 'applied', settled_at = now(), settled_by = $2 where id = $1`,
          [id, person],
        ),
      ).toBe('KT001');
    });
  });
});
