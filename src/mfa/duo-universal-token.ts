/** What an id token of the Universal Prompt proves, once the library has verified its signature: pure. */

import { z } from 'zod';
import { type Failed, failedVerdict, type Verdict } from './provider.js';

const shape = z.object({
  preferred_username: z.string().min(1),
  auth_time: z.number().positive(),
  auth_result: z.object({ result: z.enum(['allow', 'deny']), status: z.string().min(1) }),
  auth_context: z.object({
    txid: z.string().min(1).max(200),
    factor: z.string().min(1),
    reason: z.string().optional(),
  }),
});

export type Token = z.infer<typeof shape>;

/** Duo's words for having let somebody in without asking them for anything. */
const withoutFactor: ReadonlySet<string> = new Set([
  ...['not_available', 'remembered_device', 'trusted_network', 'trusted_location', 'bypass_user'],
  ...['allow_unenrolled_user', 'allow_unenrolled_user_on_trusted_network', 'allowed_by_policy'],
]);

/** Clocks may differ by a minute, as Duo's library grants its tokens. */
const SKEW_MS = 60_000;
const LONGEST_MS = 300_000;

export function readToken(payload: unknown): Token | Failed {
  const found = shape.safeParse(payload);
  if (found.success) return found.data;
  const where = found.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { failed: 'garbage', detail: `the token lacks ${where}` };
}

/** Duo signs denials and bypasses too, and says `allow` of old logins: result, status and time are ours to check. */
export function verdictOfToken(
  { preferred_username, auth_time, auth_result, auth_context }: Token,
  { username, askedAt, now }: { readonly username: string; readonly askedAt: Date; readonly now: Date },
): Verdict {
  if (preferred_username !== username)
    return failedVerdict({ failed: 'other-person', detail: 'the token is of another person' });
  if (auth_result.result !== 'allow')
    return auth_result.status === 'fraud' ? { verdict: 'fraud' } : { verdict: 'denied' };
  const { factor, reason = '' } = auth_context;
  const word = [factor, reason].find((one) => withoutFactor.has(one));
  if (auth_result.status !== 'allow' || word !== undefined)
    return failedVerdict({ failed: 'bypass', detail: `allowed as ${cut(word ?? auth_result.status)}` });
  const at = auth_time * 1000;
  const earliest = Math.max(askedAt.getTime(), now.getTime() - LONGEST_MS) - SKEW_MS;
  // Written so that a time that is no number is refused.
  if (!(at >= earliest && at <= now.getTime() + SKEW_MS))
    return failedVerdict({ failed: 'stale', detail: 'the login is not of this question' });
  return { verdict: 'allowed', method: 'duo_universal', evidence: auth_context.txid };
}

const cut = (text: string) => text.replace(/[^a-z_]/gi, '').slice(0, 50);
