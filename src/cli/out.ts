/** Standard output, as fast as whoever reads it takes it. */

import { once } from 'node:events';

export async function out(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
