/** What a browser that holds a link can do: look, ask to be let in, wait, see the password or enter a new one. */

import { Secret } from '../config/secret.js';
import { accountName, clientOf } from '../core/cards/request-card.js';
import type { SealedSecret } from '../core/change.js';
import type { LinkFacts } from '../core/facts.js';
import { isJit } from '../core/grant.js';
import { performInBrowser } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { claim } from '../core/reveal.js';
import { enterNewSecret } from '../core/revoke.js';
import { codesOffer } from './code-acts.js';
import { linkDoor, watchFacts } from './door.js';
import { type Acted, type Caller, LINK_OVER, secondsUntil, takenByAnother } from './door-acts.js';
import type { FactorDesk } from './door-factor.js';
import type { LinkAnswers } from './link-answers.js';

/** Where a sealed secret belongs. */
export interface SecretPlace {
  readonly client: string;
  readonly account: string;
  readonly version: number;
}

export interface LinkDesk extends FactorDesk {
  readonly ports: Ports;
  /** Opens a stored version. Called before the claim is committed; what it gives leaves only after. */
  openSecret(client: string, account: string, version: number): Promise<Secret>;
  sealSecret(secret: Secret, place: SecretPlace): Promise<string>;
  /** The password of a login that was made for a grant. */
  openLogin(client: string, login: string, sealed: string): Promise<Secret>;
}

/** So long the page shows a password. */
const SECONDS_SHOWN = 60;
const MOST_CHARACTERS = 1024;

/** What the link is about. Spends nothing and counts nothing: a scanner may come this far. */
export async function look({ ports }: LinkDesk, caller: Caller): Promise<Acted<LinkAnswers['look']>> {
  const facts = await ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, door: null };
  const { link, grant, directory } = facts;
  const door = linkDoor(facts);
  const cannot = door.over ?? takenByAnother(door, caller);
  if (cannot) return { refused: cannot, door };
  const client = clientOf(facts);
  const answer = {
    client: client?.name ?? facts.request.client,
    colour: client?.colour ?? 'blue',
    account: accountName(facts),
    person: directory.nameOf(link.person),
    purpose: link.purpose,
    state: link.state as 'open' | 'asked' | 'confirmed',
    expiresInSeconds: secondsUntil(link.expiresAt, facts.now),
    grantEndsInSeconds:
      grant?.state === 'active' && grant.endsAt ? secondsUntil(grant.endsAt, facts.now) : null,
  };
  return { answer, door };
}

/**
 * The one showing. The password is opened before the claim is committed, so that
 * a key that is away costs nobody their link, and it leaves only when the claim
 * is done. An answer that gets lost after that is lost for good.
 */
export async function show(desk: LinkDesk, caller: Caller): Promise<Acted<LinkAnswers['claim']>> {
  const { browserHash } = caller;
  let opened: Secret | null = null;
  // At each judging anew: the version that is opened is the one that the commit guards and records.
  const watch = watchFacts(desk.ports, async (facts) => {
    opened = null;
    if ('refused' in claim(facts, browserHash, '')) return;
    opened = await openServed(desk, facts);
  });
  const outcome = await performInBrowser(watch.ports, caller.tokenHash, { verb: 'claim', browserHash });
  const { facts } = watch;
  if ('refused' in outcome) return { refused: outcome.refused, door: facts && linkDoor(facts) };
  if (!facts) return { refused: LINK_OVER, door: null };
  if (!opened) throw new Error('a claim was committed without its password');
  const { grant } = facts;
  const username = grant && isJit(grant) ? grant.target?.login : facts.accountNow?.username;
  const answer = {
    password: (opened as Secret).reveal(),
    ...(username === undefined ? {} : { username }),
    secondsShown: SECONDS_SHOWN,
    ...codesOffer(facts),
  };
  return { answer, door: linkDoor(facts) };
}

/** The password in force; of a login that was made for the grant, its own. */
async function openServed(desk: LinkDesk, { grant, request, secret }: LinkFacts): Promise<Secret | null> {
  const { client, account } = request;
  const { target, made } = grant ?? {};
  if (target && made?.sealed) return desk.openLogin(client, target.login, made.sealed);
  return secret && desk.openSecret(client, account, secret.version);
}

/** Puts the new password into custody. It has to be another than the stored one. */
export async function enter(
  desk: LinkDesk,
  caller: Caller,
  password: string,
): Promise<Acted<LinkAnswers['enter']>> {
  // Before anything is looked up: what is wrong with a password says nothing of the link.
  if (!isPassword(password)) return { refused: { code: 'bad-secret', most: MOST_CHARACTERS }, door: null };
  const facts = await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, door: null };
  const door = linkDoor(facts);
  const { client, account } = facts.request;
  const place = { client, account, version: (facts.secret?.version ?? 0) + 1 };
  const draft: SealedSecret = { ...place, sealed: '', by: facts.link.person, at: facts.now };
  const judged = enterNewSecret(facts, caller.browserHash, draft);
  if ('refused' in judged && !judged.change) return { refused: judged.refused, door };
  // Only the confirmed browser may learn whether its guess is the stored password.
  if (!('refused' in judged) && (await isCurrent(desk, facts, password)))
    return { refused: { code: 'same-secret' }, door };
  const sealed = { ...draft, sealed: await desk.sealSecret(new Secret(password), place) };
  const command = { verb: 'enter-new-secret', browserHash: caller.browserHash, sealed } as const;
  const outcome = await performInBrowser(desk.ports, caller.tokenHash, command);
  return 'refused' in outcome ? { refused: outcome.refused, door } : { answer: { stored: true }, door };
}

async function isCurrent(desk: LinkDesk, { secret, request }: LinkFacts, password: string): Promise<boolean> {
  if (!secret) return false;
  const current = await desk.openSecret(request.client, request.account, secret.version);
  return current.reveal() === password;
}

/** One line of well-formed text. */
function isPassword(text: string): boolean {
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8') === text;
  return (
    wellFormed && text.length >= 1 && text.length <= MOST_CHARACTERS && !/[\r\n\u0085\u2028\u2029]/.test(text)
  );
}
