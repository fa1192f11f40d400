/** What may be posted to the page that sets up an authenticator. */

import { z } from 'zod';
import { PAGE_FIELDS, readAs, TYPED_CODE } from './page-body.js';

const BODY = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('begin'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('try'), ...PAGE_FIELDS, code: TYPED_CODE }),
]);

export type EnrolBody = z.infer<typeof BODY>;

/** The body, or null where it isn't one. */
export function readEnrolBody(bytes: Uint8Array): EnrolBody | null {
  return readAs(BODY, bytes);
}
