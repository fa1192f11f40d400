/** `plan` and `apply`: what a changed file would do, and doing it. */

import type { Config } from '../config/config.js';
import type { Settings } from '../config/difference/settings.js';
import { type Difference, differences, printDifferences, settingDifferences } from '../config/difference.js';
import { event, KEYTURN } from '../core/audit.js';
import type { ConfigurationFacts } from '../core/facts.js';
import type { Person } from '../core/people.js';
import type { ConfigurationFile } from '../core/proposal.js';
import { apply, type Document, digestOf, tombstonesIn } from '../store/apply.js';
import type { Database } from '../store/driver.js';
import { applied, openDesk } from './applied.js';
import type { Args } from './args.js';
import { actingPerson, databaseEnvironment, loadConfigFile, withDatabase } from './open.js';
import { proven } from './prove.js';
import { waysOf } from './ways.js';

export async function plan(args: Args): Promise<number> {
  const environment = databaseEnvironment();
  const file = loadConfigFile(args, environment);
  await withDatabase(environment, async (database) => {
    const before = await applied(database);
    if (before === null) console.log('Nothing is applied yet: this would be the first version.');
    console.log(printDifferences(differencesOf(before, file.document as Document, file.config)));
  });
  return 0;
}

/** Before the first version there is nobody to be; afterwards it takes a lead of the version in force. */
export async function applyVerb(args: Args): Promise<number> {
  const environment = databaseEnvironment();
  const loaded = loadConfigFile(args, environment);
  const { config } = loaded;
  const written = loaded.document as Document;
  return withDatabase(environment, async (database) => {
    const before = await applied(database);
    const found = differencesOf(before, written, config);
    if (before === null) console.log(await applyFirst(database, written, config, args.as ?? null));
    else {
      const file = fileOf(written, config, found);
      if (before.stored.digest !== file.digest) console.log(printDifferences(found));
      console.log(await applyAs(args, database, file));
    }
    for (const email of await tombstonesIn(database.db, config.directory))
      console.log(`${email} was offboarded, and a file doesn't bring anybody back.`);
    return 0;
  });
}

function differencesOf(
  before: Awaited<ReturnType<typeof applied>>,
  written: Document,
  config: Config,
): Difference[] {
  const settings = before && (before.stored.document as Settings);
  return [
    ...differences(before?.config.directory ?? null, config.directory),
    ...settingDifferences(settings, written as Settings),
  ];
}

async function applyFirst(
  database: Database,
  written: Document,
  config: Config,
  email: string | null,
): Promise<string> {
  const found = differencesOf(null, written, config);
  const data = { changes: found.map((d) => d.text).slice(0, 500), loosens: false };
  const first = event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml', data);
  const { version, changed } = await apply(database, written, config, { email, event: first }, true);
  return changed
    ? `${printDifferences(found)}\nApplied as version ${version}.`
    : `Version ${version} was applied meanwhile. Nothing was changed: look with “keyturn plan”.`;
}

/** What both leads confirm: the document, and what it came to with this shell's variables. */
function fileOf(written: Document, config: Config, found: readonly Difference[]): ConfigurationFile {
  const { operator, directory } = JSON.parse(JSON.stringify(config)) as Config;
  return {
    document: written,
    operator,
    directory,
    digest: digestOf(written),
    seal: digestOf({ written, operator, directory }),
    lines: found.map(({ text, loosens }) => ({ text, loosens })),
  };
}

async function applyAs(args: Args, database: Database, file: ConfigurationFile): Promise<string> {
  const desk = await openDesk(database);
  const facts = await desk.ports.store.configurationFacts(null);
  const person = actingPerson(args, facts.directory);
  const { version, digest } = facts.configuration;
  if (digest === file.digest) return `Version ${version} is this file already. Nothing was changed.`;
  const waits = sayWaiting(facts, person, file);
  if (waits !== null) console.log(waits);
  const done = await proven(desk, person, { verb: 'apply', file }, await waysOf(args, desk, person));
  return /^\d+$/.test(done) ? `Applied as version ${done}.` : sayProposed(facts, person, done);
}

/** What waits already, and what this file makes of it: said before anybody confirms. */
function sayWaiting(
  { proposal, directory }: ConfigurationFacts,
  person: Person,
  file: ConfigurationFile,
): string | null {
  if (!proposal || (proposal.proposer === person.id && proposal.seal === file.seal)) return null;
  const whose = `${proposal.id} of ${directory.nameOf(proposal.proposer)}`;
  return proposal.seal === file.seal
    ? `This is ${whose}: yours is the second word.`
    : `${whose} waits for a second lead; this file takes its place.`;
}

function sayProposed({ directory }: ConfigurationFacts, person: Person, id: string): string {
  const others = directory.leads().filter((lead) => lead.id !== person.id);
  return [
    `Not applied yet: it makes access easier, so a second lead has to apply it (${id}).`,
    `Any of these can, with Apply on its card in chat, or with the same file and --as: ${others.map((lead) => lead.email).join(', ')}.`,
  ].join('\n');
}
