/** What a whole recording hashes to: a cast's own hash, and one over those of all its casts. */

import { createHash } from 'node:crypto';
import type { ClosedCast } from '../../core/recording.js';

/** SHA-256, hex, over `<channel> <pieces> <hash>\n` of each cast in the order of their channels. */
export function hashOfCasts(casts: readonly Pick<ClosedCast, 'channel' | 'pieces' | 'hash'>[]): string {
  const hash = createHash('sha256');
  const sorted = [...casts].sort((a, b) => a.channel - b.channel);
  for (const { channel, pieces, hash: cast } of sorted) hash.update(`${channel} ${pieces} ${cast}\n`);
  return hash.digest('hex');
}
