/** Revealing: a one-time link, the holder's own word in chat, one browser, one showing. */

import { type Account, fullName } from './accounts.js';
import { event, KEYTURN } from './audit.js';
import { browserOnPhone } from './cards/phone-facts.js';
import type { Write } from './change.js';
import { openWindow } from './code-window.js';
import type { Directory } from './directory.js';
import {
  askedBy,
  type BrowserAsk,
  browserRefusal,
  disowned,
  failedOnce,
  isTaken,
  overRefusal,
} from './entrance.js';
import type { LinkFacts, RequestFacts } from './facts.js';
import { mayBreak, unbreakable } from './glass.js';
import { type Grant, isJit, isLive, servesSecret } from './grant.js';
import { change, type Judged, refuse, whoActs } from './judged.js';
import { unlendable } from './lendable.js';
import { LINK_SECONDS, type Link, type LinkPurpose } from './link.js';
import type { Actor, Person } from './people.js';
import type { Needs } from './proof.js';
import { provenBy, spend } from './prove.js';
import type { Refusal } from './refusals.js';
import { missingSeed } from './seed.js';

/** What a fresh link is made of; the token itself stays at the edge. */
export interface FreshLink {
  readonly id: string;
  readonly tokenHash: string;
}

/** Makes a reveal link for the holder of a live grant, and kills the former ones. */
export function pressReveal(facts: RequestFacts, actor: Actor, fresh: FreshLink): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const cannot = whyNotReveal(facts, actor);
  if (cannot) return refuse(cannot);
  const grant = facts.grant as Grant;
  const seconds = Math.min(LINK_SECONDS, facts.policyNow?.linkSeconds ?? LINK_SECONDS);
  const end = Math.min(facts.now.getTime() + seconds * 1000, (grant.endsAt as Date).getTime());
  return { change: makeLink(facts, actor, fresh, 'reveal', grant.id, new Date(end)) };
}

/** A new link in the place of the person's former ones of the same purpose. */
export function makeLink(
  facts: RequestFacts,
  actor: Actor,
  fresh: FreshLink,
  purpose: LinkPurpose,
  grant: string,
  expiresAt: Date,
) {
  const link: Link = {
    ...fresh,
    purpose,
    grant,
    person: actor.person,
    state: 'open',
    browserHash: null,
    number: null,
    fails: 0,
    proof: null,
    createdAt: facts.now,
    expiresAt,
    version: 1,
  };
  return change(facts, {
    guards: purpose === 'reveal' ? [{ noun: 'live-grant', id: grant }] : [],
    writes: [...killLinks(facts, purpose), { put: 'link', row: link }],
    audit: [event(actor, facts.request.client, 'link.made', link.id, { grant, purpose })],
    notices: facts.links.filter((l) => l.state !== 'open').map((l) => ({ about: 'link', id: l.id }) as const),
  });
}

/** Every link of the grant that still opens something, dead. */
export function killLinks(facts: RequestFacts, purpose?: LinkPurpose): Write[] {
  return facts.links
    .filter((link) => purpose === undefined || link.purpose === purpose)
    .map((link) => ({ put: 'link', row: { ...link, state: 'dead', version: link.version + 1 } }));
}

/** Why the password can't be shown to this actor now: asked at the press and again at the showing. */
export function whyNotReveal(facts: RequestFacts, actor: Actor): Refusal | null {
  const { grant, accountNow: account } = facts;
  if (facts.paused.includes(actor.person)) return { code: 'paused' };
  if (!grant) return { code: 'unknown-id', typed: facts.request.id };
  if (grant.holder !== actor.person) return { code: 'not-holder' };
  if (!isLive(grant, facts.now))
    return { code: 'grant-over', grant: grant.id, outcome: grant.outcome ?? 'expired' };
  if (!servesSecret(grant)) return { code: 'nothing-to-show', grant: grant.id };
  const person = facts.directory.person(actor.person);
  const isGlass = facts.request.kind === 'break-glass';
  const may = isGlass ? mayBreak : (d: Directory, p: Person, a: Account) => d.mayAsk(p, a);
  if (!account || !person || !may(facts.directory, person, account))
    return { code: 'may-not-ask', account: `${grant.client}/${grant.account}` };
  const because = (isGlass ? unbreakable : unlendable)(account, facts.directory, facts.offers);
  if (!servedVersion(facts)) because.push({ why: 'no-secret', account: fullName(account) });
  because.push(...missingSeed(account, facts));
  return because.length > 0 ? { code: 'not-lendable', account: fullName(account), because } : null;
}

/** Which version of a password there is to show; null where there is none. */
export function servedVersion({ grant, secret }: RequestFacts): number | null {
  if (grant && isJit(grant)) return grant.made?.sealed ? 1 : null;
  return secret?.version ?? null;
}

/**
 * A browser asks to be let in; the link's owner is asked in their own chat.
 * Nothing is known of who sits there, so nobody's name stands behind it. The
 * first browser keeps the link; each other one counts as a failure.
 */
export function askBrowser(facts: LinkFacts, asked: BrowserAsk): Judged {
  const { link } = facts;
  const over = linkRefusal(facts);
  if (over) return refuse(over);
  if (isTaken(link, asked.browserHash))
    return { refused: { code: 'other-browser' }, change: failure(facts, 'another browser') };
  const row = askedBy(link, asked);
  if (!row) return { change: change(facts, { audit: [] }) };
  return {
    change: change(facts, {
      guards: [{ noun: 'live-link', id: link.id }],
      writes: [{ put: 'link', row }],
      audit: [event(KEYTURN, facts.request.client, 'link.asked', link.id, { grant: link.grant })],
      notices: [{ about: 'link', id: link.id }],
    }),
  };
}

