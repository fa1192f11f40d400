/** What is sound in a configuration, and still worth a look. */

import { type Account, fullName } from '../core/accounts.js';
import type { Directory } from '../core/directory.js';

const MOST_NAMES = 5;

/** One sentence each: who may ask for a group, and has no login that could be put into it. */
export function hints(directory: Directory): string[] {
  return directory.accounts.flatMap((account) => {
    const { elevate, system } = account;
    return elevate?.as === 'own' && system !== undefined ? withoutLogin(directory, account, system) : [];
  });
}

function withoutLogin(directory: Directory, account: Account, system: string): string[] {
  const without = directory.people.filter(
    (person) => directory.mayAsk(person, account) && !Object.hasOwn(person.logins ?? {}, system),
  );
  if (without.length === 0) return [];
  const names = without.slice(0, MOST_NAMES).map((person) => person.name);
  const rest = without.length - names.length;
  const who = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
  return [`${fullName(account)}: no login on ${system} is known of ${who}, who may ask.`];
}
