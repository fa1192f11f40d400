/** `Keyturn-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, the same on requests and answers. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../config/secret.js';

export const SIGNATURE = 'keyturn-signature';

/** How far the clocks of both sides may be apart, in seconds. */
export const TOLERANCE = 300;
const MOST_SIGNATURES = 4;

export function sign(body: string, key: Secret, now: Date): string {
  const t = String(Math.floor(now.getTime() / 1000));
  return `t=${t},v1=${mac(t, body, key)}`;
}

/** Whether this body came from somebody who has the key, lately. Several `v1` may be given while a key is changed. */
export function signed(
  header: string | undefined,
  body: string,
  key: Secret,
  now: Date,
): 'yes' | 'stale' | 'no' {
  const parts = (header ?? '').split(',').map((part) => part.trim());
  const times = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? []);
  const given = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/.exec(part)?.[1] ?? []);
  const [t] = times;
  if (t === undefined || times.length > 1 || given.length > MOST_SIGNATURES) return 'no';
  const right = Buffer.from(mac(t, body, key), 'hex');
  if (!given.some((each) => timingSafeEqual(Buffer.from(each, 'hex'), right))) return 'no';
  return Math.abs(now.getTime() / 1000 - Number(t)) <= TOLERANCE ? 'yes' : 'stale';
}

function mac(t: string, body: string, key: Secret): string {
  return createHmac('sha256', key.reveal()).update(`${t}.${body}`).digest('hex');
}
