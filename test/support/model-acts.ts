/** What people in the model's house may do next: mostly what has a chance, sometimes whatever. */

import fc from 'fast-check';
import { ACCOUNTS, LEADS, PEOPLE } from './model-world.js';

const likely = <T>(arbitrary: fc.Arbitrary<T>, any: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: any });
const person = fc.constantFrom(...PEOPLE);
const account = fc.constantFrom(...Object.keys(ACCOUNTS));
const lead = likely(fc.constantFrom(...LEADS), person);
/** Null: one of those whose act it is, the `which`th. */
const fitting = likely(fc.constant(null), person);
const which = fc.nat({ max: 6 });
const seconds = likely(fc.constantFrom(1800, 1800, 3600, 14_400), fc.constantFrom(60, 7200, 90_000));
const kind = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
/** Who may break the glass where. */
export const breaks = Object.entries(ACCOUNTS).flatMap(([name, { glass }]) =>
  (glass?.may ?? []).map((by) => ({ by, account: name })),
);

const doing = {
  ask: fc.record({
    ...{ kind: kind('ask'), account, seconds },
    by: likely(fc.constantFrom('Tess', 'Maya', 'Sana', 'Theo', 'Lena'), person),
  }),
  glass: fc.record({
    ...{ kind: kind('glass'), who: likely(fc.constantFrom(...breaks), fc.record({ by: person, account })) },
    ...{
      seconds: fc.constantFrom(1800, 1800, 1800, 3600, 7200),
      reason: likely(fc.constantFrom(15, 40), fc.constant(14)),
    },
    /** Rather somebody whose last one nobody has reviewed, at this one of the accounts that they may. */
    again: fc.option(fc.nat({ max: 1 }), { freq: 1 }),
  }),
  approve: fc.record({
    ...{ kind: kind('approve'), by: fitting, which },
    seconds: likely(fc.constant(undefined), fc.constantFrom(60, 1800, 7200)),
  }),
  deny: fc.record({ kind: kind('deny'), by: fitting, which }),
  extend: fc.record({ kind: kind('extend'), by: fitting, which, seconds }),
  own: fc.record({ kind: kind('cancel', 'return'), by: fitting, which }),
  revoke: fc.record({ kind: kind('revoke'), by: fitting, which }),
  reveal: fc.record({ kind: kind('reveal'), by: fitting, which }),
  review: fc.record({ kind: kind('justified', 'misuse'), by: fitting, which }),
  allow: fc.record({ kind: kind('allow'), by: fitting, which }),
  /** Null: somebody who is paused. */
  resume: fc.record({ kind: kind('resume'), by: lead, who: fitting }),
  change: fc.record({
    kind: kind('change'),
    by: likely(fc.constantFrom(...LEADS, 'Maya', 'Luis'), person),
    account,
  }),
  offboard: fc.record({
    ...{ kind: kind('offboard'), by: lead, who: fc.oneof(person, fc.constantFrom(...LEADS)) },
    /** Rather somebody who leaves something behind, where there is anybody. */
    rather: fc.constantFrom('holder', 'assignee', null),
    heir: fc.option(likely(fc.constantFrom('Maya', 'Omar'), person), { freq: 4 }),
    /** Pressed on the card of the one that waits, where the heir was named already. */
    onCard: fc.boolean(),
  }),
  /** Null: somebody whose offboarding waits. */
  drop: fc.record({ kind: kind('drop'), by: lead, who: fitting }),
  advance: fc.record({
    kind: kind('advance'),
    steps: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 9 })),
  }),
  settle: fc.record({ kind: kind('settle') }),
};
type Doing = typeof doing;
export type Act = { [K in keyof Doing]: Doing[K] extends fc.Arbitrary<infer T> ? T : never }[keyof Doing];
export type OnRequest = Extract<Act, { which: number }>;

const WEIGHTS: Readonly<Record<keyof Doing, number>> = {
  ...{ ask: 9, approve: 11, deny: 1, extend: 4, own: 2, revoke: 1, reveal: 8, glass: 5, review: 3, allow: 3 },
  ...{ resume: 3, change: 1, offboard: 3, drop: 2, advance: 6, settle: 2 },
};

const act: fc.Arbitrary<Act> = fc.oneof(
  ...(Object.keys(doing) as (keyof Doing)[]).map((name) => ({
    weight: WEIGHTS[name],
    arbitrary: doing[name] as fc.Arbitrary<Act>,
  })),
);

export const histories = fc.array(act, { minLength: 25, maxLength: 40, size: 'max' });
