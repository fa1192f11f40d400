/** `audit verify`: is every chain whole? Prints each chain's head, to be compared with one noted elsewhere. */

import { verifyChains } from '../store/audit.js';
import type { Args } from './args.js';
import { databaseEnvironment, withDatabase } from './open.js';
import { Told } from './told.js';

export async function audit(args: Args): Promise<number> {
  if (args.words[0] !== 'verify') throw new Told('Write: keyturn audit verify', 2);
  return withDatabase(databaseEnvironment(), async (database) => {
    const chains = await verifyChains(database);
    for (const { chain, events, head, brokenAt, why } of chains) {
      const says =
        brokenAt === null ? `whole, ${events} events, head ${head}` : `BROKEN at event ${brokenAt}: ${why}`;
      console.log(`${chain}: ${says}`);
    }
    const broken = chains.filter((c) => c.brokenAt !== null).length;
    console.log(
      broken === 0
        ? `All ${chains.length} chains are whole.`
        : `${broken} of ${chains.length} chains are broken.`,
    );
    return broken === 0 ? 0 : 1;
  });
}
