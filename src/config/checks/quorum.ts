/** Approval steps that can't be met, however willing everybody is. Two approvals are two people, across steps too. */

import type { Complaint, Json, Path } from '../fault.js';
import { field, find, text, texts } from '../reading.js';
import { type ContactEntry, type Names, staffBehind } from './names.js';

interface Step {
  readonly path: Path;
  readonly from: string;
  readonly need: number;
}

/**
 * Faults of approval steps. `sound` says whether a part of the document is free of other faults: a
 * missing person is reported once, not again as every step that counted on them.
 */
export function quorumFaults(document: Json, names: Names, sound: (path: Path) => boolean): Complaint[] {
  if (!sound(['people']) || !sound(['groups'])) return [];
  const policies = find(document, ['policies', '*']).filter(({ path }) => sound([...path, 'approvals']));
  const steps = new Map(policies.map(({ path, value }) => [String(path.at(-1)), stepsOf(path, value)]));
  const broken = new Map([...steps].map(([id, list]) => [id, staffFaults(id, list, names)]));
  const glass = new Set(find(document, ['policies', '*', 'break_glass']).map(({ path }) => String(path[1])));
  const accounts = find(document, ['clients', '*']).flatMap((client) => {
    if (!sound([...client.path, 'contacts']) || !sound([...client.path, 'staff'])) return [];
    const clientId = text(client.value, 'id') ?? '';
    const works = staffOf(client.value, names);
    return find(client.value, ['accounts', '*']).flatMap((account) => {
      const path = [...client.path, ...account.path];
      const id = text(account.value, 'policy') ?? '';
      if (!sound([...path, 'may_request']) || (broken.get(id)?.length ?? 0) > 0) return [];
      const policy = { id, steps: steps.get(id) ?? [], breakGlass: glass.has(id) };
      return accountFaults(path, account.value, clientId, works, policy, names);
    });
  });
  return [...[...broken.values()].flat(), ...accounts];
}

function stepsOf(path: Path, policy: Json): Step[] {
  return find(policy, ['approvals', '*']).flatMap((step) => {
    const from = text(step.value, 'from');
    const need = field(step.value, 'need');
    if (from === undefined || typeof need !== 'number') return [];
    return [{ path: [...path, ...step.path], from, need }];
  });
}

/** What is wrong with the operator's own steps, whichever client's account the policy is used for. */
function staffFaults(policy: string, steps: readonly Step[], names: Names): Complaint[] {
  const ours = steps.filter((step) => step.from !== 'contacts');
  const short = ours.flatMap((step) => {
    const count = staffBehind(step.from, names).size;
    if (count >= step.need) return [];
    const message = `this needs ${step.need} of ${step.from}, where ${people(count)}; auditors don’t count.`;
    const remedy = `Add people to ${step.from}, or ask for fewer.`;
    return [{ path: [...step.path, 'need'], message, remedy }];
  });
  const candidates = (step: Step) => staffBehind(step.from, names);
  const few = short.length > 0 ? undefined : shortage(ours, candidates);
  if (few === undefined) return short;
  const message = `${few.length + 1} approvals would have to come from ${few.length === 1 ? 'one person' : `${few.length} people`}: ${few.join(', ')}.`;
  const remedy = 'Add people to the groups, or ask for fewer: nobody counts twice.';
  return [{ path: ['policies', policy, 'approvals'], message, remedy }];
}

function people(count: number): string {
  if (count === 0) return 'there is nobody';
  return count === 1 ? 'there is 1 person' : `there are ${count} people`;
}

function accountFaults(
  path: Path,
  account: Json,
  id: string,
  works: ReadonlySet<string> | null,
  policy: { readonly id: string; readonly steps: readonly Step[]; readonly breakGlass: boolean },
  names: Names,
): Complaint[] {
  const contacts = names.contactsOf.get(id) ?? [];
  const approving = contacts.filter((contact) => contact.approves).map((contact) => contact.email);
  const need = policy.steps.reduce((sum, step) => sum + (step.from === 'contacts' ? step.need : 0), 0);
  if (need > approving.length) {
    const message = `${policy.id} needs ${need} of contacts, and ${id} has ${approving.length || 'none'} who approve${approving.length === 1 ? 's' : ''}.`;
    const remedy = `Give a contact of ${id} approves: true, or write another policy.`;
    return [{ path: [...path, 'policy'], message, remedy }];
  }
  const candidates = (step: Step) =>
    step.from === 'contacts' ? new Set(approving) : staffBehind(step.from, names);
  // Whoever asks never approves: the account must be within reach of at least one of them, if only by break-glass.
  if (policy.breakGlass) return [];
  let anybody = false;
  for (const who of requesters(account, works, contacts, names)) {
    if (shortage(policy.steps, candidates, who) === undefined) return [];
    anybody = true;
  }
  if (!anybody) return [];
  const message = `whoever of may_request asks, ${policy.id} can’t be met without them.`;
  const remedy = 'Let others ask, add people who approve, or write another policy.';
  return [{ path: [...path, 'may_request'], message, remedy }];
}

/** Whose work a client is; null: everybody's. */
export function staffOf(client: Json, names: Names): ReadonlySet<string> | null {
  const listed = texts(client, 'staff');
  return listed.length === 0 ? null : new Set(listed.flatMap((name) => [...staffBehind(name, names)]));
}

/** Whoever may ask, one after the other: mostly the first is enough. */
function* requesters(
  account: Json,
  works: ReadonlySet<string> | null,
  contacts: readonly ContactEntry[],
  names: Names,
): Generator<string> {
  for (const reference of texts(account, 'may_request')) {
    for (const who of staffBehind(reference, names)) if (works === null || works.has(who)) yield who;
    if (reference !== 'contacts') continue;
    for (const { email, requests } of contacts) if (requests) yield email;
  }
}

/**
 * Seats distinct people in every place of every step, by augmenting paths. Undefined when all are
 * seated; otherwise the people for whom one place too many competes.
 */
function shortage(
  steps: readonly Step[],
  candidates: (step: Step) => ReadonlySet<string>,
  without?: string,
): string[] | undefined {
  const places = steps.flatMap((step) => {
    const willing = [...candidates(step)].filter((who) => who !== without);
    return Array.from({ length: step.need }, () => willing);
  });
  const seats = new Map<string, number>();
  const seat = (place: number, tried: Set<string>): boolean => {
    for (const who of places[place] ?? []) {
      if (tried.has(who)) continue;
      tried.add(who);
      const sitting = seats.get(who);
      if (sitting !== undefined && !seat(sitting, tried)) continue;
      seats.set(who, place);
      return true;
    }
    return false;
  };
  for (const place of places.keys()) {
    const tried = new Set<string>();
    if (!seat(place, tried)) return [...tried];
  }
  return undefined;
}
