import { expect, test } from 'vitest';
import { asDirectory } from '../../src/cli/check.js';
import { hints } from '../../src/config/hints.js';
import { configOf, northwind, spoilt } from './northwind.js';

const hintsOf = (text: string) => {
  const { directory, operator } = configOf(text);
  return hints(asDirectory(directory, operator));
};

test('Whoever may ask for a group and has no login to put into it is named', () => {
  expect(hintsOf(northwind)).toEqual([
    'acme/resets: no login on acme-ad is known of Tess Tran, Luis Ortega, Sana Idris, Theo Marsh, who may ask.',
  ]);
});

test('A group whose logins are made for the grant, or whose people all have one, gives no hint', () => {
  expect(hintsOf(spoilt(['elevate: { as: own }', 'elevate: { as: jit }']))).toEqual([]);
  const onlyMaya = [
    'as: own }, may_request: [L1, L2, L3]',
    'as: own }, may_request: [maya@northwind.example]',
  ];
  expect(hintsOf(spoilt(onlyMaya as [string, string]))).toEqual([]);
});
