/** `key rotate`: the data keys under the present master key. Secrets themselves stay as they are. */

import { openCustody } from '../app.js';
import { event } from '../core/audit.js';
import { appendAudit } from '../store/audit.js';
import { readDirectory } from '../store/directory.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { Told } from './told.js';

export async function key(args: Args): Promise<number> {
  if (args.words[0] !== 'rotate')
    throw new Told('Write: keyturn key rotate --as you@your-company.example', 2);
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const person = actingPerson(args, await readDirectory(database));
    const custody = await openCustody(database, environment);
    // On record before the act: an act without its audit row must not be.
    const actor = { person: person.id, via: 'cli' } as const;
    await appendAudit(database, [event(actor, 'operator', 'keys.rotated', 'data keys')]);
    const { rewrapped, already } = await custody.vault.rotateKeys();
    console.log(`${rewrapped} data keys were wrapped anew, ${already} had the present master key already.`);
    if (rewrapped + already > 0)
      console.log('KEYTURN_MASTER_KEYS_OLD can go, once every replica has the new key.');
    return 0;
  });
}
