/** Whom and what a document names, read leniently, and whom a reference stands for. */

import type { Json, Path } from '../fault.js';
import { type Found, field, find, text, texts } from '../reading.js';

export interface StaffEntry {
  readonly path: Path;
  readonly email: string;
  readonly tier: string | undefined;
  readonly auditor: boolean;
  /** Ids of the systems on which they have a login of their own. */
  readonly logins: readonly string[];
}

export interface ContactEntry {
  readonly path: Path;
  readonly email: string;
  readonly client: string;
  readonly approves: boolean;
  readonly requests: boolean;
}

export interface SystemEntry {
  readonly path: Path;
  readonly id: string;
  readonly client: string;
  readonly type: string;
  /** Whether it says whom Keyturn signs in as there. */
  readonly user: boolean;
}

/** Everything that other parts of the document refer to. */
export interface Names {
  readonly staff: readonly StaffEntry[];
  readonly contacts: readonly ContactEntry[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly policies: readonly string[];
  readonly clients: readonly { readonly path: Path; readonly id: string }[];
  readonly systems: readonly SystemEntry[];
  readonly systemsOf: ReadonlyMap<string, readonly SystemEntry[]>;
  readonly contactsOf: ReadonlyMap<string, readonly ContactEntry[]>;
  readonly staffByEmail: ReadonlyMap<string, StaffEntry>;
}

export const tiers: readonly string[] = ['L1', 'L2', 'L3', 'lead', 'leads'];

export function namesOf(document: Json): Names {
  const clients = find(document, ['clients', '*']);
  const staff = find(document, ['people', '*']).flatMap(staffEntry);
  const contacts = clients.flatMap((client) => contactsOf(client));
  const systems = clients.flatMap((client) => systemsOf(client));
  return {
    staff,
    staffByEmail: new Map(staff.map((person) => [person.email, person])),
    contacts,
    contactsOf: byClient(contacts),
    systems,
    systemsOf: byClient(systems),
    groups: new Map(
      find(document, ['groups']).flatMap(({ value }) =>
        find(value, ['*']).map(({ path }) => [String(path[0]), texts(value, String(path[0]))] as const),
      ),
    ),
    policies: find(document, ['policies', '*']).map(({ path }) => String(path.at(-1))),
    clients: clients.map(({ path, value }) => ({ path, id: text(value, 'id') ?? '' })),
  };
}

/** Entries by the id of their client, in the order of the file. */
function byClient<Entry extends { readonly client: string }>(entries: readonly Entry[]) {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const others = found.get(entry.client);
    if (others) others.push(entry);
    else found.set(entry.client, [entry]);
  }
  return found;
}

function staffEntry({ path, value }: Found): StaffEntry[] {
  const email = text(value, 'email')?.toLowerCase();
  if (email === undefined) return [];
  const logins = find(value, ['logins', '*']).map((login) => String(login.path.at(-1)));
  return [{ path, email, tier: text(value, 'tier'), auditor: text(value, 'role') === 'auditor', logins }];
}

function systemsOf(client: Found): SystemEntry[] {
  return find(client.value, ['systems', '*']).map(({ path, value }) => ({
    path: [...client.path, ...path],
    id: text(value, 'id') ?? '',
    client: text(client.value, 'id') ?? '',
    type: text(value, 'type') ?? '',
    user: field(value, 'user') !== undefined,
  }));
}

function contactsOf(client: Found): ContactEntry[] {
  return find(client.value, ['contacts', '*']).flatMap(({ path, value }) => {
    const email = text(value, 'email')?.toLowerCase();
    if (email === undefined) return [];
    const may = (act: string) => find(value, [act])[0]?.value === true;
    const entry = { path: [...client.path, ...path], client: text(client.value, 'id') ?? '' };
    return [{ ...entry, email, approves: may('approves'), requests: may('requests') }];
  });
}

const behind = new WeakMap<Names, Map<string, ReadonlySet<string>>>();

/** The e-mails of those of the operator's staff for whom a reference stands; auditors are none of them. */
export function staffBehind(reference: string, names: Names): ReadonlySet<string> {
  const known = behind.get(names) ?? new Map<string, ReadonlySet<string>>();
  behind.set(names, known);
  const found = known.get(reference) ?? staffMeant(reference, names, new Set());
  known.set(reference, found);
  return found;
}

function staffMeant(reference: string, names: Names, seen: Set<string>): Set<string> {
  const acting = names.staff.filter((person) => !person.auditor);
  if (reference.includes('@')) {
    const email = reference.toLowerCase();
    return new Set(acting.filter((person) => person.email === email).map((person) => person.email));
  }
  if (tiers.includes(reference)) {
    const tier = reference === 'leads' ? 'lead' : reference;
    return new Set(acting.filter((person) => person.tier === tier).map((person) => person.email));
  }
  if (seen.has(reference)) return new Set();
  seen.add(reference);
  const members = names.groups.get(reference) ?? [];
  return new Set(members.flatMap((member) => [...staffMeant(member, names, seen)]));
}
