/** Who a chat account is, and where a person can be reached: looked up by id, linked at first contact. */

import { KEYTURN } from '../core/audit.js';
import { type ChatProfile, identify, unlink } from '../core/identify.js';
import type { ChatIdentity, Person, PersonId } from '../core/people.js';
import { perform } from '../core/perform.js';
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
  /**
   * The platform says that this account is no full member any more: its link ends. One that is deactivated means that
   * its person has left, and their access ends with it.
   */
  forget(identity: ChatIdentity, standing: ChatProfile['standing']): Promise<void>;
  /** Where people can be written to; each is looked for in every workspace of theirs that doesn't know them yet. */
  reach(people: readonly PersonId[]): Promise<Reached>;
}

export interface Reached {
  readonly of: ReadonlyMap<PersonId, readonly KnownIdentity[]>;
  /** A workspace that might know more of them can't be asked now; the others are not held up by it. */
  readonly later: TryLater | null;
}

/** Who an identity speaks for: the one it is pinned to, or, at first contact, whom the profile says. */
export type PersonOf = Introductions['personOf'];

export interface Introduced {
  readonly person: PersonId;
  /** Only an e-mail address vouches for it yet. */
  readonly met?: true;
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

  async function lookFor(person: Person, known: readonly KnownIdentity[]): Promise<Looked> {
    const home = person.kind === 'staff' ? 'operator' : person.client;
    const places = chats().flatMap((chat) => chat.workspaces.map((workspace) => ({ chat, workspace })));
    const strange = places.filter(
      ({ workspace: { of, platform, id } }) =>
        of === home && !known.some((k) => k.platform === platform && k.workspace === id),
    );
    const looked = await Promise.all(
      strange.map(({ chat, workspace }) => lookIn(chat, workspace.id, person)),
    );
    return {
      found: looked.flatMap(({ found }) => found),
      later: looked.find(({ later }) => later !== null)?.later ?? null,
    };
  }

  /** A workspace that can't be asked (a scope is missing, say) must not hold up everybody else's cards. */
  async function lookIn(chat: Chat, workspace: string, person: Person): Promise<Looked> {
    const key = `${person.id} ${workspace}`;
    if ((absentUntil.get(key) ?? 0) > performance.now()) return NOBODY;
    try {
      const profile = await chat.find(workspace, person.email);
      const linked = profile && (await link(profile));
      if (profile && linked && 'person' in linked && linked.person === person.id) {
        const { platform, userId } = profile;
        return { found: [{ platform, workspace, userId, proven: false }], later: null };
      }
    } catch (error) {
      if (error instanceof TryLater) return { found: [], later: error };
    }
    absentUntil.set(key, performance.now() + ABSENT_MS);
    return NOBODY;
  }

  /** Their own workspace has them no more, so they have left: the link ends in one commit with their access. */
  async function leaves(person: PersonId, identity: ChatIdentity): Promise<boolean> {
    const why = `deactivated in ${identity.platform === 'slack' ? 'Slack' : 'Teams'}`;
    const outcome = await perform(ports, KEYTURN, { verb: 'leave', person, identity, why });
    if ('refused' in outcome && outcome.refused.code === 'busy')
      throw new Error('somebody’s access could not be ended');
    return 'done' in outcome;
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
        if (standing === 'deactivated' && (await leaves(known.person, identity))) return;
        const change = unlink(await ports.facts.facts(), identity, known.person, standing);
        if ((await ports.store.commit(change)) === 'done') return;
      }
      throw new Error('the link of a chat account could not be ended');
    },
    reach: async (people) => {
      const of = await identitiesOfPeople(database, people);
      const { directory } = await ports.facts.facts();
      let later: TryLater | null = null;
      for (const id of people) {
        const person = directory.person(id);
        if (!person) continue;
        const known = of.get(id) ?? [];
        const looked = await lookFor(person, known);
        of.set(id, [...known, ...looked.found]);
        // Whoever has one chat already is written to there; the other is looked into at the next card.
        if (known.length === 0) later ??= looked.later;
      }
      return { of, later };
    },
  };
}

interface Looked {
  readonly found: readonly KnownIdentity[];
  readonly later: TryLater | null;
}

const NOBODY: Looked = { found: [], later: null };
