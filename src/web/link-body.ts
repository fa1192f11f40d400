/** What may be posted to a link's page. */

import { z } from 'zod';
import { PAGE_FIELDS, readAs, TYPED_CODE } from './page-body.js';

const BODY = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('ask'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('status'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('code'), ...PAGE_FIELDS, code: TYPED_CODE }),
  z.strictObject({ act: z.literal('prompt'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('another'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('claim'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('live-code'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('ask-contacts'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('contact-code'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('enter'), ...PAGE_FIELDS, password: z.string() }),
]);

export type LinkBody = z.infer<typeof BODY>;

/** The body, or null where it isn't one. */
export function readLinkBody(bytes: Uint8Array): LinkBody | null {
  return readAs(BODY, bytes);
}
