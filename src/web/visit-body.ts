/** What may be posted to the page of a report. */

import { z } from 'zod';
import { PAGE_FIELDS, readAs, TYPED_CODE } from './page-body.js';

/** As typed into the fields, or null for the visit's own; whether it is one is judged elsewhere. */
const DAY = z.string().min(1).max(20).nullable();
const DAYS = { from: DAY, to: DAY };

const BODY = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('look'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('ask'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('status'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('code'), ...PAGE_FIELDS, code: TYPED_CODE }),
  z.strictObject({ act: z.literal('prompt'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('another'), ...PAGE_FIELDS }),
  z.strictObject({ act: z.literal('report'), ...PAGE_FIELDS, ...DAYS }),
  z.strictObject({ act: z.literal('csv'), ...PAGE_FIELDS, ...DAYS }),
]);

export type VisitBody = z.infer<typeof BODY>;

/** The body, or null where it isn't one. */
export function readVisitBody(bytes: Uint8Array): VisitBody | null {
  return readAs(BODY, bytes);
}
