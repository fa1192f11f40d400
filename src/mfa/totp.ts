/** One-time codes of an authenticator (RFC 6238: SHA-1, 6 digits, 30 s), the one form that every app reads. */

import { generateSecret, generateURI, verifySync } from 'otplib';
import qrcode from 'qrcode';
import { Secret } from '../config/secret.js';
import { type CodeChallenge, oneLine } from './provider.js';

export const TOTP_DIGITS = 6;
const PERIOD_SECONDS = 30;
/** Past only: the code before the present one still counts, for who types slowly. */
const TOLERANCE: [number, number] = [PERIOD_SECONDS, 0];

/** What an authenticator needs, each form of it as secret as the first. */
export interface Enrolment {
  /** Base32, 160 bits. */
  readonly secret: Secret;
  readonly uri: Secret;
  /** An inline SVG without script or style. */
  readonly qrSvg: Secret;
}

export type TotpResult =
  /** Keep `timeStep` if it is still above what is kept, in the transaction of the act; nobody may use it again. */
  | { readonly ok: true; readonly timeStep: number }
  | { readonly ok: false; readonly why: 'wrong' | 'malformed' };

/** Makes a new secret. It counts only once a first code of it was verified. */
export async function enrol(issuer: string, account: string): Promise<Enrolment> {
  const secret = generateSecret({ length: 20 });
  // A colon would part issuer from account in the label.
  const part = (text: string, otherwise: string) => oneLine(text.replaceAll(':', ' '), 60) || otherwise;
  const uri = generateURI({ issuer: part(issuer, 'Keyturn'), label: part(account, 'account'), secret });
  const svg = await qrcode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  return { secret: new Secret(secret), uri: new Secret(uri), qrSvg: new Secret(svg) };
}

/** Asks for the digits. */
export function totpChallenge(): CodeChallenge {
  return { kind: 'code', digits: TOTP_DIGITS };
}

/**
 * Is this the code of now, or of the 30 s before? `lastStep` is the step that was spent last, null if none was; a code
 * of it or before it is a replay, and wrong. `now` is the database's time.
 */
export function verifyTotp(secret: Secret, typed: string, lastStep: number | null, now: Date): TotpResult {
  const token = typed.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(token)) return { ok: false, why: 'malformed' };
  try {
    const found = verifySync({
      secret: secret.reveal().replace(/\s/g, '').toUpperCase(),
      token,
      algorithm: 'sha1',
      digits: TOTP_DIGITS,
      period: PERIOD_SECONDS,
      epoch: Math.floor(now.getTime() / 1000),
      epochTolerance: TOLERANCE,
      ...(lastStep === null ? {} : { afterTimeStep: lastStep }),
    });
    if (found.valid !== true || !('timeStep' in found)) return { ok: false, why: 'wrong' };
    const { timeStep } = found;
    if (lastStep !== null && !(timeStep > lastStep)) return { ok: false, why: 'wrong' };
    return { ok: true, timeStep };
  } catch {
    // The library throws on a step from the future, a bad secret and a bad time: none of them is a proof.
    return { ok: false, why: 'wrong' };
  }
}
