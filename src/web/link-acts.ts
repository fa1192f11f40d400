/** What a browser that holds a link can do: look, ask to be let in, wait, see the password or enter a new one. */

import { randomInt } from 'node:crypto';
import { Secret } from '../config/secret.js';
import { accountName, clientOf } from '../core/cards/request-card.js';
import type { SealedSecret } from '../core/change.js';
import type { Outcome } from '../core/command.js';
import type { LinkFacts } from '../core/facts.js';
import { performInBrowser } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import type { Refusal } from '../core/refusals.js';
import { browserRefusal, claim, linkRefusal } from '../core/reveal.js';
import { enterNewSecret } from '../core/revoke.js';
import type { LinkAnswers } from './link-answers.js';
import type { LinkBody } from './link-body.js';
import { askAnother, askFactor, confirmOf, type FactorDesk, openPrompt, typeCode } from './link-factor.js';

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
}

/** The two hashes that stand for a link and a browser from here on. */
export interface Caller {
  readonly tokenHash: string;
  readonly browserHash: string;
}

/** `facts` are those of the last look, for wording the refusal; null where there is no such link. */
export type Acted<Act extends keyof LinkAnswers> =
  | { readonly answer: LinkAnswers[Act]; readonly facts: LinkFacts }
  | { readonly refused: Refusal; readonly facts: LinkFacts | null };

/** So long the page shows a password. */
const SECONDS_SHOWN = 60;
const MOST_CHARACTERS = 1024;
const LINK_OVER = { code: 'link-over' } as const;

/** What the link is about. Spends nothing and counts nothing: a scanner may come this far. */
export async function look({ ports }: LinkDesk, caller: Caller): Promise<Acted<'look'>> {
  const facts = await ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, facts };
  const { link, grant, directory } = facts;
  const cannot = linkRefusal(facts) ?? takenByAnother(facts, caller);
  if (cannot) return { refused: cannot, facts };
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
  return { answer, facts };
}

/** A human's click: asks the link's owner in their chat. The same browser keeps its number. */
export async function ask(desk: LinkDesk, caller: Caller): Promise<Acted<'ask'>> {
  const number = String(randomInt(10, 100));
  const watch = watchFacts(desk.ports);
  const command = { verb: 'ask-browser', browserHash: caller.browserHash, number } as const;
  const outcome = await performInBrowser(watch.ports, caller.tokenHash, command);
  if ('refused' in outcome || !watch.facts) return { refused: refusalOf(outcome), facts: watch.facts };
  // As the browser left it: asked, with its number.
  const facts = (await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash })) ?? watch.facts;
  return { answer: await askFactor(desk, facts), facts };
}

/** Whether the owner has said yes to this browser. */
export async function status(desk: LinkDesk, caller: Caller): Promise<Acted<'status'>> {
  const facts = await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, facts };
  const cannot = linkRefusal(facts) ?? browserRefusal(facts.link, caller.browserHash);
  const waiting = cannot?.code === 'not-confirmed' && facts.link.state === 'asked';
  if (cannot && !waiting) return { refused: cannot, facts };
  const expiresInSeconds = secondsUntil(facts.link.expiresAt, facts.now);
  const asked = await confirmOf(desk, facts);
  return { answer: { state: waiting ? 'waiting' : 'confirmed', expiresInSeconds, ...asked }, facts };
}

/** What the browser that asked does about the holder's factor. Any other browser is turned away. */
export async function answerFactor(
  desk: LinkDesk,
  caller: Caller,
  body: Extract<LinkBody, { act: 'code' | 'prompt' | 'another' }>,
): Promise<Acted<'code' | 'prompt' | 'another'>> {
  const facts = await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, facts };
  const cannot = linkRefusal(facts) ?? takenByAnother(facts, caller);
  if (cannot) return { refused: cannot, facts };
  if (body.act === 'prompt') {
    const opened = await openPrompt(desk, facts);
    return 'url' in opened ? { answer: opened, facts } : { refused: opened.refused, facts };
  }
  const refused =
    body.act === 'code' ? await typeCode(desk, facts, body.code) : await askAnother(desk, facts);
  if (refused) return { refused, facts };
  if (body.act === 'code') return { answer: { state: 'confirmed' }, facts };
  return { answer: { confirm: { by: 'asking' }, another: false }, facts };
}

