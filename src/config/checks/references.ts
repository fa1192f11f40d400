/** Every name that points at a person, a group or a tier points at one that is there and may stand there. */

import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text, valueAt } from '../reading.js';
import { didYouMean } from '../suggest.js';
import { type Names, tiers } from './names.js';

interface Place {
  readonly at: readonly string[];
  /** What the people named here do. An auditor reads and may be told, but never asks or decides. */
  readonly act: 'asks' | 'decides' | 'is told' | 'works' | 'belongs';
}

const places: readonly Place[] = [
  { at: ['operator', 'digest', 'to', '*'], act: 'belongs' },
  { at: ['groups', '*', '*'], act: 'belongs' },
  { at: ['policies', '*', 'approvals', '*', 'from'], act: 'decides' },
  { at: ['policies', '*', 'escalate', 'to'], act: 'is told' },
  { at: ['policies', '*', 'break_glass', 'may', '*'], act: 'asks' },
  { at: ['policies', '*', 'break_glass', 'notify', '*'], act: 'is told' },
  { at: ['clients', '*', 'staff', '*'], act: 'works' },
  { at: ['clients', '*', 'accounts', '*', 'may_request', '*'], act: 'asks' },
];

type Wrong = Pick<Complaint, 'message' | 'remedy'> | undefined;

export function referenceFaults(document: Json, names: Names): Complaint[] {
  return places.flatMap((place) =>
    find(document, place.at).flatMap(({ path, value }) => {
      if (typeof value !== 'string') return [];
      const wrong = wrongReference(value, path, act(place, document, path), document, names);
      return wrong === undefined ? [] : [{ path, ...wrong }];
    }),
  );
}

/** Those whom an escalation empowers decide. */
function act(place: Place, document: Json, path: Path): Place['act'] {
  const escalation = path.at(-2) === 'escalate' ? valueAt(document, path.slice(0, -1)) : undefined;
  return escalation !== undefined && field(escalation, 'may_decide') === true ? 'decides' : place.act;
}

function wrongReference(name: string, path: Path, does: Place['act'], document: Json, names: Names): Wrong {
  if (name.includes('@')) return wrongPerson(name.toLowerCase(), does, names);
  if (name === 'contacts') return wrongContacts(path, does, document, names);
  if (tiers.includes(name) || names.groups.has(name)) return undefined;
  const known = [...new Set(['leads', 'contacts', 'L1', 'L2', 'L3', ...names.groups.keys()])];
  const what = /^l\d+$/i.test(name) ? 'tier' : 'group';
  const remedy = didYouMean(name, known, `Write one of: ${known.join(', ')}, or an e-mail address.`);
  return { message: `there is no ${what} "${name}".`, remedy };
}

function wrongPerson(email: string, does: Place['act'], names: Names): Wrong {
  const member = names.staffByEmail.get(email);
  if (member !== undefined) {
    if (!member.auditor || !['asks', 'decides'].includes(does)) return undefined;
    const message = `${email} is an auditor, and an auditor never asks or decides.`;
    return { message, remedy: 'Name somebody with a tier.' };
  }
  const contact = names.contacts.find((person) => person.email === email);
  if (contact !== undefined) return wrongContact(email, contact.client, does);
  const everybody = [...names.staff, ...names.contacts].map((person) => person.email);
  const remedy = didYouMean(email, everybody, 'Add them under people first.');
  return { message: `there is nobody with the e-mail address "${email}".`, remedy };
}

/** A contact sees their own client and no other, so only `contacts`, which is theirs to answer to, brings them in. */
function wrongContact(email: string, client: string, does: Place['act']): Wrong {
  const message = `${email} is a contact of ${client}, and contacts aren’t named one by one.`;
  const remedy =
    does === 'belongs' || does === 'works' ? 'Name the operator’s own people.' : 'Write "contacts" instead.';
  return { message, remedy };
}

function wrongContacts(path: Path, does: Place['act'], document: Json, names: Names): Wrong {
  if (does === 'decides' && path.at(-2) === 'escalate') {
    const message = 'a client’s contacts stand in for nobody, so they can be told, but not decide.';
    return { message, remedy: 'Name the operator’s own people, or take may_decide out.' };
  }
  if (does === 'belongs' || does === 'works') {
    const message = '"contacts" are another set of people for each client, so they can’t stand here.';
    return { message, remedy: 'Name the operator’s own people.' };
  }
  if (path[0] !== 'clients') return undefined;
  const client = clientOf(path, document);
  if (names.contactsOf.get(client)?.some((contact) => contact.requests)) return undefined;
  const message = `${client} has no contact who may ask.`;
  return { message, remedy: `Give a contact of ${client} requests: true, or take "contacts" out.` };
}

function clientOf(path: Path, document: Json): string {
  return text(valueAt(document, path.slice(0, 2)) ?? null, 'id') ?? '';
}
