/** One-time codes: RFC 6238, replay, the window, and whatever a person may type. */

import fc from 'fast-check';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { enrol, verifyTotp } from '../../src/mfa/totp.js';

/** RFC 6238 appendix B: the ASCII secret 12345678901234567890, here in base32; its codes have eight digits there. */
const rfcSecret = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const at = (seconds: number) => new Date(seconds * 1000);
const codeAt = (seconds: number) => generateSync({ secret: rfcSecret.reveal(), epoch: seconds });

describe('RFC 6238', () => {
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at %d s the code ends the vector %s', (seconds, vector) => {
    expect(verifyTotp(rfcSecret, vector.slice(2), null, at(seconds))).toEqual({
      ok: true,
      timeStep: Math.floor(seconds / 30),
    });
  });
});

describe('a code', () => {
  const now = 1_700_000_010;
  const step = Math.floor(now / 30);

  it('counts in its own 30 s and the next, never ahead of time', () => {
    const found = [-61, -30, 0, 30].map((ago) => verifyTotp(rfcSecret, codeAt(now + ago), null, at(now)).ok);
    expect(found).toEqual([false, true, true, false]);
  });

  it('counts once: neither it nor one before it comes back', () => {
    expect(verifyTotp(rfcSecret, codeAt(now), step - 1, at(now))).toEqual({ ok: true, timeStep: step });
    expect(verifyTotp(rfcSecret, codeAt(now), step, at(now))).toEqual({ ok: false, why: 'wrong' });
    expect(verifyTotp(rfcSecret, codeAt(now - 30), step, at(now))).toEqual({ ok: false, why: 'wrong' });
  });

  it('is wrong where the kept step lies in the future, and the library throws', () => {
    expect(verifyTotp(rfcSecret, codeAt(now), step + 1_000, at(now))).toEqual({ ok: false, why: 'wrong' });
    expect(verifyTotp(rfcSecret, codeAt(now), Number.NaN, at(now))).toEqual({ ok: false, why: 'wrong' });
  });

  it('may be typed with spaces', () => {
    const code = codeAt(now);
    const spaced = ` ${code.slice(0, 3)}\u00a0${code.slice(3)}\n`;
    expect(verifyTotp(rfcSecret, spaced, null, at(now)).ok).toBe(true);
  });

  it('is checked against a secret that was written in small letters and groups', () => {
    const written = new Secret(
      rfcSecret
        .reveal()
        .toLowerCase()
        .replace(/(.{4})/g, '$1 '),
    );
    expect(verifyTotp(written, codeAt(now), null, at(now)).ok).toBe(true);
  });

  it.each([
    '',
    '12345',
    '1234567',
    '12345a',
    '+12345',
    '-12345',
    '1e1000',
    '٠١٢٣٤٥',
    '１２３４５６',
    '0x1234',
  ])('written as “%s” is malformed', (typed) => {
    expect(verifyTotp(rfcSecret, typed, null, at(now))).toEqual({ ok: false, why: 'malformed' });
  });

  it.each(['', 'AAAA', 'not base32!', '0'.repeat(32)])(
    'of the secret “%s” is wrong, and nothing throws',
    (bad) => {
      expect(verifyTotp(new Secret(bad), '123456', null, at(now))).toEqual({ ok: false, why: 'wrong' });
    },
  );

  it('is wrong at a time that is none', () => {
    expect(verifyTotp(rfcSecret, codeAt(now), null, new Date(Number.NaN)).ok).toBe(false);
    expect(verifyTotp(rfcSecret, codeAt(now), null, at(-1)).ok).toBe(false);
  });

  it('is a proof exactly when it is the one of a step in the window that was not spent', () => {
    const seconds = fc.integer({ min: 120, max: 4_000_000_000 });
    const drift = fc.integer({ min: -90, max: 90 });
    const spent = fc.option(fc.integer({ min: -4, max: 1 }));
    fc.assert(
      fc.property(seconds, drift, spent, (time, away, last) => {
        const current = Math.floor(time / 30);
        const typed = codeAt(time + away);
        const lastStep = last === null ? null : current + last;
        const found = verifyTotp(rfcSecret, typed, lastStep, at(time));
        const open = [current - 1, current].filter((one) => lastStep === null || one > lastStep);
        const right = open.filter((one) => codeAt(one * 30) === typed);
        if (right.length === 0) expect(found.ok).toBe(false);
        else expect(right).toContain((found as { timeStep: number }).timeStep);
      }),
      { numRuns: 300 },
    );
  });

  it('is never anything else that a person may type', () => {
    const right = codeAt(now);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (typed) => {
        const same = [right, codeAt(now - 30)].includes(typed.replace(/\s/g, ''));
        expect(verifyTotp(rfcSecret, typed, null, at(now)).ok).toBe(same);
      }),
    );
  });
});

describe('enrolment', () => {
  it('gives an authenticator what it needs, and its codes count', async () => {
    const { secret, uri, qrSvg } = await enrol('Keyturn: Northwind', 'lena@northwind.example');
    const url = new URL(uri.reveal());
    expect(url.protocol + url.host).toBe('otpauth:totp');
    expect(decodeURIComponent(url.pathname)).toBe('/Keyturn Northwind:lena@northwind.example');
    expect(url.searchParams.get('secret')).toBe(secret.reveal());
    expect(url.searchParams.get('issuer')).toBe('Keyturn Northwind');
    expect(secret.reveal()).toMatch(/^[A-Z2-7]{32}$/);
    expect(qrSvg.reveal()).toMatch(/^<svg [^>]*>.*<\/svg>\s*$/s);
    expect(qrSvg.reveal()).not.toMatch(/script|style|href|on\w+=/i);
    const now = new Date();
    const token = generateSync({ secret: secret.reveal(), epoch: Math.floor(now.getTime() / 1000) });
    expect(verifyTotp(secret, token, null, now).ok).toBe(true);
  });

  it('never gives the same secret twice, and prints none', async () => {
    const [one, other] = await Promise.all([enrol('Keyturn', 'lena'), enrol('Keyturn', 'lena')]);
    expect(one?.secret.reveal()).not.toBe(other?.secret.reveal());
    expect(JSON.stringify(one)).not.toContain(one?.secret.reveal());
  });
});
