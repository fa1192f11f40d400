/** Ending: what a grant's end means at once, and what it takes to make it true at the target. */

import { fullName } from './accounts.js';
import { type AuditEvent, event, KEYTURN } from './audit.js';
import { onPhone } from './cards/phone-facts.js';
import type { Change, SealedSecret, Write } from './change.js';
import { endMany, endOne, type Holding } from './end-grant.js';
import { browserRefusal } from './entrance.js';
import type { AccountFacts, HoldingsFacts, LinkFacts, RequestFacts } from './facts.js';
import { readReason } from './free-text.js';
import { type Grant, type GrantOutcome, isMadeTrueByPassword, type Revocation } from './grant.js';
import { change, type Judged, refuse, whoActs, whoHandsBack } from './judged.js';
import { LINK_SECONDS } from './link.js';
import type { Actor, PersonId } from './people.js';
import { mayDecide } from './policy.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import { type FreshLink, failure, linkRefusal, makeLink, unprovenRefusal } from './reveal.js';

/** The holder hands the access back early. */
export function giveBack(facts: RequestFacts, actor: Actor): Judged {
  const who = whoHandsBack(facts, actor);
  if ('refused' in who) return who;
  if (facts.grant?.holder !== who.person.id) return refuse({ code: 'not-holder' });
  return ended(facts) ?? { change: endGrant(facts, actor, 'returned', null) };
}

/** A lead, or somebody who may approve such a request, takes the access away. */
export function revoke(facts: RequestFacts, actor: Actor, typedReason: string): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  if (!mayRevoke(facts, who.person.id)) return refuse({ code: 'may-not-revoke' });
  const reason = readReason(typedReason);
  if ('refused' in reason) return reason;
  return ended(facts) ?? { change: endGrant(facts, actor, 'revoked', reason.text) };
}

export function mayRevoke(facts: RequestFacts, person: PersonId): boolean {
  const { policyNow: policy, request, directory } = facts;
  return (
    directory.isLead(person) ||
    (policy !== undefined && mayDecide(policy, request, directory).includes(person))
  );
}

/** Puts on record that a grant's time is up. Access ended with the time itself: every use asks the clock. */
export function expire(facts: RequestFacts, actor: Actor): Judged {
  const { grant, now } = facts;
  if (!grant || grant.state === 'ended') return ended(facts) ?? refuse({ code: 'busy' });
  if (grant.endsAt !== null && now < grant.endsAt) return refuse({ code: 'busy' });
  return { change: endGrant(facts, actor, 'expired', null) };
}

/** The same of all whose time is up, however many they are. */
export function expireAll(facts: HoldingsFacts): Change {
  return change(facts, endMany(facts, KEYTURN, facts.holdings, 'expired', null));
}

function ended(facts: RequestFacts): { refused: Refusal } | null {
  const { grant } = facts;
  if (!grant) return refuse({ code: 'unknown-id', typed: facts.request.id });
  if (grant.state !== 'ended') return null;
  return refuse({ code: 'grant-over', grant: grant.id, outcome: grant.outcome ?? 'expired' });
}

function endGrant(facts: RequestFacts, actor: Actor, outcome: GrantOutcome, reason: string | null) {
  return change(facts, endOne(facts, actor, holdingOf(facts), outcome, reason));
}

/** The grant of a request with all that hangs on it. */
export function holdingOf(facts: RequestFacts): Holding {
  const { grant, exposures, sessionUses: sessions, secret, links, extensions } = facts;
  const secretVersion = secret?.version ?? null;
  return { grant: grant as Grant, exposures, sessions, secretVersion, links, extensions };
}

/** Makes the link on which the named person, or a lead, enters the new password. */
export function pressNewSecret(facts: RequestFacts, actor: Actor, fresh: FreshLink): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotSettle(facts, who.person.id);
  if (cannot) return refuse(cannot);
  const end = new Date(facts.now.getTime() + LINK_SECONDS * 1000);
  return { change: makeLink(facts, actor, fresh, 'new-secret', (facts.grant as Grant).id, end) };
}

