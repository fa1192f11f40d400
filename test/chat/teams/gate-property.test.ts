import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Fields } from '../../../src/playground/teams/index.js';
import { caught, NORTHWIND, newest, openWorld, send, told, USERS, type World } from './world.js';

const { tess, lena } = USERS;
let world: World;
let typed: Awaited<ReturnType<typeof caught>>;
let pressed: typeof typed;
let n = 0;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  world = await openWorld();
  await world.teams.says(NORTHWIND, tess, 'acme/front-desk 30m printer is down');
  await world.show('R-TEST01');
  const words = 'acme/shared 30m mail is stuck';
  typed = await caught(world, () => world.teams.says(NORTHWIND, tess, words));
  pressed = await caught(world, () => world.teams.presses(NORTHWIND, lena, newest(world, lena), 'Approve'));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await world.close();
});

type Path = readonly string[];
/** Every field that has to be there and right for somebody to be believed. */
const READ: readonly Path[] = [
  ['type'],
  ['id'],
  ['timestamp'],
  ['channelId'],
  ['serviceUrl'],
  ['from'],
  ['from', 'id'],
  ['from', 'aadObjectId'],
  ['recipient'],
  ['recipient', 'id'],
  ['conversation'],
  ['conversation', 'id'],
  ['conversation', 'conversationType'],
  ['channelData'],
  ['channelData', 'tenant'],
  ['channelData', 'tenant', 'id'],
];
/** What a press is besides. */
const PRESSED: readonly Path[] = [
  ...READ,
  ['name'],
  ['value'],
  ['value', 'action'],
  ['value', 'action', 'type'],
  ['value', 'action', 'verb'],
  ['value', 'action', 'data'],
  ['value', 'action', 'data', 'id'],
];
/** Names that Teams itself made up: nobody can tell one from another. */
const ANY_NAME = new Set(['id', 'from.id', 'conversation.id']);

const gone = Symbol('gone');
const blank = fc.constantFrom('', ' ', '\t\n', '\u00a0');
const another = fc.oneof(
  fc.constant(gone),
  blank,
  fc.constantFrom(null, 0, 1, true, false),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => typeof value !== 'string'),
);
const bend = (paths: readonly Path[]) =>
  fc.constantFrom(...paths).chain((path) => {
    const words = ANY_NAME.has(path.join('.')) ? blank : fc.string();
    return fc.record({ path: fc.constant(path), value: fc.oneof(another, words) });
  });

function put(into: Fields, [name = '', ...rest]: Path, value: unknown): Fields {
  if (rest.length > 0) return { ...into, [name]: put(into[name] as Fields, rest, value) };
  const { [name]: _, ...others } = into;
  return value === gone ? others : { ...others, [name]: value };
}

/** A delivery of its own, so that nothing is taken for one that was answered before. */
const fresh = (activity: Fields): Fields => {
  n += 1;
  return { ...activity, id: `bent-${n}`, timestamp: new Date().toISOString() };
};

async function untouched(status: number): Promise<void> {
  expect(status).toBeLessThan(500);
  expect(world.desk.requests.size).toBe(1);
  expect(world.desk.decisions).toEqual([]);
}

it.each([
  ['typed', () => typed, READ],
  ['pressed', () => pressed, PRESSED],
] as const)(
  'whatever is missing, blank or wrong in what was %s, nothing is done',
  async (_what, of, paths) => {
    await fc.assert(
      fc.asyncProperty(bend(paths), async ({ path, value }) => {
        const { activity, authorization } = of();
        const { status, text } = await send(world.url(NORTHWIND), put(fresh(activity), path, value), {
          authorization,
        });
        await untouched(status);
        if (status !== 200) expect([[401, 403].includes(status), text]).toEqual([true, '']);
      }),
      { numRuns: 1500 },
    );
    expect(world.log()).toBe('');
  },
  120_000,
);

it('whatever is changed in the token, nothing is done', async () => {
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const change = fc.record({
    how: fc.constantFrom('put' as const, 'cut' as const, 'add' as const, 'swap' as const),
    where: at,
    letter: fc.constantFrom(...'Aa0-_.=zZ9'),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ how, where, letter }) => {
      const { activity, authorization } = pressed;
      const token = authorization.replace('Bearer ', '');
      // The last letter of a signature has bits that mean nothing.
      const index = Math.floor(where * (token.length - 1));
      const [head, claims, signature] = token.split('.');
      const bent = {
        put: `${token.slice(0, index)}${letter}${token.slice(index + 1)}`,
        cut: `${token.slice(0, index)}${token.slice(index + 1)}`,
        add: `${token.slice(0, index)}${letter}${token.slice(index)}`,
        swap: [claims, head, signature].join('.'),
      }[how];
      if (bent === token) return;
      const headers = { authorization: `Bearer ${bent}` };
      const { status, text } = await send(world.url(NORTHWIND), fresh(activity), headers);
      expect([status, text, bent]).toEqual([401, '', bent]);
      await untouched(status);
    }),
    { numRuns: 600 },
  );
}, 120_000);

it('and the same unchanged is done', async () => {
  for (const { activity, authorization } of [typed, pressed])
    expect((await send(world.url(NORTHWIND), fresh(activity), { authorization })).status).toBe(200);
  expect(world.desk.requests.size).toBe(2);
  expect(world.desk.decisions).toHaveLength(1);
  expect(told(world, tess).at(-1)).toContain('Asked: R-TEST02');
});
