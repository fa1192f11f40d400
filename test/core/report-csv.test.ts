import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvHead, csvLine, guarded, isRisky, unguarded } from '../../src/core/report-csv.js';
import { isoInstant } from '../../src/core/report-instant.js';
import { readCsv } from '../support/csv.js';

/** What Excel, LibreOffice and Sheets take for the beginning of a formula, whatever they skip before it. */
const FORMULA = /^[\s\p{C}\p{Zs}"'`´‘’“”«»]*[=+\-@\t\r\n＝＋－＠]/u;

/** Text that is more often on the edge than random text would be. */
const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      '＠',
      '\t',
      '\r',
      '\n',
      ' ',
      '"',
      "'",
      ',',
      ';',
      'a',
      '1',
      '\ufeff',
      '\u00a0',
      '\u200b',
      '’',
    ),
  }),
);

describe('the CSV of a report', () => {
  test('begins no cell with what a spreadsheet would run, whatever somebody typed', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
        for (const read of readCsv(rows.map(csvLine).join('')).flat())
          expect(read.startsWith("'") || !FORMULA.test(read)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives back what was typed, to the letter, once the apostrophe is off', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1 }), { minLength: 1 }), (rows) => {
        expect(readCsv(rows.map(csvLine).join('')).map((row) => row.map(unguarded))).toEqual(rows);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '"=1',
    "'=1",
    '“=1',
    '＝1',
    '－1',
    '\u200b=1',
    '\u00a0@x',
  ])('guards %j', (text) => {
    expect(isRisky(text)).toBe(true);
    expect(guarded(text)).toBe(`'${text}`);
  });

  test.each([
    '',
    'a=1',
    '1-1',
    'the printer',
    '#T-204',
    "'quoted'",
    '2026-11-23T14:03:07-06:00',
    '30',
    '12:03 = noon',
  ])('leaves %j as it is', (text) => expect(guarded(text)).toBe(text));

  test('begins with the mark of UTF-8, and ends each record with CR and LF', () => {
    expect(csvHead().startsWith('\ufeff"record","id"')).toBe(true);
    expect(csvHead().endsWith('\r\n')).toBe(true);
  });
});

test.each([
  ['2026-11-23T20:03:07Z', 'America/Chicago', '2026-11-23T14:03:07-06:00'],
  // The last minute before, and the first after, the clocks go forward; and both sides of the hour that comes twice.
  ['2026-03-08T07:59:59Z', 'America/Chicago', '2026-03-08T01:59:59-06:00'],
  ['2026-03-08T08:00:00Z', 'America/Chicago', '2026-03-08T03:00:00-05:00'],
  ['2026-11-01T06:30:00Z', 'America/Chicago', '2026-11-01T01:30:00-05:00'],
  ['2026-11-01T07:30:00Z', 'America/Chicago', '2026-11-01T01:30:00-06:00'],
  ['2026-11-23T20:03:07Z', 'Asia/Kathmandu', '2026-11-24T01:48:07+05:45'],
  ['2026-11-23T20:03:07Z', 'UTC', '2026-11-23T20:03:07+00:00'],
])('%s in %s is %s', (at, zone, said) => {
  expect(isoInstant(new Date(at), zone)).toBe(said);
  expect(new Date(said).toISOString()).toBe(new Date(at).toISOString());
});
