import { expect, test } from 'vitest';
import { largeYaml } from '../fixtures/large.js';
import { configOf, faultsOf } from './northwind.js';

const SIZE = { clients: 6, accountsEach: 8, people: 12 };

test('A large operator’s file, as it is made for measuring, is sound and of its size', () => {
  const { directory } = configOf(largeYaml(SIZE), {});
  expect(directory.clients).toHaveLength(6);
  expect(directory.accounts).toHaveLength(48);
  expect(directory.people.filter((person) => person.kind === 'staff')).toHaveLength(12);
});

test('One slip made in every account is told once for each, where it stands', () => {
  const text = largeYaml(SIZE).replaceAll('policy: one-lead', 'policy: one-leed');
  const faults = faultsOf(text, {});
  expect(faults).toHaveLength(12);
  expect(new Set(faults.map(({ line }) => line)).size).toBe(12);
  for (const { line = 0, column = 0 } of faults)
    expect(text.split('\n')[line - 1]?.slice(column - 1)).toMatch(/^one-leed/);
});
