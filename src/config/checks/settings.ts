/** The operator's clock, whose chat is whose, and the order of the factors. */

import type { Complaint, Json } from '../fault.js';
import { field, find, text, texts } from '../reading.js';
import { didYouMean } from '../suggest.js';
import type { Names } from './names.js';

export function settingFaults(document: Json, names: Names): Complaint[] {
  return [...timezone(document), ...chats(document, names), ...factorOrder(document)];
}

function timezone(document: Json): Complaint[] {
  return find(document, ['operator', 'timezone']).flatMap(({ path, value }) => {
    if (typeof value !== 'string' || isTimezone(value)) return [];
    const known = Intl.supportedValuesOf('timeZone');
    const remedy = didYouMean(value, known, 'Write an IANA name such as America/Chicago or Europe/Berlin.');
    return [{ path, message: `there is no time zone "${value}".`, remedy }];
  });
}

/** Offsets such as +02:00 are left out: they don't follow summer time, and the digest would drift. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function chats(document: Json, names: Names): Complaint[] {
  return [
    ...find(document, ['chat', '*', '*', 'of']).flatMap(({ path, value }) => {
      const known = ['operator', ...names.clients.map((client) => client.id)];
      if (typeof value !== 'string' || known.includes(value)) return [];
      const remedy = didYouMean(value, known, 'Write operator, or the id of a client.');
      return [{ path, message: `there is no client "${value}".`, remedy }];
    }),
    ...strayChannels(document),
    ...doubled(document, ['chat', 'slack', '*'], 'team'),
    ...doubled(document, ['chat', 'teams', '*'], 'tenant'),
  ];
}

/** Cards of every client stand in these channels, so a client's own chat has none. */
function strayChannels(document: Json): Complaint[] {
  return find(document, ['chat', '*', '*']).flatMap(({ path, value }) => {
    const of = text(value, 'of');
    if (of === undefined || of === 'operator') return [];
    return ['requests_channel', 'alerts_channel'].flatMap((key) => {
      if (text(value, key) === undefined) return [];
      const message = `the cards of every client stand in the ${key}, so ${of}’s own chat can’t have it.`;
      return [
        { path: [...path, key], message, remedy: 'Take it out here; only the operator’s chats have one.' },
      ];
    });
  });
}

/** One workspace belongs to one of them: twice, and it would vouch for two. */
function doubled(document: Json, pattern: readonly string[], key: string): Complaint[] {
  const seen = new Set<string>();
  return find(document, pattern).flatMap(({ path, value }) => {
    const id = text(value, key)?.toLowerCase();
    if (id === undefined || !seen.has(id)) {
      if (id !== undefined) seen.add(id);
      return [];
    }
    const message = `this ${key} is here twice.`;
    return [{ path: [...path, key], message, remedy: 'Keep one entry for each.' }];
  });
}

function factorOrder(document: Json): Complaint[] {
  const mfa = field(document, 'mfa');
  if (mfa === undefined || !Array.isArray(field(mfa, 'order'))) return [];
  const order = texts(mfa, 'order');
  const configurable = ['duo_push', 'duo_universal'];
  return [
    ...order.flatMap((name, index) => {
      if (!configurable.includes(name) || field(mfa, name) !== undefined) return [];
      const remedy = `Add mfa.${name}, or take ${name} out of order.`;
      return [{ path: ['mfa', 'order', index], message: `${name} has no settings.`, remedy }];
    }),
    ...configurable.flatMap((name) => {
      if (field(mfa, name) === undefined || order.includes(name)) return [];
      const message = `${name} has settings, but order never comes to it.`;
      return [{ path: ['mfa', name], onKey: true, message, remedy: `Add ${name} to order.` }];
    }),
  ];
}
