/** Logins and groups in the directory: found by exact name, their attributes read. */

import { AndFilter, Attribute, Change, type Entry, EqualityFilter, OrFilter } from 'ldapts';
import { TargetError } from '../connector.js';
import type { Session } from './session.js';
import { dnsNameOf } from './settings.js';

/** ACCOUNTDISABLE and NORMAL_ACCOUNT of userAccountControl: MS-ADTS 2.2.16. */
export const DISABLED = 0x2;
export const NORMAL = 0x200;

export interface User {
  readonly dn: string;
  /** sAMAccountName, as the domain spells it. */
  readonly name: string;
  readonly control: number;
  readonly description: string;
  readonly locked: boolean;
  readonly passwordSetAt: Date | null;
  readonly expiresAt: Date | null;
  readonly spns: readonly string[];
  /** The password policy of its own that holds for it; null where the domain's does, or where that may not be read. */
  readonly policyDn: string | null;
}

const ATTRIBUTES = [
  'sAMAccountName',
  'userPrincipalName',
  'userAccountControl',
  'description',
  'lockoutTime',
  'pwdLastSet',
  'accountExpires',
  'servicePrincipalName',
  'msDS-ResultantPSO',
];

const PERSON = [
  new EqualityFilter({ attribute: 'objectCategory', value: 'person' }),
  new EqualityFilter({ attribute: 'objectClass', value: 'user' }),
];

/** The login of that name; null where there is none. `Administrator`, `ACME\Administrator` or `lena@acme.example`. */
export async function findUser(session: Session, login: string): Promise<User | null> {
  const name = login.replace(/^[^\\]*\\/, '');
  const [local, at] = splitAt(name);
  const short = at === null || at === dnsNameOf(session.domain.baseDn) ? local : null;
  const names = [
    new EqualityFilter({ attribute: 'userPrincipalName', value: name }),
    ...(short === null ? [] : [new EqualityFilter({ attribute: 'sAMAccountName', value: short })]),
  ];
  const found = await session.find(
    session.domain.baseDn,
    new AndFilter({ filters: [...PERSON, new OrFilter({ filters: names })] }),
    ATTRIBUTES,
  );
  // The directory takes é for e; a login is whom its name says, to the letter.
  const exact = (attribute: string, value: string | null) =>
    found.find((entry) => value !== null && same(text(entry, attribute), value));
  const entry = at === null ? exact('sAMAccountName', short) : exact('userPrincipalName', name);
  const chosen = entry ?? exact('sAMAccountName', short);
  return chosen ? userOf(chosen) : null;
}

/** @throws TargetError `missing` */
export async function needUser(session: Session, login: string): Promise<User> {
  const user = await findUser(session, login);
  if (user) return user;
  throw new TargetError(
    'missing',
    `${session.domain.name} has no login ${login}. Check the name, and that Keyturn may read it.`,
  );
}

/** The distinguished name of a group, given that or its sAMAccountName; null where there is none. */
export async function findGroup(session: Session, group: string): Promise<string | null> {
  const isGroup = new EqualityFilter({ attribute: 'objectClass', value: 'group' });
  if (group.includes('=')) return (await session.read(group, ['cn'], isGroup))?.dn ?? null;
  const named = new EqualityFilter({ attribute: 'sAMAccountName', value: group });
  const found = await session.find(session.domain.baseDn, new AndFilter({ filters: [isGroup, named] }), [
    'sAMAccountName',
  ]);
  return found.find((entry) => same(text(entry, 'sAMAccountName'), group))?.dn ?? null;
}

/** @throws TargetError `missing` */
export async function needGroup(session: Session, group: string): Promise<string> {
  const dn = await findGroup(session, group);
  if (dn !== null) return dn;
  throw new TargetError('missing', `${session.domain.name} has no group ${group}. Check the name.`);
}

/** Those that are people’s or services’ logins and match. */
export async function findUsers(
  session: Session,
  filter: EqualityFilter | AndFilter,
): Promise<readonly User[]> {
  const all = new AndFilter({ filters: [...PERSON, filter] });
  return (await session.find(session.domain.baseDn, all, ATTRIBUTES)).map(userOf);
}

export function change(
  operation: 'add' | 'delete' | 'replace',
  type: string,
  value: string | Buffer,
): Change {
  return new Change({ operation, modification: attribute(type, value) });
}

export function attribute(type: string, value: string | Buffer): Attribute {
  return new Attribute({ type, values: typeof value === 'string' ? [value] : [value] });
}

/** A directory’s time (FILETIME): tenths of microseconds since 1601, UTC. */
export function fileTime(at: Date): string {
  return String((BigInt(at.getTime()) + SINCE_1601_MS) * 10_000n);
}

const SINCE_1601_MS = 11_644_473_600_000n;
const NEVER = 0x7fff_ffff_ffff_ffffn;

function dateOf(fileTime: string): Date | null {
  const value = /^\d+$/.test(fileTime) ? BigInt(fileTime) : 0n;
  return value === 0n || value >= NEVER ? null : new Date(Number(value / 10_000n - SINCE_1601_MS));
}

function userOf(entry: Entry): User {
  return {
    dn: entry.dn,
    name: text(entry, 'sAMAccountName'),
    control: Number(text(entry, 'userAccountControl')),
    description: text(entry, 'description'),
    locked: dateOf(text(entry, 'lockoutTime')) !== null,
    passwordSetAt: dateOf(text(entry, 'pwdLastSet')),
    expiresAt: dateOf(text(entry, 'accountExpires')),
    spns: texts(entry, 'servicePrincipalName'),
    policyDn: text(entry, 'msDS-ResultantPSO') || null,
  };
}

/** The values of an attribute, none where it is absent. */
export function texts(entry: Entry, attribute: string): string[] {
  const value = entry[attribute] ?? [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

export function text(entry: Entry, attribute: string): string {
  return texts(entry, attribute)[0] ?? '';
}

function same(one: string, other: string): boolean {
  return one !== '' && one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}

function splitAt(name: string): [string, string | null] {
  const at = name.lastIndexOf('@');
  return at === -1 ? [name, null] : [name.slice(0, at), name.slice(at + 1).toLowerCase()];
}
