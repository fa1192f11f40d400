import { expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { codeAt, type OtpSeed, openedSeed, readSeed } from '../../src/vault/otp-seed.js';

/** RFC 6238, appendix B: the same ASCII seed, repeated to the length of each hash. */
const SEEDS = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  SHA512:
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA',
} as const;

const VECTORS = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
] as const;

const read = (address: string) => readSeed(address) as OtpSeed;

test.each(VECTORS)('at %i it shows what RFC 6238 says, whichever hash', (at, sha1, sha256, sha512) => {
  const shows = (algorithm: keyof typeof SEEDS) => {
    const seed = read(`otpauth://totp/x?secret=${SEEDS[algorithm]}&algorithm=${algorithm}&digits=8`);
    return codeAt(seed, new Date(at * 1000)).code;
  };
  expect([shows('SHA1'), shows('SHA256'), shows('SHA512')]).toEqual([sha1, sha256, sha512]);
});

test('says how long a code counts still, and of which period it is', () => {
  const seed = read(`otpauth://totp/x?secret=${SEEDS.SHA1}&period=60`);
  expect(codeAt(seed, new Date(59_999))).toMatchObject({ step: 0, secondsLeft: 1, periodSeconds: 60 });
  expect(codeAt(seed, new Date(60_000))).toMatchObject({ step: 1, secondsLeft: 60 });
});

test('reads what an app reads: SHA1, six digits and thirty seconds where nothing is said, in any spelling of the seed', () => {
  const seed = read(
    'otpauth://totp/Acme%20Co:admin%40acme.example?secret=jbsw%20y3dp-ehpk3pxp%3D&issuer=Acme',
  );
  expect(seed).toMatchObject({ issuer: 'Acme', label: 'admin@acme.example', algorithm: 'SHA1', digits: 6 });
  expect(seed.periodSeconds).toBe(30);
  // 80 bits, as Google and Microsoft make them.
  expect(codeAt(seed, new Date(59_000)).code).toBe('996554');
  expect(read('OTPAUTH://TOTP/x?secret=JBSWY3DPEHPK3PXP').label).toBe('x');
});

test('what was sealed gives the same codes when it is opened', () => {
  const seed = read(`otpauth://totp/A%3Ab?secret=${SEEDS.SHA512}&algorithm=sha512&digits=8&period=60`);
  const opened = openedSeed(new Secret(seed.address.reveal()));
  expect({ ...opened, address: '' }).toEqual({ ...seed, address: '' });
  expect(codeAt(opened, new Date(7e11))).toEqual(codeAt(seed, new Date(7e11)));
  expect(() => openedSeed(new Secret('a password'))).toThrow('is none');
});

test.each([
  ['', 'no otpauth:// address'],
  ['hunter2', 'no otpauth:// address'],
  ['https://totp/x?secret=JBSWY3DPEHPK3PXP', 'no otpauth:// address'],
  [`otpauth://totp/x?secret=${'A'.repeat(3000)}`, 'no otpauth:// address'],
  ['otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1', 'counts presses (hotp)'],
  ['otpauth://steam/x?secret=JBSWY3DPEHPK3PXP', 'has to begin with otpauth://totp/'],
  ['otpauth://totp/x', 'no secret in base32'],
  ['otpauth://totp/x?secret=', 'no secret in base32'],
  ['otpauth://totp/x?secret=NOT-BASE32-0189', 'no secret in base32'],
  ['otpauth://totp/x?secret=JBSWY3DP', 'has 5 bytes'],
  [`otpauth://totp/x?secret=${'A'.repeat(400)}`, 'has 250 bytes'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&secret=JBSWY3DPEHPK3PXP', 'says its secret twice'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5', 'none of SHA1, SHA256 and SHA512'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=7', 'neither 6 nor 8 digits'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0', 'every 15 to 300 seconds'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=soon', 'every 15 to 300 seconds'],
])('refuses %s in a sentence that quotes nothing of it', (address, says) => {
  const no = readSeed(address) as { why: string };
  expect(no.why).toContain(says);
  expect(no.why).not.toContain('JBSWY3DP');
});

test('a name can’t write to the terminal', () => {
  const seed = read('otpauth://totp/x%1b%5B2J%0Ay:z?secret=JBSWY3DPEHPK3PXP&issuer=%E2%80%AEevil');
  expect([seed.label, seed.issuer]).toEqual(['z', 'evil']);
});
