/** People, told apart. */

import type { DeclaredDirectory } from '../../core/directory.js';
import { aspect, type Described, flag, label } from './aspects.js';

type Declared = DeclaredDirectory['people'][number];

export function describePerson(person: Declared): Described {
  const standing = person.role ?? person.tier ?? `contact of ${person.client}`;
  const acts = person.role !== 'auditor' && (person.kind === 'staff' || person.approves || person.requests);
  return {
    summary: `${person.name}, ${standing}`,
    opensWhenAdded: acts === true,
    // A file mustn't be the way around the second word that an offboarding of a lead takes.
    ...(person.tier === 'lead' ? { opensWhenGone: true, ofItsGoing: 'a lead goes by the words of two' } : {}),
    aspects: [
      label('name', person.name),
      label('title', person.title),
      // Accounts and steps name tiers one by one, so a lower tier opens doors too. An auditor opens none, but ends a lead.
      aspect('is', standing, standing, (before) => person.role !== 'auditor' || before === 'lead'),
      flag('approves', person.approves === true, true),
      flag('requests', person.requests === true, true),
      // Whoever answers for that name at Duo answers for this person.
      aspect('Duo username', person.duoUsername, person.duoUsername ?? 'none', () => true),
      ...loginsAspect(person),
    ],
  };
}

function loginsAspect(person: Declared) {
  const logins = Object.entries(person.logins ?? {})
    .map(([system, login]) => `${login} on ${system}`)
    .sort();
  return [
    aspect('logins', logins, logins.join(', ') || 'none', (before) =>
      logins.some((login) => !before.includes(login)),
    ),
  ];
}
