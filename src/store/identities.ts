/** Who a chat account is: pinned by id, never by e-mail. */

import type { ChatIdentity, Person, PersonId } from '../core/people.js';
import type { Database } from './driver.js';

/** A chat account, and whether a factor of its person has completed the link. */
export type KnownIdentity = ChatIdentity & { readonly proven: boolean };

const BY_CHAT = {
  name: 'person_of',
  text: `select i.person, i.proven_at is not null as proven from keyturn.identities i join keyturn.people p on p.id = i.person and p.state = 'here'
    where i.platform = $1 and i.workspace = $2 and i.user_id = $3 and i.ended_at is null`,
};

/** The person to whom this chat account is pinned; null where nobody is, or where they have left. */
export async function personOf(
  database: Database,
  identity: ChatIdentity,
): Promise<{ readonly person: PersonId; readonly proven: boolean } | null> {
  const { platform, workspace, userId } = identity;
  const [row] = await database.run<{ person: PersonId; proven: boolean }>(BY_CHAT, [
    platform,
    workspace,
    userId,
  ]);
  return row ?? null;
}

const OF_PERSON = {
  name: 'identities_of',
  text: `select platform, workspace, user_id as "userId", proven_at is not null as proven from keyturn.identities
    where person = $1 and ended_at is null order by id`,
};

/** The chats in which this person can be reached. */
export async function identitiesOf(database: Database, person: PersonId): Promise<KnownIdentity[]> {
  return database.run<KnownIdentity>(OF_PERSON, [person]);
}

const OF_PEOPLE = {
  name: 'identities_of_people',
  text: `select person, platform, workspace, user_id as "userId", proven_at is not null as proven from keyturn.identities
    where person = any($1::text[]) and ended_at is null order by id`,
};

/** The same for several people at once, by person; who has none is left out. */
export async function identitiesOfPeople(
  database: Database,
  people: readonly PersonId[],
): Promise<Map<PersonId, KnownIdentity[]>> {
  return byPerson(await database.run<Linked>(OF_PEOPLE, [people]));
}

type Linked = KnownIdentity & { readonly person: PersonId };

function byPerson(rows: readonly Linked[]): Map<PersonId, KnownIdentity[]> {
  const found = new Map<PersonId, KnownIdentity[]>();
  for (const { person, ...identity } of rows) found.set(person, [...(found.get(person) ?? []), identity]);
  return found;
}

/** Everybody's identities at once, by person. */
export async function allIdentities(database: Database): Promise<Map<PersonId, KnownIdentity[]>> {
  const text = `select person, platform, workspace, user_id as "userId", proven_at is not null as proven from keyturn.identities where ended_at is null`;
  return byPerson(await database.run<Linked>({ name: 'all_identities', text }, []));
}

/** Those who are configured and whom no chat knows yet. */
export function unlinked(
  people: readonly Person[],
  linked: ReadonlyMap<PersonId, KnownIdentity[]>,
): Person[] {
  return people.filter((p) => p.role !== 'auditor' && !linked.has(p.id));
}
