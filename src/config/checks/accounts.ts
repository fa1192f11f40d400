/** What an account says of its system, its deliveries and its password fits its kind and its client. */

import { abilitiesOf } from '../../core/abilities.js';
import { parseDuration } from '../duration.js';
import type { Complaint, Json, Path } from '../fault.js';
import { type Found, field, find, text } from '../reading.js';
import { shapes } from '../schema/shapes.js';
import { kinds } from '../schema/systems.js';
import { didYouMean } from '../suggest.js';
import type { Names } from './names.js';

export function accountFaults({ path, value }: Found, client: string, names: Names): Complaint[] {
  return [
    ...policyOf(path, value, names),
    ...systemOf(path, value, client, names),
    ...deliveries(path, value),
    ...rotation(path, value, client, names),
    ...groupName(path, value, client, names),
    ...nobodyToLend(path, value, client, names),
    ...idleLimit(path, value),
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

/** The system of this client that the account names. */
function ownSystem(account: Json, client: string, names: Names) {
  const id = text(account, 'system');
  return names.systemsOf.get(client)?.find((system) => system.id === id);
}

function systemOf(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const id = text(account, 'system');
  if (id === undefined) return [];
  const at = [...path, 'system'];
  const found = ownSystem(account, client, names);
  if (found !== undefined) return wrongType(at, account, found.type);
  const known = (names.systemsOf.get(client) ?? []).map((system) => system.id);
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

function kindOf(account: Json) {
  const name = text(account, 'kind');
  if (name === undefined || !Object.hasOwn(kinds, name)) return undefined;
  const kind = kinds[name];
  return kind && { name, ...kind };
}

function wrongType(path: Path, account: Json, type: string): Complaint[] {
  const kind = kindOf(account);
  if (kind === undefined || kind.systems === null || kind.systems.includes(type) || type === '') return [];
  const message = `kind ${kind.name} lives on a system of type ${kind.systems.join(' or ')}, and this one is of type ${type}.`;
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

/** Nothing can change a password where no connector reaches, or nobody says whose it is. */
function rotation(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const rotate = field(account, 'rotate');
  if (rotate === undefined) return [];
  const at = [...path, 'rotate'];
  const system = ownSystem(account, client, names);
  // A system that isn't there, or of no known type, is told as such.
  const known = text(account, 'system') === undefined || (system !== undefined && system.type !== '');
  if (known && !abilitiesOf(system?.type).rotate) {
    const message = 'nothing can change this password by itself, because no connector reaches it.';
    const remedy =
      'Take rotate out, or give the account a system with a connector. Changing it by hand is asked of owner.';
    return [{ path: at, onKey: true, message, remedy }];
  }
  if (field(account, 'username') === undefined && text(account, 'kind') === 'password') {
    const message = 'nothing says whose password to change.';
    return [{ path: at, onKey: true, message, remedy: 'Add username: the login on the system.' }];
  }
  if (typeof rotate !== 'object' || rotate === null || Array.isArray(rotate)) return [];
  if (Object.keys(rotate).length > 0) return [];
  const remedy = 'Write after_use: true or false, or every: 30d, or both; or take rotate out.';
  return [{ path: at, message: 'this doesn’t say when.', remedy }];
}

/** Names of groups by the target's own rules; a webhook's are its own affair. */
function groupName(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const group = text(account, 'group');
  const type = ownSystem(account, client, names)?.type;
  if (group === undefined) return [];
  const at = [...path, 'group'];
  if (type === 'ssh' && !shapes.unixName.pattern.test(group)) {
    return [{ path: at, message: `this is not ${shapes.unixName.is}.`, remedy: shapes.unixName.write }];
  }
  if (type !== 'postgres' || Buffer.byteLength(group) <= 63) return [];
  return [{ path: at, message: 'this is too long for a role.', remedy: 'Write at most 63 bytes.' }];
}

/** An account's own password changes itself; a group takes somebody else to change it. */
function nobodyToLend(path: Path, account: Json, client: string, names: Names): Complaint[] {
  const system = ownSystem(account, client, names);
  if (system?.type !== 'ssh' || system.user || text(account, 'kind') !== 'ssh-group') return [];
  const message = `nobody is there to change groups: ${system.id} has no user whom Keyturn signs in as.`;
  return [{ path: [...path, 'system'], message, remedy: 'Add user and secret: vault to the system.' }];
}

const shortestIdle = 60;
const longestIdle = 12 * 3600;

/** An open session opens others without a new proof: it may not lie about for a day. */
function idleLimit(path: Path, account: Json): Complaint[] {
  const limit = parseDuration(text(account, 'idle_limit'));
  if (limit === undefined || (limit >= shortestIdle && limit <= longestIdle)) return [];
  const message = `this is too ${limit < shortestIdle ? 'short' : 'long'}.`;
  return [{ path: [...path, 'idle_limit'], message, remedy: 'Write a time from 1m to 12h.' }];
}

function custody(path: Path, account: Json, client: string, names: Names): Complaint[] {
  return [...ownerOf(path, account, names), ...codes(path, account, client, names)];
}

function ownerOf(path: Path, account: Json, names: Names): Complaint[] {
  const owner = text(account, 'owner')?.toLowerCase();
  if (!owner?.includes('@') || names.staffByEmail.get(owner)?.auditor === false) return [];
  const staff = names.staff.filter((person) => !person.auditor).map((person) => person.email);
  const everybody = [...names.staff, ...names.contacts].map((person) => person.email);
  const otherwise = 'Name one of the operator’s staff, and not an auditor.';
  const remedy = everybody.includes(owner) ? otherwise : didYouMean(owner, staff, otherwise);
  return [{ path: [...path, 'owner'], message: `${owner} is not one of the operator’s staff.`, remedy }];
}

function codes(path: Path, account: Json, client: string, names: Names): Complaint[] {
  if (text(account, 'totp_held_by') !== 'contacts') return [];
  const at = [...path, 'totp_held_by'];
  if (field(account, 'totp') === true) {
    const message = 'the codes are held by Keyturn (totp) or by the contacts, not by both.';
    return [{ path: at, onKey: true, message, remedy: 'Take one of them out.' }];
  }
  if (names.contactsOf.has(client)) return [];
  const remedy = `Add contacts to ${client}, or take totp_held_by out.`;
  return [{ path: at, message: `${client} has no contacts.`, remedy }];
}
