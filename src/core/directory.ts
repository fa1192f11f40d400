/** Everything that changes only by `apply` or a sweep, as one immutable snapshot with its version. */

import type { Account, Client, System } from './accounts.js';
import type { Person, PersonId } from './people.js';
import type { Policy } from './policy.js';

/** What a configuration declares: people by e-mail, because ids are the database's to give. */
export interface DeclaredDirectory {
  readonly people: readonly Omit<Person, 'id'>[];
  /** Group name to its members: e-mails, tiers, or names of other groups. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly policies: readonly Omit<Policy, 'version'>[];
  readonly clients: readonly Client[];
  readonly systems: readonly System[];
  readonly accounts: readonly Account[];
}

/** When and to whom the digest is sent: `08:00` on the operator's clock; groups, tiers or e-mails. */
export interface DigestSettings {
  readonly at: string;
  readonly to: readonly string[];
}

/** What holds where a configuration was applied before it could say. */
const DIGEST: DigestSettings = { at: '08:00', to: ['leads'] };

/** The stored rows that a directory is made of. Only people who are still here. */
export interface DirectoryRows {
  readonly version: number;
  readonly timezone: string;
  readonly operator: string;
  readonly digest?: DigestSettings | undefined;
  readonly people: readonly Person[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly policies: readonly Policy[];
  readonly clients: readonly Client[];
  readonly accounts: readonly Account[];
  readonly systems?: readonly System[];
  readonly former?: readonly FormerPerson[];
}

/** Somebody who isn't here any more: named in what is on record, and meant by nothing else. */
export interface FormerPerson {
  readonly id: PersonId;
  readonly email: string;
  readonly name: string;
  /** Whose their accounts and tasks are, where they were offboarded. */
  readonly heir: PersonId | null;
}

/**
 * Who belongs where. Every answer holds for one version of the directory; a
 * commit that was judged on another version is refused by the database.
 */
export class Directory {
  readonly version: number;
  readonly timezone: string;
  readonly operator: string;
  readonly digest: DigestSettings;
  readonly people: readonly Person[];
  readonly clients: readonly Client[];
  readonly accounts: readonly Account[];
  readonly systems: readonly System[];
  readonly #groups: Readonly<Record<string, readonly string[]>>;
  readonly #byId: ReadonlyMap<PersonId, Person>;
  readonly #byEmail: ReadonlyMap<string, Person>;
  readonly #clients: ReadonlyMap<string, Client>;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #policies: ReadonlyMap<string, Policy>;
  readonly #systems: ReadonlyMap<string, System>;
  readonly former: readonly FormerPerson[];
  readonly #rows: DirectoryRows;

  constructor(rows: DirectoryRows) {
    this.#rows = rows;
    this.version = rows.version;
    this.timezone = rows.timezone;
    this.operator = rows.operator;
    this.digest = rows.digest ?? DIGEST;
    this.people = rows.people;
    this.clients = rows.clients;
    this.accounts = rows.accounts;
    this.systems = rows.systems ?? [];
    this.#groups = rows.groups;
    this.#byId = new Map(rows.people.map((p) => [p.id, p]));
    this.#byEmail = new Map(rows.people.map((p) => [p.email.toLowerCase(), p]));
    this.#clients = new Map(rows.clients.map((c) => [c.id, c]));
    this.#accounts = new Map(rows.accounts.map((a) => [`${a.client}/${a.id}`, a]));
    this.#policies = new Map(rows.policies.map((p) => [p.id, p]));
    this.#systems = new Map(this.systems.map((s) => [`${s.client}/${s.id}`, s]));
    this.former = rows.former ?? [];
  }

  person(id: PersonId): Person | undefined {
    return this.#byId.get(id);
  }

  byEmail(email: string): Person | undefined {
    return this.#byEmail.get(email.trim().toLowerCase());
  }

