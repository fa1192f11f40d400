/** First contact: a chat account is pinned, by its id, to the one person it may speak for. */

import { event, KEYTURN } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change, LinkedIdentity } from './change.js';
import { alertFor } from './enrol.js';
import type { Facts, PersonFacts } from './facts.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import type { Actor, ChatIdentity, Person, PersonId } from './people.js';
import { provenBy, spend } from './prove.js';
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
 * nobody else's people, whatever address it claims for them. An account that only
 * its e-mail vouches for keeps nobody out: it gives way to the next that bears the
 * address, and the person's factor says which of them is theirs.
 *
 * @param pinned the identity that this person already has in this workspace, if any.
 */
export function identify(
  facts: Facts,
  profile: ChatProfile,
  pinned: (person: Person) => (ChatIdentity & { readonly proven: boolean }) | undefined,
): Judged & { person?: Person } {
  if (profile.standing !== 'member') return refuse({ code: 'not-linked', why: profile.standing });
  if (!profile.email) return refuse({ code: 'not-linked', why: 'no-email' });
  const person = facts.directory.byEmail(profile.email);
  if (!person || homeOf(person) !== profile.of) return refuse({ code: 'not-linked', why: 'nobody' });
  const other = pinned(person);
  // Cards may come here from now on; acting takes the person's factor, where there are factors.
  const isMetOnly = facts.offers.factors.length > 0;
  const isAnother = other !== undefined && other.userId !== profile.userId;
  if (isAnother && (other.proven || !isMetOnly)) return refuse({ code: 'not-linked', why: 'other-identity' });
  const { platform, workspace, userId } = profile;
  const row: LinkedIdentity = {
    platform,
    workspace,
    userId,
    person: person.id,
    linkedAt: facts.now,
    provenAt: null,
    endedAt: null,
  };
  const actor: Actor = { person: person.id, via: platform, identity: { platform, workspace, userId } };
  const chain = person.client ?? 'operator';
  const data = { platform, workspace, userId, email: person.email, by: 'confirmed e-mail of a full member' };
  const met = event(actor, chain, isMetOnly ? 'identity.met' : 'identity.linked', person.id, data);
  const former = isAnother ? unlink(facts, other, person.id, 'another account came') : null;
  return {
    person,
    change: change(facts, {
      writes: [...(former?.writes ?? []), { put: 'identity', row }],
      audit: [...(former?.audit ?? []), met],
    }),
  };
}

/** Ends a link: the workspace says that this account is no full member any more, or another has come. */
export function unlink(
  facts: Facts,
  identity: ChatIdentity,
  person: PersonId,
  why: ChatProfile['standing'] | 'another account came',
): Change {
  const { platform, workspace, userId } = identity;
  const row: LinkedIdentity = {
    platform,
    workspace,
    userId,
    person,
    linkedAt: facts.now,
    provenAt: null,
    endedAt: facts.now,
  };
  const chain = facts.directory.person(person)?.client ?? 'operator';
  const data = { platform, workspace, userId, why };
  return change(facts, {
    writes: [{ put: 'identity', row }],
    audit: [event(KEYTURN, chain, 'identity.ended', person, data)],
  });
}

/** What a first contact has to be completed by, where factors are configured; it is asked of the person's own phone. */
export function completeIdentity(
  facts: PersonFacts,
  actor: Actor,
  identity: ChatIdentity,
  alert: string,
): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const met = facts.identities.find((i) => isSame(i, identity));
  if (!met) return refuse({ code: 'identity-ended' });
  const { platform, workspace, userId } = identity;
  const chat = platform === 'slack' ? 'Slack' : 'Teams';
  const spent = spend(facts, actor, true, {
    act: 'link',
    subject: { kind: 'identity', id: identityId(identity), version: 1 },
    terms: 'link',
    client: who.person.client ?? null,
    facts: onPhone([
      ['Link to Keyturn', `your ${chat} account ${userId}`],
      ['Workspace', workspace],
    ]),
  });
  if (!('writes' in spent)) return spent;
  const row: LinkedIdentity = { ...met, provenAt: facts.now };
  const told = alertFor(facts, alert, 'identity-linked', `${identityId(identity)} ${facts.now.getTime()}`, {
    platform,
    workspace,
    userId,
  });
  const data = { platform, workspace, userId, ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: [...spent.writes, { put: 'identity', row }, { put: 'alert', row: told }],
      audit: [event(actor, who.person.client ?? 'operator', 'identity.linked', who.person.id, data)],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

/** Ends one of one's own chat accounts, by one's factor where there are factors. */
export function endIdentity(facts: PersonFacts, actor: Actor, identity: ChatIdentity, alert: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const linked = facts.identities.find((i) => isSame(i, identity));
  if (!linked) return refuse({ code: 'identity-ended' });
  const { platform, workspace, userId } = identity;
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'end-identity',
    subject: { kind: 'identity', id: identityId(identity), version: 1 },
    terms: 'end',
    client: who.person.client ?? null,
    facts: onPhone([['Unlink from Keyturn', `${platform} ${workspace} ${userId}`]]),
  });
  if (!('writes' in spent)) return spent;
  const told = alertFor(facts, alert, 'identity-ended', `${identityId(identity)} ${facts.now.getTime()}`, {
    platform,
    workspace,
    userId,
  });
  const data = { platform, workspace, userId, why: 'ended by its person', ...provenBy(actor, spent) };
  return {
    change: change(facts, {
      writes: [
        ...spent.writes,
        { put: 'identity', row: { ...linked, endedAt: facts.now } },
        { put: 'alert', row: told },
      ],
      audit: [event(actor, who.person.client ?? 'operator', 'identity.ended', who.person.id, data)],
      notices: [{ about: 'alert', id: told.id }],
    }),
  };
}

/** `slack/T0NORTHWIND/U0TESS`. */
export function identityId({ platform, workspace, userId }: ChatIdentity): string {
  return `${platform}/${workspace}/${userId}`;
}

function isSame(a: ChatIdentity, b: ChatIdentity): boolean {
  return identityId(a) === identityId(b);
}

/** Whose workspace vouches for this person. */
function homeOf(person: Person): string {
  return person.kind === 'staff' ? 'operator' : (person.client ?? '');
}

/** Why a chat account is nobody's here; worded by `cards/say-refusal`. */
export type NotLinked = Extract<Refusal, { code: 'not-linked' }>['why'];
