/** Clients, their systems and their accounts fit together, and nothing crosses from one client to another. */

import type { Complaint, Json, Path } from '../fault.js';
import { type Found, field, find, text } from '../reading.js';
import { kinds } from '../schema/systems.js';
import { didYouMean } from '../suggest.js';
import type { Names } from './names.js';

export function clientFaults(document: Json, names: Names): Complaint[] {
  const clients = find(document, ['clients', '*']);
  return [
    ...idsTwice(clients, 'client', 'Client ids are told apart everywhere.'),
    ...clients.flatMap((client) => reservedId(client)),
    ...idsTwice(
      find(document, ['clients', '*', 'systems', '*']),
      'system',
      'logins name a system by its id alone.',
    ),
    ...clients.flatMap((client) => {
      const id = text(client.value, 'id') ?? '';
      const accounts = find(client.value, ['accounts', '*']).map(({ path, value }) => ({
        path: [...client.path, ...path],
        value,
      }));
      return [
        ...idsTwice(accounts, 'account', `Account ids of ${id} must differ.`),
        ...accounts.flatMap((account) => accountFaults(account, id, names)),
      ];
    }),
  ];
}

function idsTwice(entries: readonly Found[], noun: string, why: string): Complaint[] {
  const seen = new Set<string>();
  return entries.flatMap(({ path, value }) => {
    const id = text(value, 'id');
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id);
      return [];
    }
    const message = `there are two ${noun}s "${id}".`;
    return [{ path: [...path, 'id'], message, remedy: `Give one of them another id. ${why}` }];
  });
}

/** `of: operator` must mean the operator. */
function reservedId({ path, value }: Found): Complaint[] {
  const id = text(value, 'id');
  if (id !== 'operator' && id !== 'constructor') return [];
  const message = `"${id}" already means something.`;
  return [{ path: [...path, 'id'], message, remedy: 'Give the client another id.' }];
}

function accountFaults({ path, value }: Found, client: string, names: Names): Complaint[] {
  return [
    ...policyOf(path, value, names),
    ...systemOf(path, value, client, names),
    ...deliveries(path, value),
    ...rotation(path, value, names),
    ...custody(path, value, client, names),
  ];
}

function policyOf(path: Path, account: Json, names: Names): Complaint[] {
  const policy = text(account, 'policy');
  if (policy === undefined || names.policies.includes(policy)) return [];
  const known = names.policies;
  const remedy = didYouMean(policy, known, `Write one of: ${known.join(', ')}.`);
  return [{ path: [...path, 'policy'], message: `there is no policy "${policy}".`, remedy }];
}

function systemOf(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const id = text(account, 'system');
  if (id === undefined) return [];
  const at = [...path, 'system'];
  const own = names.systems.filter((system) => system.client === client);
  const found = own.find((system) => system.id === id);
  if (found !== undefined) return wrongType(at, account, found.type);
  const known = own.map((system) => system.id);
  const owner = names.systems.find((system) => system.id === id)?.client;
  if (owner !== undefined) {
    const message = `the system "${id}" belongs to ${owner}, not to ${client}.`;
    return [
      { path: at, message, remedy: `Name a system of ${client}: ${known.join(', ') || 'it has none yet'}.` },
    ];
  }
  const remedy = didYouMean(id, known, `Add it to systems of ${client}.`);
  return [{ path: at, message: `${client} has no system "${id}".`, remedy }];
}

function kindOf(
  account: Json,
): { name: string; system: string | null; deliver: readonly string[] } | undefined {
  const name = text(account, 'kind');
  if (name === undefined || !Object.hasOwn(kinds, name)) return undefined;
  return { name, ...kinds[name as keyof typeof kinds] };
}

function wrongType(path: Path, account: Json, type: string): Complaint[] {
  const kind = kindOf(account);
  if (kind === undefined || kind.system === null || kind.system === type || type === '') return [];
  const message = `kind ${kind.name} lives on a system of type ${kind.system}, and this one is of type ${type}.`;
  return [{ path, message, remedy: 'Name another system, or write kind: password.' }];
}

function deliveries(path: Path, account: Json): Complaint[] {
  const kind = kindOf(account);
  if (kind === undefined) return [];
  const known = ['reveal', 'ssh', 'sql', 'aws-console', 'elevate', 'rdp'];
  return find(account, ['deliver', '*']).flatMap((entry) => {
    const way = String(entry.value);
    if (kind.deliver.includes(way) || !known.includes(way)) return [];
    const message = `an account of kind ${kind.name} can’t be delivered by ${way}.`;
    return [{ path: [...path, ...entry.path], message, remedy: `Write ${kind.deliver.join(' or ')}.` }];
  });
}

/** Nothing can change a password where no connector reaches. */
function rotation(path: Path, account: Json, names: Names): Complaint[] {
  const rotate = field(account, 'rotate');
  if (rotate === undefined) return [];
  const at = [...path, 'rotate'];
  const id = text(account, 'system');
  const type = names.systems.find((system) => system.id === id)?.type;
  if (id === undefined || type === 'manual') {
    const message = 'nothing can change this password by itself, because no connector reaches it.';
    const remedy =
      'Take rotate out, or give the account a system with a connector. Changing it by hand is asked of owner.';
    return [{ path: at, onKey: true, message, remedy }];
  }
  if (field(rotate, 'after_use') === true || field(rotate, 'every') !== undefined) return [];
  if (typeof rotate !== 'object' || rotate === null || Array.isArray(rotate)) return [];
  return [
    { path: at, message: 'this rotates nothing.', remedy: 'Write after_use: true or every: 30d, or both.' },
  ];
}

function custody(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const complaints: Complaint[] = [];
  const owner = text(account, 'owner')?.toLowerCase();
  const staff = names.staff.filter((person) => !person.auditor).map((person) => person.email);
  if (owner?.includes('@') && !staff.includes(owner)) {
    const everybody = [...names.staff, ...names.contacts].map((person) => person.email);
    const otherwise = 'Name one of the operator’s staff, and not an auditor.';
    const remedy = everybody.includes(owner) ? otherwise : didYouMean(owner, staff, otherwise);
    complaints.push({
      path: [...path, 'owner'],
      message: `${owner} is not one of the operator’s staff.`,
      remedy,
    });
  }
  if (text(account, 'totp_held_by') !== 'contacts') return complaints;
  const at = [...path, 'totp_held_by'];
  if (field(account, 'totp') === true) {
    const message = 'the codes are held by Keyturn (totp) or by the contacts, not by both.';
    complaints.push({ path: at, onKey: true, message, remedy: 'Take one of them out.' });
  } else if (!names.contacts.some((contact) => contact.client === client)) {
    const remedy = `Add contacts to ${client}, or take totp_held_by out.`;
    complaints.push({ path: at, message: `${client} has no contacts.`, remedy });
  }
  return complaints;
}
