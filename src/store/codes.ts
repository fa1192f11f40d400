/** Askings for one-time codes that nobody answers any more: nothing that was typed lies about. */

import type { Database } from './driver.js';

/** Blanks up to so many that are past their time or whose access has ended; their cards follow. Returns how many there were. */
export async function endCodes(database: Database, most: number): Promise<number> {
  const text = 'select keyturn.end_codes($1) as ended';
  const [row] = await database.run<{ ended: number }>({ name: 'end_codes', text }, [most]);
  return row?.ended ?? 0;
}
