import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generatePassword } from '../../src/vault/password.js';

test('a password is four groups of six unambiguous characters, with every class', () => {
  fc.assert(
    fc.property(fc.constant(null), () => {
      const password = generatePassword().reveal();
      expect(password).toMatch(/^[A-Za-z2-9]{6}(-[A-Za-z2-9]{6}){3}$/);
      expect(password).not.toMatch(/[0Oo1lIi]/);
      for (const kind of [/[a-z]/, /[A-Z]/, /[2-9]/]) expect(password).toMatch(kind);
    }),
    { numRuns: 2_000 },
  );
});

test('no password comes twice, and every character of the alphabet comes about as often', () => {
  const passwords = Array.from({ length: 5_000 }, () => generatePassword().reveal());
  expect(new Set(passwords).size).toBe(5_000);
  const seen = new Map<string, number>();
  for (const character of passwords.join('').replaceAll('-', ''))
    seen.set(character, (seen.get(character) ?? 0) + 1);
  const expected = (5_000 * 24) / seen.size;
  expect(seen.size).toBe(55);
  for (const count of seen.values()) expect(Math.abs(count - expected) / expected).toBeLessThan(0.2);
});

test('a password does not print itself', () => {
  expect(JSON.stringify({ password: generatePassword() })).toBe('{"password":"[redacted]"}');
});
