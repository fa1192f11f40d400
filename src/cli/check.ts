/** `check`: is keyturn.yaml sound, and what can be lent under it? Needs no database. */

import { offersOf } from '../app.js';
import { hints } from '../config/hints.js';
import { sayUnlendable } from '../core/cards/say-refusal.js';
import { list } from '../core/cards/words.js';
import { type DeclaredDirectory, Directory } from '../core/directory.js';
import { unlendable } from '../core/lendable.js';
import type { Args } from './args.js';
import { databaseEnvironment, loadConfigFile } from './open.js';

export async function check(args: Args): Promise<number> {
  const { config } = loadConfigFile(args, databaseEnvironment());
  const { people, clients, accounts } = config.directory;
  console.log(
    `Sound: ${people.length} people, ${clients.length} clients, ${accounts.length} accounts, ${config.chat.slack.length} Slack workspaces.`,
  );
  const directory = asDirectory(config.directory, config.operator);
  const offers = offersOf(config, 'server');
  const cannot = directory.accounts.flatMap((account) => {
    const why = unlendable(account, directory, offers);
    if (why.length === 0) return [];
    return [`  ${account.client}/${account.id}: ${list(why.map((u) => sayUnlendable(u, directory)))}`];
  });
  if (cannot.length > 0) console.log(`Can't be lent by this version:\n${cannot.join('\n')}`);
  const worth = hints(directory);
  if (worth.length > 0) console.log(`Worth a look:\n${worth.map((it) => `  ${it}`).join('\n')}`);
  return 0;
}

/** A directory that was never stored, for questions about a file. */
export function asDirectory(
  declared: DeclaredDirectory,
  operator: { name: string; timezone: string },
): Directory {
  return new Directory({
    ...declared,
    version: 0,
    operator: operator.name,
    timezone: operator.timezone,
    people: declared.people.map((person) => ({ ...person, id: person.email })),
    policies: declared.policies.map((policy) => ({ ...policy, version: 0 })),
  });
}
