/** Codes for the browser that was shown the password: Keyturn's own, live, or one that a contact types for this page. */

import type { Secret } from '../config/secret.js';
import { type CodeAsk, isAskOpen, MOST_ASKS, openWindow } from '../core/code-window.js';
import { newestAsk, showCode, takeCode, whyNoCode } from '../core/codes.js';
import type { LinkFacts } from '../core/facts.js';
import { performInBrowser, performOnLink } from '../core/perform.js';
import type { Refusal } from '../core/refusals.js';
import { seedName } from '../core/seed.js';
import { codeAt, type LiveCode, openedSeed } from '../vault/otp-seed.js';
import { linkDoor, watchFacts } from './door.js';
import { type Acted, type Caller, LINK_OVER, secondsUntil } from './door-acts.js';
import type { LinkDesk } from './link-acts.js';
import type { ClaimAnswer, LinkAnswers } from './link-answers.js';

export interface CodeDesk extends LinkDesk {
  /** Opens what a contact has typed. What it gives leaves only once it is this page's. */
  openCode(
    place: { readonly client: string; readonly link: string; readonly n: number },
    sealed: string,
  ): Promise<Secret>;
}

/** What comes with the password where the account signs in with codes too, by the facts of its claim. */
export function codesOffer(facts: LinkFacts): Pick<ClaimAnswer, 'codes'> {
  const opened = openWindow(facts);
  if (!opened) return {};
  const asks = opened.heldBy === 'contacts' ? MOST_ASKS : 0;
  return { codes: { heldBy: opened.heldBy, asks, endsInSeconds: secondsUntil(opened.untilAt, facts.now) } };
}

/** The code of this moment, by the database's clock. It leaves only once its showing is committed. */
export async function liveCode(desk: CodeDesk, caller: Caller): Promise<Acted<LinkAnswers['live-code']>> {
  let seen: LinkFacts | null = null;
  let made: LiveCode | null = null;
  const outcome = await performOnLink(desk.ports, caller.tokenHash, async (facts) => {
    seen = facts;
    const cannot = whyNoCode(facts, caller.browserHash, 'keyturn');
    if (cannot) return { refused: cannot };
    made = await codeOf(desk, facts);
    return showCode(facts, caller.browserHash, made.step);
  });
  const facts = seen as LinkFacts | null;
  if ('refused' in outcome) return { refused: outcome.refused, door: facts && linkDoor(facts) };
  if (!facts || !made) throw new Error('a code was committed without having been made');
  const { code, secondsLeft, periodSeconds } = made as LiveCode;
  const answer = { code, secondsLeft, periodSeconds, endsInSeconds: secondsOfCodes(facts) };
  return { answer, door: linkDoor(facts) };
}

async function codeOf(desk: CodeDesk, { request, seed, now }: LinkFacts): Promise<LiveCode> {
  const { client, account } = request;
  const address = await desk.openSecret(client, seedName(account), seed?.version ?? 0);
  return codeAt(openedSeed(address), now);
}

/** Asks the client's contacts, each in their own chat. */
export async function askForCode(
  desk: CodeDesk,
  caller: Caller,
): Promise<Acted<LinkAnswers['ask-contacts']>> {
  const watch = watchFacts(desk.ports);
  const command = { verb: 'ask-contacts', browserHash: caller.browserHash } as const;
  const outcome = await performInBrowser(watch.ports, caller.tokenHash, command);
  const { facts } = watch;
  if ('refused' in outcome) return { refused: outcome.refused, door: facts && linkDoor(facts) };
  if (!facts) return { refused: LINK_OVER, door: null };
  const asksLeft = MOST_ASKS - facts.codeAsks.length - 1;
  return { answer: { asksLeft, endsInSeconds: secondsOfCodes(facts) }, door: linkDoor(facts) };
}

/** Whether a contact has typed it; then this page takes it, once. */
export async function contactCode(
  desk: CodeDesk,
  caller: Caller,
): Promise<Acted<LinkAnswers['contact-code']>> {
  const facts = await desk.ports.store.linkFacts({ tokenHash: caller.tokenHash });
  if (!facts) return { refused: LINK_OVER, door: null };
  const door = linkDoor(facts);
  const cannot = whyNoCode(facts, caller.browserHash, 'contacts');
  if (cannot) return { refused: cannot, door };
  const rest = { asksLeft: MOST_ASKS - facts.codeAsks.length, endsInSeconds: secondsOfCodes(facts) };
  const ask = newestAsk(facts);
  if (!ask || !isAskOpen(ask, facts.now)) return { answer: { state: 'over', ...rest }, door };
  if (ask.state === 'asked') return { answer: { state: 'waiting', ...rest }, door };
  const taken = await take(desk, caller);
  if ('no' in taken) return { refused: taken.no, door };
  return { answer: { state: 'code', code: taken.code, ...rest }, door };
}

/** Opened before the taking is committed, so that a key that is away costs nobody the code; it leaves only after. */
async function take(
  desk: CodeDesk,
  caller: Caller,
): Promise<{ readonly no: Refusal } | { readonly code: string }> {
  let opened: Secret | null = null;
  const watch = watchFacts(desk.ports, async (facts) => {
    opened = 'refused' in takeCode(facts, caller.browserHash) ? null : await openAsk(desk, facts);
  });
  const command = { verb: 'take-code', browserHash: caller.browserHash } as const;
  const outcome = await performInBrowser(watch.ports, caller.tokenHash, command);
  if ('refused' in outcome) return { no: outcome.refused };
  if (!opened) throw new Error('a code was taken without having been opened');
  return { code: (opened as Secret).reveal() };
}

async function openAsk(desk: CodeDesk, facts: LinkFacts): Promise<Secret> {
  const { link, n, sealed } = newestAsk(facts) as CodeAsk;
  return desk.openCode({ client: facts.request.client, link, n }, sealed ?? '');
}

function secondsOfCodes({ codeWindow, now }: LinkFacts): number {
  return codeWindow ? secondsUntil(codeWindow.untilAt, now) : 0;
}
