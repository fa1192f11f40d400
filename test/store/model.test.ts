import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { performInBrowser } from '../../src/core/perform.js';
import { endWhatIsDue } from '../../src/jobs/clock.js';
import { verifyChains } from '../../src/store/audit.js';
import { shiftClock } from '../../src/store/deployment.js';
import { fresh } from '../../src/store/fresh.js';
import { type House, KINDS, openHouse } from '../support/house.js';
import { ACCOUNTS, LONGEST, Model, type ModelRequest, seats } from '../support/model.js';

const PEOPLE = ['Tess', 'Luis', 'Maya', 'Lena', 'Omar', 'Sana', 'Theo', 'Aude', 'Noor', 'Ivy'] as const;
const person = fc.constantFrom(...PEOPLE);
const which = fc.nat({ max: 7 });

/** Seven minutes never add up to a duration, so a slow machine can't make the model wrong by seconds. */
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      by: person,
      account: fc.constantFrom(...Object.keys(ACCOUNTS)),
      seconds: fc.constantFrom(60, 1800, 3600, 14_400, 90_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      by: person,
      which,
      seconds: fc.option(fc.constantFrom(60, 1800, 7200), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('deny' as const, 'cancel' as const, 'return' as const, 'revoke' as const),
      by: person,
      which,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reveal' as const), by: person, which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('extend' as const),
      // Mostly the holder, who is Tess as often as not.
      by: fc.oneof(person, fc.constant('Tess' as const)),
      which,
      seconds: fc.constantFrom(60, 1800, 3600, 12_600),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), steps: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** One run of random acts; ids of the real requests beside the model's. */
class Run {
  readonly model = new Model();
  readonly ids = new Map<ModelRequest, string>();
  constructor(readonly house: House) {}

  async step(a: Act): Promise<void> {
    if (a.kind === 'advance') {
      await shiftClock(this.house.database, a.steps * 420);
      this.model.now += a.steps * 420;
    } else if (a.kind === 'settle') {
      await endWhatIsDue(this.house.database, this.house.ports);
      this.model.settle();
    } else if (a.kind === 'ask') {
      await this.#ask(a);
    } else {
      const request = this.model.requests.at(-1 - a.which);
      if (request) await this.#onRequest(a, request);
    }
  }

  async #ask(a: Extract<Act, { kind: 'ask' }>): Promise<void> {
    // What is past its time but not yet on record still blocks a key; the worker is never that late.
    await endWhatIsDue(this.house.database, this.house.ports);
    this.model.settle();
    const [client = '', account = ''] = a.account.split('/');
    const outcome = await this.house.act(a.by, {
      verb: 'ask',
      client,
      account,
      seconds: a.seconds,
      reason: 'a reason',
      ticket: null,
    });
    expect('done' in outcome, `${a.by} asks for ${a.account}: ${JSON.stringify(outcome)}`).toBe(
      this.model.ask(a.by, a.account, a.seconds),
    );
    if ('done' in outcome) this.ids.set(this.model.requests.at(-1) as ModelRequest, outcome.done);
  }

  async #onRequest(
    a: Exclude<Act, { kind: 'ask' | 'advance' | 'settle' }>,
    request: ModelRequest,
  ): Promise<void> {
    const id = this.ids.get(request) as string;
    const expected = this.#expected(a, request);
    if (a.kind === 'extend') return this.#extend(a, request, id, expected);
    const real = a.kind === 'reveal' ? await this.#reveal(a.by, id) : await this.#plain(a, id);
    expect(real.ok, `${a.by}: ${a.kind} ${request.account}: ${real.said}`).toBe(expected);
  }

  #expected(a: Exclude<Act, { kind: 'ask' | 'advance' | 'settle' }>, r: ModelRequest): boolean {
    switch (a.kind) {
      case 'approve':
        return this.model.approve(a.by, r, a.seconds);
      case 'deny':
        return this.model.deny(a.by, r);
      case 'cancel':
        return this.model.cancel(a.by, r);
      case 'reveal':
        return this.model.reveal(a.by, r);
      case 'extend':
        return this.model.extend(a.by, r, a.seconds);
      default:
        return this.model.end(a.by, r, a.kind);
    }
  }

  async #extend(
    a: Extract<Act, { kind: 'extend' }>,
    request: ModelRequest,
    id: string,
    expected: boolean,
  ): Promise<void> {
    const { by, seconds } = a;
    const outcome = await this.house.act(by, { verb: 'extend', id, seconds, reason: 'still at it' });
    expect('done' in outcome, `${by}: extend ${request.account}: ${JSON.stringify(outcome)}`).toBe(expected);
    if ('done' in outcome) this.ids.set(this.model.requests.at(-1) as ModelRequest, outcome.done);
  }

  async #plain(a: { kind: string; by: string; seconds?: number | undefined }, id: string) {
    const more = a.kind === 'approve' && a.seconds !== undefined ? { seconds: a.seconds } : { reason: 'no' };
    const outcome = await this.house.act(a.by, { verb: a.kind, id, ...more } as never);
    return { ok: 'done' in outcome, said: JSON.stringify(outcome) };
  }

  /** From the press to the showing; true only if the secret came out. */
  async #reveal(by: string, id: string) {
    const link = { id: fresh.linkId(), tokenHash: fresh.linkId() };
    await this.house.act(by, { verb: 'press-reveal', id, link });
    await performInBrowser(this.house.ports, link.tokenHash, {
      verb: 'ask-browser',
      browserHash: 'b',
      number: '47',
    });
    await this.house.act(by, { verb: 'confirm-browser', link: link.id, itIsMe: true });
    const outcome = await performInBrowser(this.house.ports, link.tokenHash, {
      verb: 'claim',
      browserHash: 'b',
    });
    return { ok: 'done' in outcome, said: JSON.stringify(outcome) };
  }

  /** What must hold whatever happened, read back from the database and not from the model. */
  async check(): Promise<void> {
    for (const [request, id] of this.ids) {
      const facts = await this.house.ports.store.requestFacts(id);
      if (!facts?.grant || facts.request.state !== 'approved') continue;
      if (request.of === null) {
        const lasts = (Number(facts.grant.endsAt) - Number(facts.grant.activeAt)) / 1000;
        expect(lasts, `the length of ${id}`).toBe(request.endsAt - request.beganAt);
        expect(lasts).toBeLessThanOrEqual(LONGEST);
      }
      const { steps } = ACCOUNTS[request.account] as (typeof ACCOUNTS)[string];
      const others = facts.decisions
        .filter((d) => d.verdict === 'approve' && d.person !== facts.request.requester)
        .map((d) => facts.directory.nameOf(d.person).split(' ')[0] as string);
      expect(seats(steps, others), `the quorum of ${id}`).toBe(steps.length);
      for (const shown of facts.exposures) {
        expect(shown.person).toBe(facts.grant.holder);
        expect(shown.at.getTime()).toBeLessThan(facts.grant.endsAt?.getTime() ?? 0);
        expect(shown.at.getTime()).toBeLessThanOrEqual(
          (facts.grant.endedAt ?? facts.grant.endsAt)?.getTime() ?? 0,
        );
      }
    }
  }
}

describe.each(KINDS)('random acts by random people at random times, on the %s database', (kind) => {
  test('no grant without its quorum of distinct others, none used past its end, every chain whole', async () => {
    const house = await openHouse(kind);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
          await shiftClock(house.database, 7 * 86_400);
          await endWhatIsDue(house.database, house.ports);
          const run = new Run(house);
          for (const a of acts) await run.step(a);
          await run.check();
        }),
        { numRuns: Number(process.env.KEYTURN_MODEL_RUNS ?? 60) },
      );
      expect((await verifyChains(house.database)).filter((c) => c.brokenAt !== null)).toEqual([]);
    } finally {
      await house.close();
    }
  }, 300_000);
});