function whyNotSettle(facts: RequestFacts, person: PersonId): Refusal | null {
  const { revocation, grant } = facts;
  if (!revocation || !grant) return { code: 'no-task', grant: facts.request.id };
  if (revocation.state === 'done') return { code: 'task-done', grant: grant.id };
  const may = revocation.assignee === person || facts.directory.isLead(person);
  return may ? null : { code: 'task-not-yours', assignee: revocation.assignee };
}

/** The new password was entered on the confirmed page: stored, and every end that waited for it is done. */
export function enterNewSecret(facts: LinkFacts, browserHash: string, sealed: SealedSecret): Judged {
  const { link } = facts;
  const over = linkRefusal(facts);
  if (over) return refuse(over);
  const actor: Actor = { person: link.person, via: 'web' };
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const browser = browserRefusal(link, browserHash);
  if (browser?.code === 'other-browser')
    return { refused: browser, change: failure(facts, 'another browser') };
  const cannot = browser ?? unprovenRefusal(facts) ?? whyNotSettle(facts, link.person);
  if (cannot || link.purpose !== 'new-secret') return refuse(cannot ?? { code: 'link-over' });
  const stored = storeSecret(facts, actor, sealed);
  const spent: Write = { put: 'link', row: { ...link, state: 'spent', version: link.version + 1 } };
  return {
    change: {
      ...stored,
      guards: [...stored.guards, { noun: 'live-link', id: link.id }],
      writes: [spent, ...stored.writes],
      notices: [...stored.notices, { about: 'link', id: link.id }],
    },
  };
}

/** A lead puts an account's password into custody from the command line. */
export function setSecret(
  facts: AccountFacts & Pick<RequestFacts, 'dueOnAccount'>,
  actor: Actor,
  sealed: SealedSecret,
): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const account = facts.directory.account(sealed.client, sealed.account);
  const typed = `${sealed.client}/${sealed.account}`;
  if (!account) return refuse({ code: 'unknown-account', typed });
  const owner = facts.directory.owner(account.owner)?.id === who.person.id;
  if (!owner && !facts.directory.isLead(who.person.id))
    return refuse({ code: 'may-not-set', account: fullName(account) });
  const spent = spend(facts, actor, facts.offers.factors.length > 0, {
    act: 'set-secret',
    subject: { kind: 'account', id: typed, version: sealed.version },
    terms: 'set',
    client: sealed.client,
    facts: onPhone([['Store a new password of', typed]]),
  });
  if (!('writes' in spent)) return spent;
  const stored = storeSecret(facts, actor, sealed, provenBy(actor, spent));
  return { change: { ...stored, writes: [...spent.writes, ...stored.writes] } };
}

function storeSecret(
  facts: AccountFacts & Pick<RequestFacts, 'dueOnAccount'>,
  actor: Actor,
  sealed: SealedSecret,
  proven: Record<string, unknown> = {},
) {
  const { client, account, version } = sealed;
  const settled = facts.dueOnAccount.filter((r) => isMadeTrueByPassword(r) && r.state !== 'done');
  const proof = { readBack: 'entered by hand', secretVersion: version };
  const done = settled.map(
    (r): Revocation => ({
      ...r,
      state: 'done',
      doneAt: facts.now,
      doneBy: actor.person,
      proof,
      version: r.version + 1,
    }),
  );
  const audit: AuditEvent[] = [
    event(actor, client, 'secret.stored', `${client}/${account}`, { version, ...proven }),
    ...settled.map((r) => event(actor, client, 'revocation.done', r.grant, { ...proof, by: actor.person })),
  ];
  return change(facts, {
    guards: [{ noun: 'secret', client, account, version: version - 1 }],
    writes: [{ put: 'secret', row: sealed }, ...done.map((row): Write => ({ put: 'revocation', row }))],
    audit,
    notices: [
      ...settled.map((r) => ({ about: 'request', id: `R${r.grant.slice(1)}` }) as const),
      ...facts.live.map((g) => ({ about: 'request', id: g.request }) as const),
      // A rotation that was under way is not wanted any more.
      { about: 'target', id: `${client}/${account}` },
    ],
  });
}
