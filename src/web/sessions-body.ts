/** What may be posted to the page of recorded sessions. */

import { z } from 'zod';
import { PAGE_FIELDS, readAs, TYPED_CODE } from './page-body.js';

/** As typed into the fields, or null for the visit's own; whether it is one is judged elsewhere. */
const DAY = z.string().min(1).max(20).nullable();
const ID = z.string().min(1).max(80).nullable();
const WORDS = z.string().trim().min(2).max(200).nullable();
const SESSION = z.string().regex(/^X-[0-9A-Z]{6}$/);

const BODY = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('ask'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('status'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('code'), ...PAGE_FIELDS, code: TYPED_CODE }),
  z.strictObject({ act: z.literal('prompt'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('another'), ...PAGE_FIELDS }),
  z.strictObject({
    act: z.literal('sessions'),
    ...PAGE_FIELDS,
    ...{ from: DAY, to: DAY, client: ID, person: ID, words: WORDS },
  }),
  z.strictObject({ act: z.literal('open'), ...PAGE_FIELDS, session: SESSION }),
  z.strictObject({
    act: z.literal('play'),
    ...PAGE_FIELDS,
    session: SESSION,
    channel: z.number().int().min(1).max(100_000),
  }),
  z.strictObject({ act: z.literal('end'), ...PAGE_FIELDS, session: SESSION }),
]);

export type SessionsBody = z.infer<typeof BODY>;

/** The body, or null where it isn't one. */
export function readSessionsBody(bytes: Uint8Array): SessionsBody | null {
  return readAs(BODY, bytes);
}