  client(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  account(client: string, id: string): Account | undefined {
    return this.#accounts.get(`${client}/${id}`);
  }

  /** A system of this client; undefined where the account names none. */
  system(client: string, id: string | undefined): System | undefined {
    return id === undefined ? undefined : this.#systems.get(`${client}/${id}`);
  }

  policy(id: string): Policy | undefined {
    return this.#policies.get(id);
  }

  /** A person's name for a card; of somebody who has left, it says so. */
  nameOf(id: PersonId | null): string {
    if (id === null) return 'Keyturn';
    const former = this.former.find((p) => p.id === id);
    return this.#byId.get(id)?.name ?? (former ? `${former.name} (left)` : 'somebody who has left');
  }

  /** Whose an account is that names this owner: theirs, or whoever took over from them; undefined where nobody is left. */
  owner(email: string | undefined): Person | undefined {
    if (email === undefined) return undefined;
    let who: Person | undefined = this.byEmail(email);
    let former = this.former.find((p) => p.email.toLowerCase() === email.toLowerCase());
    for (const seen = new Set<PersonId>(); !who && former?.heir && !seen.has(former.id); ) {
      const { id, heir }: FormerPerson = former;
      seen.add(id);
      who = this.#byId.get(heir as PersonId);
      former = this.former.find((p) => p.id === heir);
    }
    return who;
  }

  /** The directory as it is once this person is a tombstone, with their accounts in somebody else's hands. */
  without(person: PersonId, heir: PersonId | null): Directory {
    const leaver = this.person(person) ?? this.former.find((p) => p.id === person);
    if (!leaver) return this;
    const { id, email, name } = leaver;
    return new Directory({
      ...this.#rows,
      people: this.people.filter((p) => p.id !== person),
      former: [...this.former.filter((p) => p.id !== person), { id, email, name, heir }],
    });
  }

  /** The groups that mean this staff member, by name. */
  groupsOf(person: Person): string[] {
    return Object.keys(this.#groups).filter((group) => this.isMeantBy(person, group));
  }

  /** Whether staff member `person` is meant by `name`: an e-mail, a tier, `leads` or a group. Auditors never are. */
  isMeantBy(person: Person, name: string, seen: readonly string[] = []): boolean {
    if (person.kind !== 'staff' || person.role === 'auditor' || seen.includes(name)) return false;
    if (name === person.tier || (name === 'leads' && person.tier === 'lead')) return true;
    if (name.includes('@')) return name.toLowerCase() === person.email.toLowerCase();
    const members = Object.hasOwn(this.#groups, name) ? this.#groups[name] : undefined;
    return members?.some((member) => this.isMeantBy(person, member, [...seen, name])) ?? false;
  }

  /**
   * Everybody who may decide in a step `from` at this client. `contacts` are the
   * client's own people who approve, never another client's.
   */
  approvers(from: string, client: string): Person[] {
    if (from === 'contacts') {
      return this.people.filter((p) => p.kind === 'contact' && p.client === client && p.approves === true);
    }
    return this.people.filter((p) => this.isMeantBy(p, from));
  }

  /** Whether this client is this person's work: its own contacts, and the staff it names (all staff where it names none). */
  serves(person: Person, client: Client): boolean {
    if (person.role === 'auditor') return false;
    if (person.kind === 'contact') return person.client === client.id;
    return client.staff.length === 0 || client.staff.some((name) => this.isMeantBy(person, name));
  }

  /** Whether this person may ask for this account at all; says nothing of whether it can be lent now. */
  mayAsk(person: Person, account: Account): boolean {
    const client = this.client(account.client);
    if (client === undefined || !this.serves(person, client)) return false;
    if (person.kind === 'contact') return person.requests === true && account.mayRequest.includes('contacts');
    return account.mayRequest.some((name) => this.isMeantBy(person, name));
  }

  /** The leads, in the order in which the configuration names them. */
  leads(): Person[] {
    return this.people.filter((p) => p.kind === 'staff' && p.tier === 'lead');
  }

  isLead(id: PersonId): boolean {
    return this.person(id)?.tier === 'lead';
  }
}
