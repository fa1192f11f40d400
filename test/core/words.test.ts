import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, readReason, readTicket, secretIn } from '../../src/core/free-text.js';
import { readDuration, readWords } from '../../src/core/words.js';

describe('what is typed after /access', () => {
  test('nothing opens the form', () => {
    expect(readWords('')).toEqual({ word: 'form' });
    expect(readWords(' request ')).toEqual({ word: 'form' });
  });

  test('one line asks, with the ticket anywhere in it', () => {
    const whole = { word: 'ask', client: 'acme', account: 'front-desk', seconds: 1800, ticket: 'T-9' };
    expect(readWords('acme/front-desk 30m printer is #T-9 down')).toEqual({
      ...whole,
      reason: 'printer is down',
    });
    expect(readWords('ACME/Front-Desk 30m #T-9')).toEqual({ ...whole, reason: '' });
  });

  test('ids are read in any case', () => {
    expect(readWords('approve r-8f3kq2 45m')).toEqual({
      word: 'approve',
      id: 'R-8F3KQ2',
      seconds: 2700,
      badDuration: false,
    });
    expect(readWords('deny R-8F3KQ2 not today, thanks')).toEqual({
      word: 'deny',
      id: 'R-8F3KQ2',
      reason: 'not today, thanks',
    });
    expect(readWords('approve R-8F3KQ2 soon')).toMatchObject({ badDuration: true });
  });

  test('more time, with its reason or without', () => {
    const whole = { word: 'extend', id: 'G-8F3KQ2', badDuration: false };
    expect(readWords('extend g-8f3kq2 30m still at it')).toEqual({
      ...whole,
      ...{ seconds: 1800, reason: 'still at it' },
    });
    expect(readWords('extend G-8F3KQ2 30m')).toEqual({ ...whole, seconds: 1800, reason: '' });
    expect(readWords('extend G-8F3KQ2')).toEqual({ ...whole, seconds: null, reason: '' });
    expect(readWords('extend G-8F3KQ2 soon')).toMatchObject({ badDuration: true });
    expect(readWords('extend everything')).toMatchObject({ word: 'unknown' });
  });

  test('a greeting is asked what there is', () => {
    for (const word of ['home', 'Hello', 'hi']) expect(readWords(word)).toEqual({ word: 'home' });
  });

  test('whatever else is typed is unknown, and nothing throws', () => {
    expect(readWords('approve everything')).toEqual({ word: 'unknown', typed: 'approve everything' });
    fc.assert(
      fc.property(fc.string(), (text) => typeof readWords(text).word === 'string'),
      { numRuns: 10_000 },
    );
  });

  test('durations', () => {
    expect(['90s', '15m', '4h', '1h30m', '2d'].map(readDuration)).toEqual([90, 900, 14_400, 5400, 172_800]);
    expect(['', 'm', '-5m', '1.5h', '4 hours', '1m1h'].map(readDuration)).toEqual(Array(6).fill(null));
  });
});

describe('free text', () => {
  test.each([
    ['an AWS access key', 'key is AKIAIOSFODNN7EXAMPLE'],
    ['a password', 'the password: Winter2026! works'],
    ['a password', 'pw is hunter2!!'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['a one-time code seed', 'otpauth://totp/x?secret=ABC'],
    ['a link with a password in it', 'see https://admin:secret1@host/'],
  ])('%s is seen in “%s”', (what, text) => {
    expect(secretIn(text)).toBe(what);
    expect(readReason(text)).toEqual({ refused: { code: 'holds-secret', field: 'reason', looksLike: what } });
  });

  test.each([
    'user forgot the password',
    'password reset for reception',
    'the password is wrong again',
    'Password expired: call back at 5',
  ])('“%s” is no secret', (text) => {
    expect(secretIn(text)).toBeNull();
  });

  test('characters that make a card read otherwise are taken out', () => {
    expect(clean('pay\u202egnihton\u2066\u0007 \u200bnow')).toBe('paygnihton  now');
    expect(readReason('\u200b \u202e\n')).toEqual({ refused: { code: 'no-reason' } });
  });

  test('a reason over 2,000 characters is refused and says by how much', () => {
    expect(readReason('x'.repeat(2001))).toEqual({
      refused: { code: 'too-long', field: 'reason', most: 2000, was: 2001 },
    });
    expect(readReason('x'.repeat(2000))).toEqual({ text: 'x'.repeat(2000) });
  });

  test('a ticket is one plain word', () => {
    expect(readTicket('#T-20455')).toEqual({ ticket: 'T-20455' });
    expect(readTicket(' ')).toEqual({ ticket: null });
    expect(readTicket('T 1')).toEqual({ refused: { code: 'bad-ticket' } });
    expect(readTicket('<!channel>')).toEqual({ refused: { code: 'bad-ticket' } });
  });
});
