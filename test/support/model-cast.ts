/** The model's house as Keyturn knows it. Each history has people of its own, so that one who was offboarded is missed by none. */

import { event, KEYTURN } from '../../src/core/audit.js';
import type { DeclaredDirectory } from '../../src/core/directory.js';
import type { Person } from '../../src/core/people.js';
import type { Policy } from '../../src/core/policy.js';
import { apply } from '../../src/store/apply.js';
import type { Database } from '../../src/store/driver.js';
import { CAST } from '../fixtures/cast.js';
import type { House } from './house.js';
import { PEOPLE } from './model-world.js';

const email = (name: string, troupe: number) => `${name.toLowerCase()}@n${troupe}.example`;

const OWNERS: Readonly<Record<string, string>> = {
  shared: 'Maya',
  router: 'Theo',
  'front-desk': 'Luis',
  free: 'Sana',
};

export function castOf(troupe: number): DeclaredDirectory {
  const staff = (tier: NonNullable<Person['tier']>, ...names: string[]) =>
    names.map((name) => ({ email: email(name, troupe), name: `${name} Nee`, kind: 'staff' as const, tier }));
  const contact = (name: string, client: string) => ({
    ...{ email: email(name, troupe), name: `${name} Nee`, kind: 'contact' as const, client },
    ...{ approves: true, requests: true },
  });
  return {
    ...CAST,
    people: [
      ...staff('L1', 'Luis'),
      ...staff('L2', 'Tess'),
      ...staff('L3', 'Maya', 'Sana', 'Theo'),
      ...staff('lead', 'Lena', 'Omar', 'Pia'),
      { email: email('Aude', troupe), name: 'Aude Nee', kind: 'staff', role: 'auditor' },
      contact('Noor', 'delta'),
      contact('Ivy', 'beacon'),
    ],
    groups: { security: ['Sana', 'Theo'].map((name) => email(name, troupe)) },
    policies: POLICIES,
    accounts: CAST.accounts.map((account) => ({
      ...account,
      policy: account.id,
      ...(OWNERS[account.id] ? { owner: email(OWNERS[account.id] as string, troupe) } : {}),
    })),
  };
}

const leads = { from: 'leads', need: 1 };

const policy = (
  id: string,
  approvals: Policy['approvals'],
  more: Partial<Policy>,
): Omit<Policy, 'version'> => ({
  ...{ id, approvals, durations: [1800, 3600, 14_400], decideWithin: 3600, ticket: 'optional' },
  ...{
    confirmClientName: false,
    linkSeconds: 600,
    mfa: { approve: false, reveal: false, break_glass: false },
  },
  ...more,
});
const glass = (may: string[], maxDuration: number, reviewWithin: number, notify: string[] = []) => ({
  breakGlass: { may, maxDuration, reviewWithin, notify },
});
const escalate = (to: string, mayDecide: boolean) => ({ escalate: { after: 1200, to, mayDecide } });

const POLICIES = [
  policy('front-desk', [leads], { maxTotal: 18_000, ...glass(['L3', 'leads'], 3600, 5400, ['security']) }),
  policy('shared', [leads], { maxTotal: 5400, ...glass(['L2'], 1800, 1800), ...escalate('L3', true) }),
  policy('router', [leads, { from: 'security', need: 1 }], escalate('L3', true)),
  policy('safe', [{ from: 'leads', need: 2 }], escalate('security', false)),
  policy('free', [], { maxTotal: 7200 }),
  policy('registrar', [leads, { from: 'contacts', need: 1 }], {
    ...glass(['leads', 'contacts'], 3600, 1800),
    ...escalate('security', true),
  }),
];

/** New people in the place of all former ones. Returns their ids by first name. */
export async function enter(
  { database, ports }: House,
  troupe: number,
): Promise<ReadonlyMap<string, string>> {
  await close(database);
  const operator = { name: 'Northwind IT', timezone: 'America/Chicago' };
  const applied = event(KEYTURN, 'operator', 'directory.applied', 'keyturn.yaml');
  await apply(
    database,
    { operator, troupe },
    { operator, directory: castOf(troupe) },
    { email: null, event: applied },
  );
  const { directory } = await ports.facts.facts();
  return new Map(PEOPLE.map((name) => [name, directory.byEmail(email(name, troupe))?.id as string]));
}

/** What the former people still owe is written off, so that nobody is reminded of it for ever. */
async function close(database: Database): Promise<void> {
  const reviews = `update keyturn.reviews r set state = 'justified', version = version + 1, note = 'over', settled_at = keyturn.now(),
    reviewer = (select id from keyturn.people p where p.id <> r.person limit 1) where state = 'owed'`;
  const alerts = `update keyturn.alerts a set state = 'settled', version = version + 1, settled_at = keyturn.now(),
    settled_by = (select id from keyturn.people p where p.id <> a.person limit 1) where state = 'open'`;
  for (const text of [reviews, alerts]) await database.run({ name: '', text }, []);
}
