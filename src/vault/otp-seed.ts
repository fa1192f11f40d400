/** Seeds of accounts' one-time codes (RFC 6238), as an otpauth:// address carries them; and the code of an instant. */

import { createGuardrails, generateSync } from 'otplib';
import { Secret } from '../config/secret.js';

export interface OtpSeed {
  /** Who made it, and for which sign-in name, as far as the address says; no secret. */
  readonly issuer: string;
  readonly label: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: 6 | 8;
  readonly periodSeconds: number;
  /** The whole of it in one spelling, to be sealed. */
  readonly address: Secret;
}

export interface LiveCode {
  readonly code: string;
  /** Which of the periods since 1970 it is of. */
  readonly step: number;
  /** Until the next one; at least 1. */
  readonly secondsLeft: number;
  readonly periodSeconds: number;
}

/** What is said of an address that can't be taken. It never quotes it: it holds the secret. */
export type NoSeed = { readonly why: string };

const LENGTHS = { least: 10, most: 128 } as const;
const PERIODS = { least: 15, most: 300 } as const;
const MOST_CHARACTERS = 2048;
/** Google's and Microsoft's seeds are of 80 bits, which the library takes for too short unless told. */
const GUARDRAILS = createGuardrails({
  MIN_SECRET_BYTES: LENGTHS.least,
  MAX_SECRET_BYTES: LENGTHS.most,
});

/**
 * Reads `otpauth://totp/…` as authenticator apps do: SHA1, 6 digits and 30 seconds where it says nothing else. Whatever
 * it says otherwise has to be something that can be made: SHA1, SHA256 or SHA512, 6 or 8 digits, 15 to 300 seconds.
 */
export function readSeed(typed: string): OtpSeed | NoSeed {
  const url = addressOf(typed.trim());
  if (!url)
    return no('That is no otpauth:// address. It begins with otpauth://totp/ and has a secret in it.');
  // An address of its own scheme keeps its host as it was written.
  const kind = url.hostname.toLowerCase();
  if (kind === 'hotp')
    return no('That address counts presses (hotp). Only codes that go by the time (totp) can be kept.');
  if (kind !== 'totp')
    return no(
      'That address is for no one-time codes that go by the time: it has to begin with otpauth://totp/.',
    );
  const said = url.searchParams;
  for (const name of ['secret', 'algorithm', 'digits', 'period'])
    if (said.getAll(name).length > 1) return no(`That address says its ${name} twice.`);
  const secret = (said.get('secret') ?? '').replace(/[\s-]|=+$/g, '').toUpperCase();
  const bytes = Math.floor((secret.length * 5) / 8);
  if (!/^[A-Z2-7]+$/.test(secret))
    return no('That address has no secret in base32 (letters A to Z, digits 2 to 7).');
  if (bytes < LENGTHS.least || bytes > LENGTHS.most)
    return no(`Its secret has ${bytes} bytes, and between ${LENGTHS.least} and ${LENGTHS.most} can be kept.`);
  return withTerms(url, secret);
}

function withTerms(url: URL, secret: string): OtpSeed | NoSeed {
  const said = url.searchParams;
  const algorithm = (said.get('algorithm') ?? 'SHA1').toUpperCase().replace(/^SHA-/, 'SHA');
  const digits = said.get('digits') ?? '6';
  const period = said.get('period') ?? '30';
  if (algorithm !== 'SHA1' && algorithm !== 'SHA256' && algorithm !== 'SHA512')
    return no('Its algorithm is none of SHA1, SHA256 and SHA512.');
  if (digits !== '6' && digits !== '8') return no('Its codes have neither 6 nor 8 digits.');
  const periodSeconds = /^\d{1,4}$/.test(period) ? Number(period) : 0;
  if (periodSeconds < PERIODS.least || periodSeconds > PERIODS.most)
    return no(`Its codes have to change every ${PERIODS.least} to ${PERIODS.most} seconds.`);
  const [label, issuer] = namesOf(url);
  const address = `otpauth://totp/${encodeURIComponent(label)}?${new URLSearchParams({
    ...{ secret, issuer, algorithm, digits, period: String(periodSeconds) },
  })}`;
  const seed = { issuer, label, algorithm, digits: digits === '6' ? 6 : 8, periodSeconds } as const;
  return { ...seed, address: new Secret(address) };
}

/** The code that an authenticator with this seed shows at an instant: the database's, wherever it is shown. */
export function codeAt(seed: OtpSeed, now: Date): LiveCode {
  const { periodSeconds, digits, algorithm } = seed;
  const epoch = Math.floor(now.getTime() / 1000);
  const secret = new URL(seed.address.reveal()).searchParams.get('secret') ?? '';
  const code = generateSync({
    ...{ secret, digits, period: periodSeconds, epoch, guardrails: GUARDRAILS },
    algorithm: algorithm.toLowerCase() as Lowercase<typeof algorithm>,
  });
  const step = Math.floor(epoch / periodSeconds);
  return { code, step, secondsLeft: (step + 1) * periodSeconds - epoch, periodSeconds };
}

/** The seed that was sealed. @throws where it isn't one: only what {@link readSeed} has taken is ever sealed. */
export function openedSeed(address: Secret): OtpSeed {
  const seed = readSeed(address.reveal());
  if ('why' in seed) throw new Error('what is in custody as a seed of one-time codes is none');
  return seed;
}

function addressOf(typed: string): URL | null {
  if (typed.length > MOST_CHARACTERS || !/^otpauth:\/\//i.test(typed)) return null;
  try {
    return new URL(typed);
  } catch {
    return null;
  }
}

/** `Acme:admin@acme.example` is label and issuer; what the address says of the issuer by name goes before. */
function namesOf(url: URL): [label: string, issuer: string] {
  const path = plain(url.pathname.replace(/^\//, ''));
  const colon = path.indexOf(':');
  const [before, label] = colon < 0 ? ['', path] : [path.slice(0, colon), path.slice(colon + 1)];
  return [oneLine(label), oneLine(url.searchParams.get('issuer') ?? before)];
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** It is printed at a terminal: no control characters, and not longer than a line. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, 100);
}

function no(why: string): NoSeed {
  return { why };
}
