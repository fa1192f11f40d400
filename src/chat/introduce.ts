/** Who a chat account is, and where a person can be reached: looked up by id, linked at first contact. */

import { type ChatProfile, identify, unlink } from '../core/identify.js';
import type { ChatIdentity, Person, PersonId } from '../core/people.js';
import type { Refusal } from '../core/refusals.js';
import type { Database } from '../store/driver.js';
import { identitiesOf, identitiesOfPeople, type KnownIdentity, personOf } from '../store/identities.js';
import type { StorePorts } from '../store/store.js';
import { type Chat, TryLater } from './chat.js';

export interface Introductions {
  /**
   * The person behind a chat account. At first contact the platform is asked who it
   * is, and a full member of a fitting workspace is met by confirmed e-mail. Where factors
   * are configured, that is enough to be written to, and a factor of the person completes it.
   */
  personOf(
    identity: ChatIdentity,
    loadProfile: () => Promise<ChatProfile>,
  ): Promise<Introduced | { readonly refused: Refusal }>;
  /** The platform says that this account is no full member any more: its link ends. */
  forget(identity: ChatIdentity, standing: ChatProfile['standing']): Promise<void>;
  /** Where people can be written to, by person; somebody not yet linked is looked for in their own workspaces. */
  reach(people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, readonly KnownIdentity[]>>;
}

/** Who an identity speaks for: the one it is pinned to, or, at first contact, whom the profile says. */
export type PersonOf = Introductions['personOf'];

export interface Introduced {
  readonly person: PersonId;
  /** Only an e-mail address vouches for it yet. */
  readonly met?: true;
}

/** A workspace that can't be asked (a scope is missing, say) must not hold up everybody else's cards. */
function absentUnlessLater(error: unknown): null {
  if (error instanceof TryLater) throw error;
  return null;
}

/** Somebody whom a workspace doesn't have is not looked for again for this long. */
const ABSENT_MS = 5 * 60_000;
const ATTEMPTS = 5;

export function introductions(
  database: Database,
  ports: StorePorts,
  chats: () => readonly Chat[],
): Introductions {
  const absentUntil = new Map<string, number>();

  function vouched({ person, proven }: { person: PersonId; proven: boolean }): Introduced {
    return proven || ports.facts.offers.factors.length === 0 ? { person } : { person, met: true };
  }

  async function link(profile: ChatProfile): Promise<Introduced | { refused: Refusal }> {
    for (let n = 0; n < ATTEMPTS; n++) {
      const facts = await ports.facts.facts();
      const person = profile.email === null ? undefined : facts.directory.byEmail(profile.email);
      const pinned = person ? await identitiesOf(database, person.id) : [];
      const judged = identify(facts, profile, () => pinned.find((i) => i.workspace === profile.workspace));
      if (!('change' in judged) || !judged.change)
        return { refused: (judged as { refused: Refusal }).refused };
      if ((await ports.store.commit(judged.change)) === 'done')
        return vouched({ person: (judged.person as Person).id, proven: false });
      const linked = await personOf(database, profile);
      if (linked) return vouched(linked);
    }
    return { refused: { code: 'busy' } };
  }

  async function lookFor(person: Person): Promise<KnownIdentity[]> {
    const home = person.kind === 'staff' ? 'operator' : person.client;
    const places = chats().flatMap((chat) => chat.workspaces.map((workspace) => ({ chat, workspace })));
    const found: ChatIdentity[] = [];
    for (const { chat, workspace } of places.filter((p) => p.workspace.of === home)) {
      const key = `${person.id} ${workspace.id}`;
      if ((absentUntil.get(key) ?? 0) > performance.now()) continue;
      const profile = await chat.find(workspace.id, person.email).catch(absentUnlessLater);
      const linked = profile && (await link(profile));
      if (profile && linked && 'person' in linked && linked.person === person.id) found.push(profile);
      else absentUntil.set(key, performance.now() + ABSENT_MS);
    }
    return found.map(({ platform, workspace, userId }) => ({ platform, workspace, userId, proven: false }));
  }

  return {
    personOf: async (identity, loadProfile) => {
      const known = await personOf(database, identity);
      return known ? vouched(known) : link(await loadProfile());
    },
    forget: async (identity, standing) => {
      for (let n = 0; n < ATTEMPTS; n++) {
        const known = await personOf(database, identity);
        if (known === null) return;
        const change = unlink(await ports.facts.facts(), identity, known.person, standing);
        if ((await ports.store.commit(change)) === 'done') return;
      }
      throw new Error('the link of a chat account could not be ended');
    },
    reach: async (people) => {
      const reached = await identitiesOfPeople(database, people);
      const missing = people.filter((id) => !reached.has(id));
      if (missing.length === 0) return reached;
      const { directory } = await ports.facts.facts();
      for (const id of missing) {
        const person = directory.person(id);
        if (person) reached.set(id, await lookFor(person));
      }
      return reached;
    },
  };
}