/** The owner says in their own chat that the browser with this number is theirs, or that it isn't. */
export function confirmBrowser(facts: LinkFacts, actor: Actor, itIsMe: boolean): Judged {
  const who = whoActs(facts, actor);
  if ('refused' in who) return who;
  const { link } = facts;
  if (link.person !== who.person.id) return refuse({ code: 'link-not-yours' });
  const over = linkRefusal(facts);
  if (over) return refuse(over);
  if (link.state !== 'asked') return refuse({ code: 'link-over' });
  // Saying "that isn't me" needs nobody's phone.
  const due = itIsMe && factorDue(facts);
  if (!due && actor.via === 'web') return refuse({ code: 'not-confirmed' });
  const spent = spend(facts, actor, due, browserNeeds(facts));
  if (!('writes' in spent)) return spent;
  const proof = coveredByGlass(facts) ? facts.request.proof : spent.proof;
  const row: Link = itIsMe
    ? { ...link, state: 'confirmed', proof, version: link.version + 1 }
    : disowned(link);
  const what = itIsMe ? 'link.confirmed' : 'link.dead';
  const why = itIsMe ? { number: link.number, ...provenBy(actor, spent) } : { why: 'the owner said: not me' };
  return {
    change: change(facts, {
      guards: [{ noun: 'live-link', id: link.id }],
      writes: [...spent.writes, { put: 'link', row }],
      audit: [event(actor, facts.request.client, what, link.id, { grant: link.grant, ...why })],
      notices: [{ about: 'link', id: link.id }],
    }),
  };
}

/** Whether a link's page asks for the holder's factor, rather than for their word in chat. */
export function factorDue(facts: RequestFacts): boolean {
  return (facts.policyNow?.mfa.reveal ?? false) && !coveredByGlass(facts);
}

/** The factor that allowed a break-glass covers its first showing or session too: nobody is asked twice at 2 a.m. */
export function coveredByGlass({ request, grant, glassSpent }: RequestFacts): boolean {
  return request.kind === 'break-glass' && request.proof !== null && grant?.state === 'active' && !glassSpent;
}

/** The holder confirms one browser, by its number, at one link of a grant as it is now. */
function browserNeeds(facts: LinkFacts): Needs {
  const { link, grant } = facts;
  const number = link.number ?? '';
  return {
    act: 'reveal',
    subject: { kind: 'link', id: link.id, version: grant?.version ?? 0 },
    terms: `${link.purpose} in the browser that shows ${number}`,
    client: facts.request.client,
    facts: browserOnPhone(facts, number),
    number,
  };
}

/**
 * Claims the one showing, for the browser that was confirmed. Whether the grant
 * lives, the link lives and the secret is still that version is asked again in
 * the transaction of the claim.
 *
 * @param exposure a fresh id for the exposure.
 */
export function claim(facts: LinkFacts, browserHash: string, exposure: string): Judged {
  const { link } = facts;
  const over = linkRefusal(facts);
  if (over) return refuse(over);
  const holder: Actor = { person: link.person, via: 'web' };
  const cannot = browserRefusal(link, browserHash) ?? whyNotReveal(facts, holder) ?? unprovenRefusal(facts);
  if (cannot?.code === 'other-browser') return { refused: cannot, change: failure(facts, 'another browser') };
  if (cannot || link.purpose !== 'reveal') return refuse(cannot ?? { code: 'link-over' });
  const { client, account } = facts.request;
  const version = servedVersion(facts) as number;
  const codes = openWindow(facts);
  // A login that was made for the grant has one password as long as it lives.
  const isOwn = facts.grant !== null && isJit(facts.grant);
  return {
    change: change(facts, {
      guards: [
        { noun: 'live-grant', id: link.grant },
        { noun: 'live-link', id: link.id },
        { noun: 'unpaused', id: link.person },
        ...(isOwn ? [] : [{ noun: 'secret', client, account, version } as const]),
      ],
      writes: [
        { put: 'link', row: { ...link, state: 'spent', version: link.version + 1 } },
        ...(codes ? [{ put: 'code-window', row: codes } as const] : []),
        {
          put: 'exposure',
          row: {
            id: exposure,
            grant: link.grant,
            client,
            account,
            person: link.person,
            secretVersion: version,
            proof: link.proof,
            at: facts.now,
          },
        },
      ],
      audit: [
        event(holder, client, 'secret.shown', link.grant, {
          account: `${client}/${account}`,
          version,
          link: link.id,
          ...(link.proof === null ? {} : { proof: link.proof }),
        }),
      ],
      notices: [
        { about: 'request', id: facts.request.id },
        { about: 'link', id: link.id },
      ],
    }),
  };
}

/** The policy may have come to ask for a factor after the browser was let in without one. */
export function unprovenRefusal(facts: LinkFacts): Refusal | null {
  return factorDue(facts) && facts.link.proof === null ? { code: 'not-proven' } : null;
}

/** One answer for every link that opens nothing any more. */
export function linkRefusal({ link, now }: LinkFacts): Refusal | null {
  return overRefusal(link, now);
}

/** One more failure on record; the last one allowed kills the link, and its owner is told. */
export function failure(facts: LinkFacts, why: string) {
  const { link } = facts;
  const row = failedOnce(link);
  const dead = row.state === 'dead';
  const data = { grant: link.grant, why, fails: row.fails };
  return change(facts, {
    writes: [{ put: 'link', row }],
    audit: [event(KEYTURN, facts.request.client, dead ? 'link.dead' : 'link.failed', link.id, data)],
    notices: dead ? [{ about: 'link', id: link.id }] : [],
  });
}
