/** Whom and what a document names, read leniently, and whom a reference stands for. */

import type { Json, Path } from '../fault.js';
import { find, text, texts } from '../reading.js';

export interface StaffEntry {
  readonly path: Path;
  readonly email: string;
  readonly tier: string | undefined;
  readonly auditor: boolean;
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
}

/** Everything that other parts of the document refer to. */
export interface Names {
  readonly staff: readonly StaffEntry[];
  readonly contacts: readonly ContactEntry[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly policies: readonly string[];
  readonly clients: readonly { readonly path: Path; readonly id: string }[];
  readonly systems: readonly SystemEntry[];
}

export const tiers: readonly string[] = ['L1', 'L2', 'L3', 'lead', 'leads'];

export function namesOf(document: Json): Names {
  const clients = find(document, ['clients', '*']);
  return {
    staff: find(document, ['people', '*']).flatMap(({ path, value }) => {
      const email = text(value, 'email')?.toLowerCase();
      const person = { path, tier: text(value, 'tier'), auditor: text(value, 'role') === 'auditor' };
      return email === undefined ? [] : [{ ...person, email }];
    }),
    contacts: clients.flatMap((client) => contactsOf(client)),
    groups: new Map(
      find(document, ['groups']).flatMap(({ value }) =>
        find(value, ['*']).map(({ path }) => [String(path[0]), texts(value, String(path[0]))] as const),
      ),
    ),
    policies: find(document, ['policies', '*']).map(({ path }) => String(path.at(-1))),
    clients: clients.map(({ path, value }) => ({ path, id: text(value, 'id') ?? '' })),
    systems: clients.flatMap((client) =>
      find(client.value, ['systems', '*']).map(({ path, value }) => ({
        path: [...client.path, ...path],
        id: text(value, 'id') ?? '',
        client: text(client.value, 'id') ?? '',
        type: text(value, 'type') ?? '',
      })),
    ),
  };
}

function contactsOf(client: { path: Path; value: Json }): ContactEntry[] {
  return find(client.value, ['contacts', '*']).flatMap(({ path, value }) => {
    const email = text(value, 'email')?.toLowerCase();
    if (email === undefined) return [];
    const may = (act: string) => find(value, [act])[0]?.value === true;
    const entry = { path: [...client.path, ...path], client: text(client.value, 'id') ?? '' };
    return [{ ...entry, email, approves: may('approves'), requests: may('requests') }];
  });
}

/** The e-mails of those of the operator's staff for whom a reference stands; auditors are none of them. */
export function staffBehind(reference: string, names: Names, seen = new Set<string>()): Set<string> {
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
  return new Set(members.flatMap((member) => [...staffBehind(member, names, seen)]));
}
