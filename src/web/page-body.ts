/** What may be posted to a page, exactly: anything missing, added or misshapen is refused. */

import { z } from 'zod';
import { TOKEN_SHAPE } from './token.js';

/** What every post to a page carries. */
export const PAGE_FIELDS = {
  token: z.string().regex(TOKEN_SHAPE),
  /** A nonce that the page made for itself and keeps in memory: it tells this browser from every other. */
  browser: z.string().regex(TOKEN_SHAPE),
};

/** A code as somebody typed it, spaces and all; what it is worth is judged elsewhere. */
export const TYPED_CODE = z.string().min(1).max(20);

export const MOST_BODY_BYTES = 8 * 1024;

/** The body, or null where it isn't one. Why not is never said or logged: it may hold a password or a code. */
export function readAs<Body>(schema: z.ZodType<Body>, bytes: Uint8Array): Body | null {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
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
