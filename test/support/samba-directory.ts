/** What the client's own administrators do and see in a domain, over a connection that is none of Keyturn's. */

import { Attribute, Change, Client, type Entry, EqualityFilter } from 'ldapts';
import { LDAPS, type SambaDomain } from './samba.js';

type Attributes = Readonly<Record<string, string | string[]>>;

export interface Directory {
  readonly usersDn: string;
  /** Makes a login that can sign in; `more` are further attributes. Resolves to its distinguished name. */
  makeUser(login: string, password: string, more?: Attributes): Promise<string>;
  /** The same, at a distinguished name of one's own. */
  makeUserAt(dn: string, login: string, password: string): Promise<void>;
  /** Resets it once, as an administrator's tools do. */
  setPassword(dn: string, password: string): Promise<void>;
  makeGroup(name: string): Promise<string>;
  makeOu(name: string): Promise<string>;
  add(dn: string, attributes: Attributes): Promise<void>;
  set(dn: string, attribute: string, ...values: string[]): Promise<void>;
  addMember(group: string, member: string): Promise<void>;
  move(dn: string, to: string): Promise<void>;
  /** The entry of that sAMAccountName, with all its attributes; null where there is none. */
  entry(login: string): Promise<Entry | null>;
  members(group: string): Promise<string[]>;
  /** Given the group's distinguished name or its sAMAccountName. */
  memberOf(login: string, group: string): Promise<boolean>;
  /** `works`, or the `data` code that the bind was refused with. */
  signIn(login: string, password: string): Promise<string>;
  close(): Promise<void>;
}

/** Signs in as the domain's administrator. */
export async function openDirectory(domain: SambaDomain): Promise<Directory> {
  const admin = client(domain);
  await admin.bind(domain.adminDn, domain.adminPassword);
  const usersDn = `CN=Users,${domain.baseDn}`;
  const add = (dn: string, attributes: Attributes) => admin.add(dn, { ...attributes });
  const entry = async (login: string) => {
    const filter = new EqualityFilter({ attribute: 'sAMAccountName', value: login });
    return (await admin.search(domain.baseDn, { filter })).searchEntries[0] ?? null;
  };
  const members = async (group: string) => {
    const found = await admin.search(group, { scope: 'base', attributes: ['member'] });
    return [found.searchEntries[0]?.member ?? []].flat().map(String);
  };
  const setPassword = (dn: string, password: string) =>
    admin.modify(dn, replace('unicodePwd', Buffer.from(`"${password}"`, 'utf16le')));
  const make = async (dn: string, login: string, password: string, more: Attributes) => {
    await add(dn, { objectClass: 'user', sAMAccountName: login, userAccountControl: '514', ...more });
    await setPassword(dn, password);
    await admin.modify(dn, replace('userAccountControl', '512'));
  };
  return {
    usersDn,
    add,
    entry,
    members,
    async makeUser(login, password, more = {}) {
      const dn = `CN=${login},${usersDn}`;
      await make(dn, login, password, more);
      return dn;
    },
    makeUserAt: (dn, login, password) => make(dn, login, password, {}),
    setPassword,
    async makeGroup(name) {
      const dn = `CN=${name},${usersDn}`;
      await add(dn, { objectClass: 'group', sAMAccountName: name });
      return dn;
    },
    async makeOu(name) {
      const dn = `OU=${name},${domain.baseDn}`;
      await add(dn, { objectClass: 'organizationalUnit' });
      return dn;
    },
    set: (dn, attribute, ...values) => admin.modify(dn, replace(attribute, ...values)),
    addMember: (group, member) =>
      admin.modify(group, new Change({ operation: 'add', modification: of('member', [member]) })),
    async memberOf(login, group) {
      const dn = (await entry(login))?.dn;
      const groupDn = group.includes('=') ? group : (await entry(group))?.dn;
      return dn !== undefined && groupDn !== undefined && (await members(groupDn)).includes(dn);
    },
    move: (dn, to) => admin.modifyDN(dn, to),
    async signIn(login, password) {
      const own = client(domain);
      try {
        await own.bind(`${login}@corp.test`, password);
        return 'works';
      } catch (error) {
        const reason = /\bdata ([0-9a-f]+)/.exec(String(error))?.[1];
        if (reason === undefined) throw error;
        return reason;
      } finally {
        await own.unbind();
      }
    },
    close: () => admin.unbind(),
  };
}

function client(domain: SambaDomain): Client {
  return new Client({
    url: `ldaps://${domain.address}:${LDAPS}`,
    timeout: 10_000,
    connectTimeout: 10_000,
    tlsOptions: { ca: domain.ca },
  });
}

function replace(attribute: string, ...values: string[] | Buffer[]): Change {
  return new Change({ operation: 'replace', modification: of(attribute, values) });
}

function of(type: string, values: string[] | Buffer[]): Attribute {
  return new Attribute({ type, values });
}
