/** `enrol`: an authenticator for oneself, or a lead's leave for somebody else's. */

import { pressEnrol } from '../core/enrol.js';
import type { Person } from '../core/people.js';
import { performOnFactor } from '../core/perform.js';
import { hashToken, newToken } from '../web/token.js';
import { type Desk, openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, fullEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { asTold } from './sitting.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

/**
 * The first lead of a deployment needs nobody's word, as long as nobody there has
 * proven anything; everybody after them needs a factor of their own or a lead's.
 */
export async function enrol(args: Args): Promise<number> {
  const environment = fullEnvironment();
  return withDatabase(environment, async (database) => {
    const desk = await openDesk(database);
    const { directory } = await desk.ports.facts.facts();
    const lead = actingPerson(args, directory);
    const [email = lead.email] = args.words;
    const person = directory.byEmail(email);
    if (!person) throw new Told(`${email} is not one of the people of the applied configuration.`);
    const factor = desk.ports.fresh.factorId();
    const command = { verb: 'offer-factor', person: person.id, factor } as const;
    await proven(desk, lead, command, await waysOf(args, desk, lead));
    console.log(
      person.id === lead.id ? await pageOf(desk, person, factor, environment.publicUrl) : sayOffered(person),
    );
    return 0;
  });
}

/** The address is for its person alone, so only their own terminal prints it. */
async function pageOf(desk: Desk, { id }: Person, factor: string, publicUrl: string): Promise<string> {
  const token = newToken();
  const outcome = await performOnFactor(desk.ports, { id: factor }, (facts) =>
    pressEnrol(facts, id, hashToken(token)),
  );
  if (!('done' in outcome)) throw await asTold(desk, 'refused' in outcome ? outcome.refused : null);
  return `Open this page in your browser, and scan its code with an authenticator app:\n${publicUrl}/me/enrol#${token}\nKeyturn has to be running there (keyturn start). The offer lives for a day, the page for ten minutes.`;
}

function sayOffered({ name }: Person): string {
  return `${name} may enrol an authenticator within a day: the button is in their direct message from Keyturn.`;
}
