/** `audit verify`: is every chain whole? `audit export`: the trail as JSON lines, so that others can say so too. */

import type { AuditSpan } from '../core/report.js';
import { exportEvents, verifyChains } from '../store/audit.js';
import { openDesk } from './applied.js';
import type { Args } from './args.js';
import { databaseEnvironment, namedPerson, withDatabase } from './open.js';
import { out } from './out.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

export async function audit(args: Args): Promise<number> {
  if (args.words[0] === 'export') return exportTrail(args);
  if (args.words[0] !== 'verify')
    throw new Told('Write: keyturn audit verify, or: keyturn audit export --as you@your-company.example', 2);
  return verify();
}

/** Prints each chain's head, to be compared with one noted elsewhere. */
async function verify(): Promise<number> {
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

/** On record before the first line of it leaves. The README has the form of a line. */
async function exportTrail(args: Args): Promise<number> {
  const { from = null, to = null, chain = null } = args;
  const span: AuditSpan = { chain, from, to };
  return withDatabase(databaseEnvironment(), async (database) => {
    const desk = await openDesk(database);
    const { directory } = await desk.ports.facts.facts();
    const person = namedPerson(args, directory);
    await proven(desk, person, { verb: 'export-audit', ...span }, await waysOf(args, desk, person));
    const facts = await desk.ports.store.reportFacts({ report: 'client', subject: '', from, to }, person.id);
    const days = { start: from === null ? null : facts.start, end: to === null ? null : facts.end };
    for await (const lines of exportEvents(database, { chain, ...days }))
      await out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  });
}
