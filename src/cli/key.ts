/** `key rotate`: the data keys under the present master key. Secrets themselves stay as they are. */

import { openCustody } from '../app.js';
import { openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

export async function key(args: Args): Promise<number> {
  if (args.words[0] !== 'rotate')
    throw new Told('Write: keyturn key rotate --as you@your-company.example', 2);
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const desk = await openDesk(database);
    const person = actingPerson(args, (await desk.ports.facts.facts()).directory);
    const { vault } = await openCustody(database, environment);
    // Proven and on record before the act: an act without its audit row must not be.
    await proven(desk, person, { verb: 'rotate-keys', key: vault.keyId }, await waysOf(args, desk, person));
    const { rewrapped, already } = await vault.rotateKeys();
    console.log(`${rewrapped} data keys were wrapped anew, ${already} had the present master key already.`);
    if (rewrapped + already > 0)
      console.log('KEYTURN_MASTER_KEYS_OLD can go, once every replica has the new key.');
    return 0;
  });
}
