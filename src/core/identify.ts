/** First contact: a chat account is pinned, by its id, to the one person it may speak for. */

import { event, KEYTURN } from './audit.js';
import type { Change, LinkedIdentity } from './change.js';
import type { Facts } from './facts.js';
import { change, type Judged, refuse } from './judged.js';
import type { Actor, ChatIdentity, Person, PersonId } from './people.js';
import type { Refusal } from './refusals.js';

/** What the platform itself says of one of its users, asked for with the workspace's own credential. */
export interface ChatProfile extends ChatIdentity {
  /** `operator`, or the client whose workspace this is. */
  readonly of: string;
  readonly standing: 'member' | 'guest' | 'bot' | 'external' | 'deactivated' | 'unknown';
  /** Present only where the platform says that the address is confirmed. */
  readonly email: string | null;
}

/**
 * Links a profile to the person whose e-mail it bears, if the workspace is theirs:
 * staff in the operator's, contacts in their own client's. From then on the id
 * decides, and a later change of e-mail moves nothing. A workspace vouches for
 * nobody else's people, whatever address it claims for them.
 *
 * @param pinned the identity that this person already has in this workspace, if any.
 */
export function identify(
  facts: Facts,
  profile: ChatProfile,
  pinned: (person: Person) => ChatIdentity | undefined,
): Judged & { person?: Person } {
  if (profile.standing !== 'member') return refuse({ code: 'not-linked', why: profile.standing });
  if (!profile.email) return refuse({ code: 'not-linked', why: 'no-email' });
  const person = facts.directory.byEmail(profile.email);
  if (!person || homeOf(person) !== profile.of) return refuse({ code: 'not-linked', why: 'nobody' });
  const other = pinned(person);
  if (other && other.userId !== profile.userId) return refuse({ code: 'not-linked', why: 'other-identity' });
  const { platform, workspace, userId } = profile;
  const row: LinkedIdentity = {
    platform,
    workspace,
    userId,
    person: person.id,
    linkedAt: facts.now,
    endedAt: null,
  };
  const actor: Actor = { person: person.id, via: platform, identity: { platform, workspace, userId } };
  const chain = person.client ?? 'operator';
  const data = { platform, workspace, userId, email: person.email, by: 'confirmed e-mail of a full member' };
  return {
    person,
    change: change(facts, {
      writes: [{ put: 'identity', row }],
      audit: [event(actor, chain, 'identity.linked', person.id, data)],
    }),
  };
}

/** Ends a link: the workspace says that this account is no full member any more. */
export function unlink(
  facts: Facts,
  identity: ChatIdentity,
  person: PersonId,
  standing: ChatProfile['standing'],
): Change {
  const { platform, workspace, userId } = identity;
  const row: LinkedIdentity = {
    platform,
    workspace,
    userId,
    person,
    linkedAt: facts.now,
    endedAt: facts.now,
  };
  const chain = facts.directory.person(person)?.client ?? 'operator';
  const data = { platform, workspace, userId, why: standing };
  return change(facts, {
    writes: [{ put: 'identity', row }],
    audit: [event(KEYTURN, chain, 'identity.ended', person, data)],
  });
}

/** Whose workspace vouches for this person. */
function homeOf(person: Person): string {
  return person.kind === 'staff' ? 'operator' : (person.client ?? '');
}

/** Why a chat account is nobody's here; worded by `cards/say-refusal`. */
export type NotLinked = Extract<Refusal, { code: 'not-linked' }>['why'];
