/** Nobody is there twice, everybody is one thing, and groups end somewhere. */

import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text, texts } from '../reading.js';
import { didYouMean } from '../suggest.js';
import type { Names } from './names.js';

export function peopleFaults(document: Json, names: Names): Complaint[] {
  return [
    ...twice(names),
    ...tierOrRole(document),
    ...logins(document, names),
    ...groupNames(names),
    ...cycles(names),
  ];
}

/** One address is one person: a person who was two could approve their own request. */
function twice(names: Names): Complaint[] {
  const seen = new Set<string>();
  return [...names.staff, ...names.contacts].flatMap(({ email, path }) => {
    if (!seen.has(email)) {
      seen.add(email);
      return [];
    }
    const message = `${email} is here twice.`;
    const remedy = 'Keep one: a person is one entry, either staff or the contact of one client.';
    return [{ path: [...path, 'email'], message, remedy }];
  });
}

function tierOrRole(document: Json): Complaint[] {
  return find(document, ['people', '*']).flatMap(({ path, value }) => {
    const tier = field(value, 'tier') !== undefined;
    const role = field(value, 'role') !== undefined;
    if (tier && role) {
      const message = 'a person has a tier or a role, not both.';
      return [{ path: [...path, 'role'], onKey: true, message, remedy: 'Take one of them out.' }];
    }
    if (tier || role || field(value, 'email') === undefined) return [];
    const remedy = 'Add tier: L1, L2, L3 or lead; or role: auditor.';
    return [{ path, message: 'this person has neither a tier nor a role.', remedy }];
  });
}

function logins(document: Json, names: Names): Complaint[] {
  const systems = names.systems.map((system) => system.id);
  return find(document, ['people', '*', 'logins', '*']).flatMap(({ path }) => {
    const name = String(path.at(-1));
    if (systems.includes(name)) return [];
    const remedy = didYouMean(name, systems, 'Write the id of a system of one of the clients.');
    return [{ path, onKey: true, message: `there is no system "${name}".`, remedy }];
  });
}

const reserved = ['leads', 'lead', 'contacts', 'contact', 'l1', 'l2', 'l3', 'operator', 'none', 'auditor'];

function groupNames(names: Names): Complaint[] {
  return [...names.groups.keys()].flatMap((name) => {
    if (!reserved.includes(name.toLowerCase()) && name !== 'constructor') return [];
    const message = `"${name}" already means something.`;
    const remedy = 'Give the group another name.';
    return [{ path: ['groups', name], onKey: true, message, remedy }];
  });
}

function cycles(names: Names): Complaint[] {
  const done = new Set<string>();
  const complaints: Complaint[] = [];
  const visit = (group: string, trail: readonly string[]) => {
    if (done.has(group)) return;
    for (const [index, member] of (names.groups.get(group) ?? []).entries()) {
      const from = [...trail, group].indexOf(member);
      if (from === -1) visit(member, [...trail, group]);
      else complaints.push(cycle(['groups', group, index], [...trail, group].slice(from), member));
    }
    done.add(group);
  };
  for (const group of names.groups.keys()) visit(group, []);
  return complaints;
}

function cycle(path: Path, round: readonly string[], back: string): Complaint {
  const message = `groups go round in a circle: ${[...round, back].join(' → ')}.`;
  return { path, message, remedy: `Take "${back}" out of "${round.at(-1)}".` };
}

/** Contacts are told from strangers by their own company's domains. */
export function contactFaults(document: Json): Complaint[] {
  return find(document, ['clients', '*']).flatMap((client) => {
    const domains = texts(client.value, 'domains').map((domain) => domain.toLowerCase());
    return find(client.value, ['contacts', '*']).flatMap(({ path, value }) => {
      const email = text(value, 'email');
      const domain = email?.toLowerCase().split('@')[1];
      if (email === undefined || domain === undefined || domains.includes(domain)) return [];
      const name = text(client.value, 'id') ?? 'the client';
      const message = `${email} is not in a domain of ${name}${domains.length > 0 ? ` (${domains.join(', ')})` : ''}.`;
      const remedy = `Add ${domain} to domains of ${name} if it is theirs, or correct the address.`;
      return [{ path: [...client.path, ...path, 'email'], message, remedy }];
    });
  });
}
