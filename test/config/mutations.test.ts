import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { compile, loadText } from '../../src/config/compile.js';
import { northwind, variables } from './northwind.js';

/** Whatever is done to the text, the answer is a configuration or faults that say where. */
function answersWell(text: string) {
  const loaded = loadText(text, 'keyturn.yaml', variables);
  if (!('faults' in loaded)) return;
  const lines = text.split('\n').length;
  expect(loaded.faults.length).toBeGreaterThan(0);
  for (const fault of loaded.faults) {
    expect(fault.line).toBeGreaterThanOrEqual(1);
    expect(fault.line).toBeLessThanOrEqual(lines);
    expect(fault.column).toBeGreaterThanOrEqual(1);
    expect(fault.message).toMatch(/\.$/);
    expect(fault.remedy).toMatch(/[^ ]$/);
    expect(`${fault.message} ${fault.remedy}`).not.toContain('undefined');
  }
}

const edit = fc.record({
  at: fc.integer({ min: 0, max: northwind.length }),
  cut: fc.integer({ min: 0, max: 12 }),
  put: fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '\n',
      '- ',
      '"',
      '&a ',
      '*a',
      '!!',
      '${',
      '$' + '{X}',
      '~',
      ' #',
      '? ',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
});

test('Any slip of the hand is told with a line that is in the file, and nothing crashes', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(
        (spoilt, { at, cut, put }) => spoilt.slice(0, at) + put + spoilt.slice(at + cut),
        northwind,
      );
      answersWell(text);
    }),
    { numRuns: 150 },
  );
}, 60_000);

type Node = { [key: string]: unknown } | unknown[];

/** Every place in the document that holds something, as its holder and its key. */
function places(node: unknown): { holder: Node; key: string | number }[] {
  if (node === null || typeof node !== 'object') return [];
  const keys = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
  const here = keys.map((key) => ({ holder: node as Node, key }));
  return [
    ...here,
    ...here.flatMap(({ holder, key }) => places((holder as Record<string | number, unknown>)[key])),
  ];
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    [],
    {},
    '',
    'leads',
    'contacts',
    'none',
    'vault',
    '1h',
    '30d',
    -1,
    1e9,
    'constructor',
    '__proto__',
  ),
);

test('Any value in any place is told with its line, from the file and from the database alike', () => {
  const total = places(parseYaml(northwind)).length;
  const change = fc.record({ place: fc.nat(total - 1), value });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const document = parseYaml(northwind) as Node;
      const all = places(document);
      for (const { place, value } of changes) {
        const { holder, key } = all[place] as (typeof all)[number];
        (holder as Record<string | number, unknown>)[key] = value;
      }
      answersWell(stringify(document));
      const compiled = compile(JSON.parse(JSON.stringify(document)), variables);
      expect('config' in compiled || compiled.faults.length > 0).toBe(true);
    }),
    { numRuns: 150 },
  );
}, 60_000);
