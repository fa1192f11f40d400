/** What somebody may do, and when: acts for a crowd, made up at random. */

import fc from 'fast-check';

const by = fc.constantFrom('Tess', 'Maya', 'Lena', 'Omar', 'Sana', 'Theo', 'Noor');
/** Mostly those whose word counts. */
const approver = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('Lena', 'Omar', 'Sana') }, by);
/** Counted from the newest. */
const which = fc.nat({ max: 5 });
const newest = fc.nat({ max: 1 });
const seconds = fc.option(fc.constantFrom(600, 1800), { nil: undefined });
const account = fc.constantFrom('front-desk', 'shared', 'shared', 'shared', 'router', 'safe', 'free');
/** Now and then an answer that a factor has given before. */
const evidence = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  fc.nat({ max: 3 }).map((n) => `seen ${n}`),
);
/** What a factor says, or is said of it. */
const says = fc.oneof(
  { weight: 4, arbitrary: fc.constant('allowed' as const) },
  fc.constantFrom('denied', 'fraud', 'timeout', 'failed', 'wrong', 'void'),
);
const crowd = fc.constantFrom(1, 1, 1, 2, 10);
const method = fc.constantFrom('totp' as const, 'duo_push' as const);
const browser = fc.constantFrom('mine', 'mine', 'mine', 'theirs');

const kind = <K extends string>(name: K) => fc.constant(name);
/** What comes of a question once the phone rings. */
const phone = fc.record({ method, says, evidence });
const doing = {
  ask: fc.record({ kind: kind('ask'), by, account }),
  /** Carried through to the act at once, or left to wait for what the others do with it. */
  approve: fc.record({
    kind: kind('approve'),
    by: approver,
    which,
    seconds,
    phone,
    crowd: fc.option(crowd, { freq: 2 }),
  }),
  press: fc.record({ kind: kind('press'), by, which }),
  open: fc.record({ kind: kind('open'), which, browser }),
  confirm: fc.record({ kind: kind('confirm'), by, which, itIsMe: fc.constantFrom(true, true, true, false) }),
  claim: fc.record({ kind: kind('claim'), which, browser, crowd }),
  ring: fc.record({ kind: kind('ring'), which, method }),
  answer: fc.record({ kind: kind('answer'), which: newest, rings: fc.boolean(), phone }),
  another: fc.record({ kind: kind('another'), by: fc.option(by), which, method }),
  /** What the proof waits for, or something else of those that wait, by its person or by another. */
  use: fc.record({ kind: kind('use'), by: fc.option(by), which, for: fc.option(which), crowd }),
  /** From the phone to the act without a stumble; without these, little would ever come about. */
  carry: fc.record({ kind: kind('carry'), which: newest, phone, crowd }),
  /** The holder of a grant, from the press to the showing. */
  reveal: fc.record({ kind: kind('reveal'), which, phone, crowd }),
};
const act = fc.oneof(
  { weight: 3, arbitrary: doing.ask },
  { weight: 7, arbitrary: doing.approve },
  { weight: 1, arbitrary: doing.press },
  { weight: 1, arbitrary: doing.open },
  { weight: 1, arbitrary: doing.confirm },
  { weight: 1, arbitrary: doing.claim },
  { weight: 2, arbitrary: doing.ring },
  { weight: 5, arbitrary: doing.answer },
  { weight: 1, arbitrary: doing.another },
  { weight: 3, arbitrary: doing.use },
  { weight: 2, arbitrary: doing.carry },
  { weight: 3, arbitrary: doing.reveal },
);
type Doing = typeof doing;
export type Act = { [K in keyof Doing]: Doing[K] extends fc.Arbitrary<infer T> ? T : never }[keyof Doing];

/** Acts that happen at once; after each of them, time passes: enough for a proof to age, or for an answer to be late. */
export const waves = fc.array(
  fc.record({
    acts: fc.array(act, { minLength: 2, maxLength: 10, size: 'max' }),
    pause: fc.constantFrom(0, 0, 0, 31, 70, 121, 301),
  }),
  { minLength: 3, maxLength: 6, size: 'max' },
);
