/** What people in the model's house may do next: mostly what has a chance, sometimes whatever. */

import fc from 'fast-check';
import { ACCOUNTS, LEADS, PEOPLE, SECURITY } from './model-world.js';

const person = fc.constantFrom(...PEOPLE);
const account = fc.constantFrom(...Object.keys(ACCOUNTS));
const which = fc.nat({ max: 6 });
const mostly = (likely: readonly string[], any = person) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: any });
const lead = mostly(LEADS);
const decider = mostly([...LEADS, ...SECURITY, 'Noor', 'Maya']);
const asker = mostly(['Tess', 'Maya', 'Sana', 'Theo', 'Lena']);
const breaker = mostly(['Tess', 'Maya', 'Noor', 'Sana', 'Omar']);
/** Null: whoever asked for it. */
const holder = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: person });
const breakable = mostly(
  Object.keys(ACCOUNTS).filter((name) => ACCOUNTS[name]?.glass),
  account,
);
const kind = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);

const doing = {
  ask: fc.record({
    ...{ kind: kind('ask'), by: asker, account },
    seconds: fc.constantFrom(60, 1800, 3600, 14_400, 90_000),
  }),
  glass: fc.record({
    ...{ kind: kind('glass'), by: breaker, account: breakable },
    ...{ seconds: fc.constantFrom(1800, 1800, 3600, 7200), reason: fc.constantFrom(15, 40, 40, 14) },
  }),
  approve: fc.record({
    ...{ kind: kind('approve'), by: decider, which },
    seconds: fc.option(fc.constantFrom(60, 1800, 7200), { nil: undefined, freq: 3 }),
  }),
  deny: fc.record({ kind: kind('deny'), by: decider, which }),
  extend: fc.record({ kind: kind('extend'), by: holder, which, seconds: fc.constantFrom(60, 1800, 3600, 7200) }),
  own: fc.record({ kind: kind('cancel', 'return'), by: holder, which }),
  revoke: fc.record({ kind: kind('revoke'), by: decider, which }),
  reveal: fc.record({ kind: kind('reveal'), by: holder, which }),
  review: fc.record({ kind: kind('justified', 'justified', 'misuse'), by: decider, which }),
  allow: fc.record({ kind: kind('allow'), by: lead, which }),
  resume: fc.record({ kind: kind('resume'), by: lead, who: person }),
  change: fc.record({ kind: kind('change'), by: mostly([...LEADS, 'Maya', 'Theo']), account }),
  offboard: fc.record({
    ...{ kind: kind('offboard'), by: lead, who: person, heir: fc.option(mostly(['Maya', 'Omar', 'Theo']), { freq: 2 }) },
    /** Pressed on the card of the one that waits, where the heir was named already. */
    onCard: fc.boolean(),
  }),
  drop: fc.record({ kind: kind('drop'), by: lead, who: fc.constantFrom(...LEADS) }),
  advance: fc.record({ kind: kind('advance'), steps: fc.integer({ min: 1, max: 9 }) }),
  settle: fc.record({ kind: kind('settle') }),
};
type Doing = typeof doing;
export type Act = { [K in keyof Doing]: Doing[K] extends fc.Arbitrary<infer T> ? T : never }[keyof Doing];
export type OnRequest = Extract<Act, { which: number }>;

const WEIGHTS: Readonly<Record<keyof Doing, number>> = {
  ...{ ask: 8, approve: 12, deny: 1, extend: 4, own: 2, revoke: 1, reveal: 6, glass: 5, review: 3, allow: 2 },
  ...{ resume: 1, change: 2, offboard: 2, drop: 1, advance: 5, settle: 2 },
};

const act: fc.Arbitrary<Act> = fc.oneof(
  ...(Object.keys(doing) as (keyof Doing)[]).map((name) => ({
    weight: WEIGHTS[name],
    arbitrary: doing[name] as fc.Arbitrary<Act>,
  })),
);

export const histories = fc.array(act, { minLength: 25, maxLength: 40, size: 'max' });

