import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onPhone } from '../../src/core/cards/phone-facts.js';

const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const piece = fc.oneof(
  fc.constantFrom(
    '\u0000',
    '\u0007',
    '\n',
    '\r\n',
    '\t',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
  ),
  fc.constantFrom('\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069', '\u200b', '\ufeff'),
  fc.constantFrom('👩‍⚕️', '𝕂', 'é', 'ü', '鍵', '\ud83d', '\udd11', ' '),
  fc.string({ unit: 'binary', maxLength: 20, size: 'max' }),
  fc.string({ minLength: 10, maxLength: 60, size: 'max' }),
);
const typed = fc.array(piece, { maxLength: 40, size: 'max' }).map((pieces) => pieces.join(''));

const shown = (text: string) => onPhone([['Why', text]])[0]?.[1] as string;

describe('what stands on a phone', () => {
  test('is one line without control or direction-changing characters, of 120 characters at most', () => {
    let cut = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const line = shown(text);
        expect(line).not.toMatch(CONTROL);
        expect(line).not.toMatch(BIDI);
        const length = [...line].length;
        expect(length).toBeLessThanOrEqual(120);
        if (line.endsWith('…')) cut++;
        // Duo is asked by a form: half of a pair of surrogates can't be sent, nor kept by the database.
        expect(() => encodeURIComponent(line)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
    expect(cut).toBeGreaterThan(100);
  });

  test('says what was typed, where that is plain and short', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ]{0,118}[A-Za-z0-9]$/);
    fc.assert(
      fc.property(plain, (text) => {
        expect(shown(text)).toBe(text.replace(/ +/g, ' '));
      }),
    );
  });

  test('is never cut in the middle of a character', () => {
    const exactly = `${'a'.repeat(119)}🔑`;
    expect(shown(exactly)).toBe(exactly);
    expect(shown(`${'a'.repeat(118)}🔑🔑`)).toBe(`${'a'.repeat(118)}🔑🔑`);
    expect(shown(`${'a'.repeat(118)}🔑🔑🔑`)).toBe(`${'a'.repeat(118)}🔑…`);
  });

  test('keeps its labels and their order', () => {
    const facts = [
      ['Client', 'Acme\u202e'],
      ['Account', ' two\nlines '],
    ] as const;
    expect(onPhone(facts)).toEqual([
      ['Client', 'Acme'],
      ['Account', 'two lines'],
    ]);
  });
});
