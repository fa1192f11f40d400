/** From the bytes that came back to what they mean: pure, and strict about what it takes for an answer. */

import { z } from 'zod';
import type { Answered } from './duo-http.js';
import { type Failed, oneLine } from './provider.js';

const word = z.string().min(1).max(200);

const good = z.object({ stat: z.literal('OK'), response: z.unknown() });
const bad = z.object({
  stat: z.literal('FAIL'),
  code: z.number().int(),
  message: z.string().optional(),
  message_detail: z.string().nullish(),
});

const time = z.object({ time: z.number().int().positive() });
const started = z.object({ txid: word });
const device = z.object({ device: word, capabilities: z.array(z.string()).optional() });
const preauth = z.object({
  result: z.enum(['auth', 'allow', 'deny', 'enroll']),
  status_msg: z.string(),
  devices: z.array(device).optional(),
  txid: word.optional(),
  verification_code: z
    .string()
    .regex(/^\d{3,8}$/)
    .optional(),
});
const status = z.object({
  result: z.enum(['waiting', 'allow', 'deny']),
  status: word,
  status_msg: z.string(),
});

/** What Duo says of a person before any factor. */
export interface Preauth {
  readonly result: 'auth' | 'allow' | 'deny' | 'enroll';
  readonly says: string;
  readonly canPush: boolean;
  /** A verified push was offered: its transaction, and the code to show. */
  readonly verified: { readonly txid: string; readonly code: string } | null;
}

/** What became of a push so far. Duo may add values of `status`: decide on `result`. */
export interface PushStatus {
  readonly result: 'waiting' | 'allow' | 'deny';
  readonly status: string;
  /** Where Duo tells the code of a verified push only now. */
  readonly code: string | null;
}

/** Duo says no to a call: its own code beside ours. */
export interface DuoRefusal extends Failed {
  readonly code: number;
}

export function readTime(answered: Answered): number | Failed {
  return read(answered, time, ({ time }) => time);
}

export function readStarted(answered: Answered): { readonly txid: string } | Failed | DuoRefusal {
  return read(answered, started, ({ txid }) => ({ txid }));
}

export function readPreauth(answered: Answered): Preauth | Failed | DuoRefusal {
  return read(answered, preauth, (found) => ({
    result: found.result,
    says: oneLine(found.status_msg, 200),
    canPush: (found.devices ?? []).some(({ capabilities }) => capabilities?.includes('push')),
    verified:
      found.txid !== undefined && found.verification_code !== undefined
        ? { txid: found.txid, code: found.verification_code }
        : null,
  }));
}

export function readStatus(answered: Answered): PushStatus | Failed | DuoRefusal {
  return read(answered, status, (found) => ({
    result: found.result,
    status: found.status,
    code: found.result === 'waiting' ? codeIn(found.status_msg) : null,
  }));
}

/** Duo's text of an intermediate status: "Please enter verification code 708 into Duo Mobile...". */
export function codeIn(statusMessage: string): string | null {
  return /\bverification code:? (\d{3,8})\b/i.exec(statusMessage)?.[1] ?? null;
}

function read<S extends z.ZodType, T>(
  answered: Answered,
  shape: S,
  take: (found: z.infer<S>) => T,
): T | Failed | DuoRefusal {
  const body = json(answered.body);
  if (answered.status === 200) {
    const envelope = good.safeParse(body);
    const found = envelope.success ? shape.safeParse(envelope.data.response) : null;
    if (found?.success) return take(found.data);
    return garbage(answered);
  }
  if (answered.status === 429) return { failed: 'rate-limited', detail: 'Duo asks for patience (429)' };
  if (answered.status >= 500) return { failed: 'unreachable', detail: `Duo answers ${answered.status}` };
  const refusal = bad.safeParse(body);
  // Duo: the HTTP status is the code's first three digits.
  if (!refusal.success || Math.floor(refusal.data.code / 100) !== answered.status) return garbage(answered);
  const { code, message = '', message_detail } = refusal.data;
  const told = [message, message_detail].filter(Boolean).join(': ');
  return { failed: 'refused', code, detail: oneLine(`${code} ${told}`, 200) };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The body stays out of the log: it may be anybody's page. */
function garbage({ status, body }: Answered): Failed {
  return { failed: 'garbage', detail: `an answer of ${body.length} characters with status ${status}` };
}
