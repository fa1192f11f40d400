/** What may be posted to a link, exactly: anything missing, added or misshapen is refused. */

import { z } from 'zod';
import { TOKEN_SHAPE } from './token.js';

const base = {
  token: z.string().regex(TOKEN_SHAPE),
  /** A nonce that the page made for itself and keeps in memory: it tells this browser from every other. */
  browser: z.string().regex(TOKEN_SHAPE),
};

const BODY = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look'), ...base }),
  z.strictObject({ act: z.literal('ask'), ...base }),
  z.strictObject({ act: z.literal('status'), ...base }),
  z.strictObject({ act: z.literal('claim'), ...base }),
  z.strictObject({ act: z.literal('enter'), ...base, password: z.string() }),
]);

export type LinkBody = z.infer<typeof BODY>;

export const MOST_BODY_BYTES = 8 * 1024;

/** The body, or null where it isn't one. Why not is never said or logged: it may hold a password. */
export function readLinkBody(bytes: Uint8Array): LinkBody | null {
  try {
    return BODY.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

/** The whole body, or null where it is longer than `most`; no more than that is ever held. */
export async function readBytes(body: ReadableStream<Uint8Array> | null, most: number) {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
