/** Clients, their systems and their accounts fit together, and nothing crosses from one client to another. */

import type { Complaint, Json } from '../fault.js';
import { type Found, find, text } from '../reading.js';
import { accountFaults } from './accounts.js';
import type { Names } from './names.js';
import { systemFaults } from './systems.js';

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
    ...systemFaults(document),
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
