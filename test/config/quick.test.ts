/** The quick reading of a file reads what the careful one does, or leaves it alone. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/config/document.js';
import { quick } from '../../src/config/quick.js';
import { northwind } from './northwind.js';

/** As the careful reading has it; null where it finds anything wrong. */
function careful(text: string): unknown {
  const read = parse(text, 'keyturn.yaml');
  return 'faults' in read || read.complaints.length > 0 ? null : read.document;
}

/** Where the quick reading answers, the careful one answers the same. */
function agree(text: string): void {
  const document = quick(text);
  if (document !== null) expect({ text, document }).toEqual({ text, document: careful(text) });
}

const SCALARS = [
  ...[
    'yes',
    'no',
    'on',
    'True',
    'TRUE',
    'tRUE',
    '~',
    'null',
    'Null',
    'nULL',
    '',
    '08:00',
    '1_000',
    '0b1',
    '0o17',
  ],
  ...[
    '017',
    '0x1F',
    '1e3',
    '.5',
    '5.',
    '-.inf',
    '.NaN',
    '+12',
    '-0',
    '9007199254740993',
    '2026-11-23',
    '<<',
    '=',
  ],
  ...[
    '"\\u200e"',
    '"\\x07"',
    "'it''s'",
    '"a\\nb"',
    '- a',
    '[a, b]',
    '{ a: b }',
    'a # b',
    'a#b',
    '"#"',
    '!!str 1',
    '&a 1',
  ],
  ...[
    '*a',
    '|\n    text\n    more',
    '>-\n    text\n    more',
    'a: b',
    `"${'$'}{NAME}"`,
    '@a',
    '`a`',
    '%a',
    '{a: 1, a: 2}',
    '[,]',
    '{ a: b }#',
    '[a]#b',
    '"a"#b',
    '{ [a] }',
    '[[a]]',
    '? [a]',
  ],
];

describe('the quick reading', () => {
  test('reads the example, and as the careful one does', () => {
    expect(quick(northwind)).not.toBeNull();
    agree(northwind);
    agree(northwind.replaceAll('\n', '\r\n'));
  });

  test.each(SCALARS)('agrees about %j, as a value, in brackets and as a name', (scalar) => {
    for (const text of [
      `a: ${scalar}\n`,
      `a: [${scalar}]\n`,
      `- ${scalar}\n`,
      `${scalar}: 1\n`,
      `a: { b: ${scalar} }\n`,
    ])
      agree(text);
  });

  test('agrees about whatever a slip of the hand makes of the example', () => {
    const piece = fc.oneof(
      fc.constantFrom(...SCALARS, '\n', '  ', '\t', ':', '- ', '{', '}', '[', ']', '"', "'", '#', ',', '?'),
      fc.string({ maxLength: 4 }),
    );
    const edit = fc.record({
      at: fc.integer({ min: 0, max: 2000 }),
      cut: fc.integer({ min: 0, max: 10 }),
      put: piece,
    });
    const short = northwind.slice(0, 2000).replace(/\n[^\n]*$/, '\n');
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        agree(
          edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), short),
        );
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);
});