/**
 * The one showing. The password is opened before the claim is committed, so that
 * a key that is away costs nobody their link, and it leaves only when the claim
 * is done. An answer that gets lost after that is lost for good.
 */
export async function show(desk: LinkDesk, caller: Caller): Promise<Acted<'claim'>> {
  const { browserHash } = caller;
  let opened: Secret | null = null;
  // At each judging anew: the version that is opened is the one that the commit guards and records.
  const watch = watchFacts(desk.ports, async (facts) => {
    opened = null;
    if ('refused' in claim(facts, browserHash, '') || !facts.secret) return;
    const { client, account } = facts.request;
    opened = await desk.openSecret(client, account, facts.secret.version);
  });
  const outcome = await performInBrowser(watch.ports, caller.tokenHash, { verb: 'claim', browserHash });
  const { facts } = watch;
  if ('refused' in outcome || !facts) return { refused: refusalOf(outcome), facts };
  if (!opened) throw new Error('a claim was committed without its password');
  const username = facts.accountNow?.username;
  const answer = {
    password: (opened as Secret).reveal(),
    ...(username === undefined ? {} : { username }),
    secondsShown: SECONDS_SHOWN,
  };
  return { answer, facts };
}

/** Puts the new password into custody. It has to be another than the stored one. */
export async function enter(desk: LinkDesk, caller: Caller, password: string): Promise<Acted<'enter'>> {
  // Before anything is looked up: what is wrong with a password says nothing of the link.
  if (!isPassword(password)) return { refused: { code: 'bad-secret', most: MOST_CHARACTERS }, facts: null };
  const facts = await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, facts };
  const { client, account } = facts.request;
  const place = { client, account, version: (facts.secret?.version ?? 0) + 1 };
  const draft: SealedSecret = { ...place, sealed: '', by: facts.link.person, at: facts.now };
  const judged = enterNewSecret(facts, caller.browserHash, draft);
  if ('refused' in judged && !judged.change) return { refused: judged.refused, facts };
  // Only the confirmed browser may learn whether its guess is the stored password.
  if (!('refused' in judged) && (await isCurrent(desk, facts, password)))
    return { refused: { code: 'same-secret' }, facts };
  const sealed = { ...draft, sealed: await desk.sealSecret(new Secret(password), place) };
  const command = { verb: 'enter-new-secret', browserHash: caller.browserHash, sealed } as const;
  const outcome = await performInBrowser(desk.ports, caller.tokenHash, command);
  return 'refused' in outcome ? { refused: outcome.refused, facts } : { answer: { stored: true }, facts };
}

function takenByAnother({ link }: LinkFacts, { browserHash }: Caller): Refusal | null {
  return link.browserHash !== null && link.browserHash !== browserHash ? { code: 'other-browser' } : null;
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

function secondsUntil(then: Date, now: Date): number {
  return Math.max(0, Math.floor((then.getTime() - now.getTime()) / 1000));
}

function refusalOf(outcome: Outcome): Refusal {
  return 'refused' in outcome ? outcome.refused : LINK_OVER;
}

/** Ports that keep the facts last judged by, and prepare what is needed before each judging. */
function watchFacts(ports: Ports, prepare?: (facts: LinkFacts) => Promise<void>) {
  const { store } = ports;
  const linkFacts: Ports['store']['linkFacts'] = async (by) => {
    watch.facts = await store.linkFacts(by);
    if (watch.facts) await prepare?.(watch.facts);
    return watch.facts;
  };
  // The same store in everything else, whatever it is made of.
  const watched = new Proxy(store, {
    get: (whole, name: keyof Ports['store']) => (name === 'linkFacts' ? linkFacts : whole[name].bind(whole)),
  });
  const watch = { facts: null as LinkFacts | null, ports: { ...ports, store: watched } };
  return watch;
}
