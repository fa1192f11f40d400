/** `offboard`: what it would end, a typed yes, a lead's proof, and what has ended. The second lead says the same. */

import { createInterface } from 'node:readline/promises';
import { plain } from '../core/cards/card.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { sweepCard } from '../core/cards/sweep-card.js';
import { sweepPreview } from '../core/cards/sweep-preview.js';
import type { Facts, SweepFacts } from '../core/facts.js';
import { whyNotOffboard } from '../core/offboard.js';
import { named, ownedBy } from '../core/offboard-rules.js';
import type { Person, PersonId } from '../core/people.js';
import type { Refusal } from '../core/refusals.js';
import { type Desk, openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, databaseEnvironment, withDatabase } from './open.js';
import { proven } from './prove.js';
import { Told } from './told.js';
import { waysOf } from './ways.js';

export async function offboard(args: Args): Promise<number> {
  const who = args.words.join(' ');
  if (who === '')
    throw new Told(
      'Write it like: keyturn offboard tess@your-company.example --as you@your-company.example',
      2,
    );
  return withDatabase(databaseEnvironment(), async (database) => {
    const desk = await openDesk(database);
    const base = await desk.ports.facts.facts();
    const lead = actingPerson(args, base.directory);
    const facts = await factsOf(desk, base, who);
    const cannot = whyNotOffboard(facts, { person: lead.id, via: 'cli' });
    if (cannot) throw told(base, cannot);
    const heir = heirIn(args, facts, lead);
    const ways = await waysOf(args, desk, lead);
    console.log(preview(facts, lead).join('\n'));
    await confirmed(args, facts);
    const command = { verb: 'offboard', person: facts.person, ...heir } as const;
    console.log(await whatCameOfIt(desk, await proven(desk, lead, command, ways)));
    return 0;
  });
}

function told({ directory }: Facts, refused: Refusal): Told {
  return new Told(sayRefusal(refused, directory));
}

async function factsOf(desk: Desk, base: Facts, who: string): Promise<SweepFacts> {
  const found = named(base.directory, who);
  if ('refused' in found) throw told(base, found.refused);
  const facts = await desk.ports.store.sweepFacts({ person: found.id });
  if (!facts) throw told(base, { code: 'unknown-person', typed: who });
  return facts;
}

/** Whom `--to` names. Left out, it is whom another lead has named, or nobody where there is nothing to take over. */
function heirIn({ to }: Args, facts: SweepFacts, lead: Person): { heir?: PersonId } {
  const { directory } = facts;
  if (to !== undefined) {
    const heir = directory.byEmail(to);
    if (!heir)
      throw new Told(`${to} is not one of the people of the applied configuration. Nothing was done.`);
    return { heir: heir.id };
  }
  const [accounts, tasks] = [ownedBy(facts).length, facts.tasks.length];
  if (accounts + tasks === 0 || isSecond(facts, lead)) return {};
  const needed = sayRefusal({ code: 'heir-needed', person: facts.person, accounts, tasks }, directory);
  throw new Told(`${needed} Name them with --to and their e-mail address. Nothing was done.`);
}

function isSecond({ sweep }: SweepFacts, lead: Person): boolean {
  return sweep?.proposer != null && sweep.proposer !== lead.id;
}

function preview(facts: SweepFacts, lead: Person): string[] {
  const { directory, sweep } = facts;
  const first = isSecond(facts, lead)
    ? [
        `${sweep?.id} of ${directory.nameOf(sweep?.proposer ?? null)} waits for a second lead: yours is the second word.`,
      ]
    : [];
  return [`Offboard ${directory.nameOf(facts.person)}`, ...first, ...sweepPreview(facts)];
}

async function confirmed({ yes }: Args, { directory, person }: SweepFacts): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Told('There is no terminal to say yes in. Run it again with --yes. Nothing was done.');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const typed = await lines.question(`Type yes to offboard ${directory.nameOf(person)}: `);
    if (typed.trim().toLowerCase() !== 'yes') throw new Told('Nothing was done.');
  } finally {
    lines.close();
  }
}

/** The same words as on its card. */
async function whatCameOfIt(desk: Desk, id: string): Promise<string> {
  const story = await desk.ports.store.sweepStory(id);
  if (!story) return id;
  const { title, rows, lines } = sweepCard(story, null);
  return [
    `${title} (${id})`,
    ...rows.map(({ label, text }) => `${label}: ${plain(text)}`),
    ...lines.map(plain),
  ].join('\n');
}
