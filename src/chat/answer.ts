/** What a person did in a chat, and what they are answered: the same for every platform. */

import type { AuditRow } from '../core/audit.js';
import type { Card, Form } from '../core/cards/card.js';
import { codeForm, promptCard } from '../core/cards/confirm-card.js';
import { askForm, reasonForm } from '../core/cards/forms.js';
import { enrolCard, linkCard } from '../core/cards/identity-card.js';
import { wayCard } from '../core/cards/link-card.js';
import { helpCard, type Item, mineCard, pendingCard, showCard } from '../core/cards/lists.js';
import { requestCard } from '../core/cards/request-card.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { accountLine, sayDuration } from '../core/cards/words.js';
import { whoMayDecide } from '../core/decide.js';
import { pressEnrol } from '../core/enrol.js';
import type { Facts, RequestFacts } from '../core/facts.js';
import { requestIdOf } from '../core/grant.js';
import { identityId } from '../core/identify.js';
import type { LinkPurpose } from '../core/link.js';
import type { Actor, ChatIdentity, PersonId } from '../core/people.js';
import { type Command, mayKnowOf, type Outcome, perform, performOnFactor } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { isTurnOf } from '../core/prove.js';
import type { Refusal } from '../core/refusals.js';
import { mayRevoke } from '../core/revoke.js';
import { readWords, type Typed } from '../core/words.js';
import type { Prover } from '../mfa/prover.js';

/** Something a verified person did. What a button or a form carries is looked up and authorised again. */
export type Act =
  | { readonly act: 'typed'; readonly text: string }
  | { readonly act: 'press'; readonly button: string; readonly id: string }
  | { readonly act: 'choose'; readonly menu: string; readonly id: string; readonly value: string }
  /** A form's field changed, and the form wants drawing anew. */
  | { readonly act: 'fill'; readonly values: Values }
  | { readonly act: 'submit'; readonly form: string; readonly id: string; readonly values: Values };

export type Values = Readonly<Record<string, string | undefined>>;

/** Goes to the one who acted, alone. `done` needs no answer: the cards say it. */
export type Reply =
  | { readonly say: string }
  | { readonly card: Card }
  | { readonly form: Form }
  | { readonly errors: Readonly<Record<string, string>> }
  /** A card comes to the person's own direct message; this says so where they are somewhere else. */
  | { readonly aside: string }
  | { readonly done: true };

/** What answering needs beyond acting. */
export interface Desk {
  readonly ports: Ports;
  facts(): Promise<Facts>;
  mine(person: PersonId): Promise<Item[]>;
  pending(): Promise<RequestFacts[]>;
  trail(request: string): Promise<AuditRow[]>;
  /** A fresh link: its public handle, the hash that is stored, and the address that only its owner gets. */
  freshLink(page: LinkPurpose | 'enrol'): {
    readonly id: string;
    readonly tokenHash: string;
    readonly url: string;
  };
  readonly prover: Pick<Prover, 'order' | 'advance' | 'enterCode' | 'prompt' | 'another'>;
}

/** Carries out what a person did and says what to answer. Expected "no"s are sentences, never thrown. */
export async function answer(desk: Desk, actor: Actor, act: Act): Promise<Reply> {
  if (actor.met && !isOwnFactor(act)) return introduce(desk, actor);
  switch (act.act) {
    case 'typed':
      return answerTyped(desk, actor, readWords(act.text));
    case 'press':
      return answerPress(desk, actor, act.button, act.id);
    case 'choose':
      return act.menu === 'approve-for'
        ? run(desk, actor, { verb: 'approve', id: act.id, seconds: wholeNumber(act.value) })
        : say({ code: 'unknown-id', typed: act.id }, await desk.facts());
    case 'fill':
      return form(desk, actor, act.values);
    case 'submit':
      return answerForm(desk, actor, act);
    default:
      return act satisfies never;
  }
}

/** What an account may do that only an e-mail address vouches for: answer for its person's factor, or enrol one. */
function isOwnFactor(act: Act): boolean {
  if (act.act === 'submit') return act.form === 'code';
  return act.act === 'press' && ['prompt', 'code', 'another-way', 'enrol'].includes(act.button);
}

/** First contact: the person's own factor says whether this account is theirs. */
async function introduce(desk: Desk, actor: Actor): Promise<Reply> {
  const identity = actor.identity as ChatIdentity;
  const outcome = await perform(desk.ports, actor, { verb: 'complete-identity', identity });
  if (!('confirm' in outcome)) return 'refused' in outcome ? refusalReply(desk, outcome, '') : { done: true };
  return confirming(desk, outcome.confirm, FIRST_CONTACT);
}

const FIRST_CONTACT =
  'I haven’t met this chat account before. Confirm with your second factor that it is yours, as my direct message to you says; then send this once more.';
const CONFIRM =
  'Confirm it with your second factor: your phone asks, and my direct message to you has the number to type, if there is one.';

/** The digits are asked for at once where nothing but an authenticator comes first; else the card says how. */
async function confirming(desk: Desk, proof: string, aside = CONFIRM): Promise<Reply> {
  if (desk.prover.order[0] !== 'totp') return { aside };
  await desk.prover.advance(proof);
  const facts = await desk.ports.store.proofFacts({ id: proof });
  return facts?.proof.method === 'totp' ? { form: codeForm(facts) } : { aside };
}

async function answerTyped(desk: Desk, actor: Actor, typed: Typed): Promise<Reply> {
  switch (typed.word) {
    case 'form':
      return form(desk, actor, {});
    case 'help':
      return { card: helpCard() };
    case 'unknown':
      return { card: helpCard(typed.typed) };
    case 'mine': {
      const { directory, now } = await desk.facts();
      return { card: mineCard(await desk.mine(actor.person), directory, now) };
    }
    case 'pending':
      return pending(desk, actor);
    case 'link':
      return { card: linkCard(await desk.ports.store.personFacts(actor.person), desk.prover.order) };
    case 'enrol':
      return letEnrol(desk, actor, typed.email);
    case 'show':
      return show(desk, actor, typed.id);
    case 'ask':
      return run(desk, actor, { verb: 'ask', ...typed, seconds: typed.seconds ?? Number.NaN });
    case 'approve':
      if (typed.badDuration) return { say: 'Write the time like 30m, 1h or 1h30m, after the id.' };
      return run(desk, actor, {
        verb: 'approve',
        id: typed.id,
        ...(typed.seconds === null ? {} : { seconds: typed.seconds }),
      });
    case 'deny':
    case 'revoke':
      return run(desk, actor, { verb: typed.word, id: typed.id, reason: typed.reason });
    case 'cancel':
    case 'return':
      return run(desk, actor, { verb: typed.word, id: typed.id });
    default:
      return typed satisfies never;
  }
}

async function answerPress(desk: Desk, actor: Actor, button: string, id: string): Promise<Reply> {
  switch (button) {
    case 'approve':
    case 'cancel':
    case 'return':
      return run(desk, actor, { verb: button, id });
    case 'deny':
    case 'revoke':
      return askReason(desk, actor, button, id);
    case 'reveal':
      return way(desk, actor, id, 'press-reveal');
    case 'new-secret':
      return way(desk, actor, id, 'press-new-secret');
    case 'confirm-browser':
    case 'not-me':
      return run(desk, actor, { verb: 'confirm-browser', link: id, itIsMe: button === 'confirm-browser' });
    case 'show':
      return show(desk, actor, id);
    case 'ask':
      return form(desk, actor, {});
    case 'apply-proposal':
    case 'refuse-proposal':
      return run(desk, actor, { verb: button, id });
    case 'resume':
      return run(desk, actor, { verb: 'resume', id });
    case 'prompt':
    case 'code':
    case 'another-way':
      return answerFactor(desk, actor, button, id);
    case 'enrol':
      return enrolPage(desk, actor, id);
    case 'add-factor':
      return run(desk, actor, {
        verb: 'offer-factor',
        person: actor.person,
        factor: desk.ports.fresh.factorId(),
      });
    case 'end-factor':
      return run(desk, actor, { verb: 'end-factor', factor: id });
    case 'end-identity':
      return endChat(desk, actor, id);
    default:
      return say({ code: 'unknown-id', typed: id }, await desk.facts());
  }
}

/** What one presses on the card that asks for one's factor. */
async function answerFactor(
  desk: Desk,
  actor: Actor,
  button: 'prompt' | 'code' | 'another-way',
  id: string,
): Promise<Reply> {
  const facts = await desk.ports.store.proofFacts({ id });
  if (!facts || facts.proof.person !== actor.person)
    return say({ code: 'confirm-not-yours' }, await desk.facts());
  if (button === 'code')
    return isTurnOf(facts.proof, 'totp', facts.now)
      ? { form: codeForm(facts) }
      : say({ code: 'proof-stale' }, facts);
  if (button === 'another-way') return replyTo(desk, await desk.prover.another(actor, id));
  const prompt = await desk.prover.prompt(actor, id);
  return 'url' in prompt ? { card: promptCard(facts, prompt.url) } : say(prompt.refused, facts);
}

/** The address of the page on which an authenticator is enrolled, for its person alone. */
async function enrolPage(desk: Desk, actor: Actor, factor: string): Promise<Reply> {
  const { url, tokenHash } = desk.freshLink('enrol');
  const outcome = await performOnFactor(desk.ports, { id: factor }, (facts) =>
    pressEnrol(facts, actor.person, tokenHash),
  );
  return 'done' in outcome ? { card: enrolCard(url) } : replyTo(desk, outcome);
}

async function letEnrol(desk: Desk, actor: Actor, email: string): Promise<Reply> {
  const facts = await desk.facts();
  const person = facts.directory.byEmail(email);
  if (!person) return say({ code: 'unknown-person', typed: email }, facts);
  const command = { verb: 'offer-factor', person: person.id, factor: desk.ports.fresh.factorId() } as const;
  return run(desk, actor, command);
}

async function endChat(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const { identities } = await desk.ports.store.personFacts(actor.person);
  const identity = identities.find((i) => identityId(i) === id);
  if (!identity) return say({ code: 'identity-ended' }, await desk.facts());
  const { platform, workspace, userId } = identity;
  return run(desk, actor, { verb: 'end-identity', identity: { platform, workspace, userId } });
}

async function answerCode(desk: Desk, actor: Actor, id: string, code: string): Promise<Reply> {
  const outcome = await desk.prover.enterCode(actor, id, code);
  if (!('refused' in outcome)) return { done: true };
  const { directory } = await desk.facts();
  const sentence = sayRefusal(outcome.refused, directory);
  // A code can be typed again where it stands; for everything else the window has done its work.
  return outcome.refused.code === 'wrong-code' ? { errors: { code: sentence } } : { say: sentence };
}

async function answerForm(
  desk: Desk,
  actor: Actor,
  { form, id, values }: { form: string; id: string; values: Values },
): Promise<Reply> {
  if (form === 'deny' || form === 'revoke')
    return asErrors(await run(desk, actor, { verb: form, id, reason: values.why ?? '' }), 'why');
  if (form === 'code') return answerCode(desk, actor, id, values.code ?? '');
  if (form !== 'ask') return say({ code: 'unknown-id', typed: form }, await desk.facts());
  const [client = '', account = ''] = (values.account ?? '').split('/');
  if (account === '') return { errors: { client: 'Choose a client, and then an account.' } };
  const command: Command = {
    verb: 'ask',
    client,
    account,
    seconds: wholeNumber(values.long),
    reason: values.why ?? '',
    ticket: values.ticket ?? null,
    ...(values.how ? { delivery: values.how as never } : {}),
    ...(values.name === undefined ? {} : { clientName: values.name }),
  };
  const outcome = await perform(desk.ports, actor, command);
  if (!('refused' in outcome)) return { done: true };
  const { directory } = await desk.facts();
  const field = FIELD_OF[outcome.refused.code] ?? 'account';
  return { errors: { [field]: sayRefusal(outcome.refused, directory, client) } };
}

/** Below which field of the request form a refusal is shown. */
const FIELD_OF: Partial<Record<Refusal['code'], string>> = {
  'bad-duration': 'long',
  'no-reason': 'why',
  'too-long': 'why',
  'holds-secret': 'why',
  'ticket-required': 'ticket',
  'bad-ticket': 'ticket',
  'client-name': 'name',
  'not-offered': 'how',
};

function asErrors(reply: Reply, field: string): Reply {
  return 'say' in reply ? { errors: { [field]: reply.say } } : reply;
}

async function form(desk: Desk, actor: Actor, values: Values): Promise<Reply> {
  const facts = await desk.facts();
  const person = facts.directory.person(actor.person);
  if (!person) return say({ code: 'nobody' }, facts);
  if (person.role === 'auditor') return say({ code: 'auditor' }, facts);
  const [client, account] = (values.account ?? '').split('/');
  const chosen = values.client ?? (client || undefined);
  return {
    form: askForm(person, facts, { client: chosen, account: client === chosen ? account : undefined }),
  };
}

async function askReason(desk: Desk, actor: Actor, form: 'deny' | 'revoke', id: string): Promise<Reply> {
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts || !mayKnowOf(facts, actor)) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const cannot = form === 'deny' ? refusalOf(whoMayDecide(facts, actor)) : whyNotRevoke(facts, actor);
  return cannot ? say(cannot, facts) : { form: reasonForm(form, facts) };
}

function refusalOf(who: object): Refusal | null {
  return 'refused' in who ? (who.refused as Refusal) : null;
}

function whyNotRevoke(facts: RequestFacts, actor: Actor): Refusal | null {
  if (!mayRevoke(facts, actor.person)) return { code: 'may-not-revoke' };
  const { grant } = facts;
  if (!grant) return { code: 'unknown-id', typed: facts.request.id };
  return grant.state === 'ended'
    ? { code: 'grant-over', grant: grant.id, outcome: grant.outcome ?? 'expired' }
    : null;
}

async function way(
  desk: Desk,
  actor: Actor,
  id: string,
  verb: 'press-reveal' | 'press-new-secret',
): Promise<Reply> {
  const { url, ...link } = desk.freshLink(verb === 'press-reveal' ? 'reveal' : 'new-secret');
  const outcome = await perform(desk.ports, actor, { verb, id, link });
  const facts = await desk.ports.store.linkFacts({ id: link.id });
  if (!('done' in outcome) || !facts) return refusalReply(desk, outcome, id);
  const seconds = (facts.link.expiresAt.getTime() - facts.link.createdAt.getTime()) / 1000;
  return { card: wayCard(facts, facts.link.purpose, url, seconds) };
}

async function pending(desk: Desk, actor: Actor): Promise<Reply> {
  const { directory, now } = await desk.facts();
  const mine = (await desk.pending()).filter((facts) => !('refused' in whoMayDecide(facts, actor)));
  return { card: pendingCard(mine, directory, now) };
}

async function show(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts || !mayKnowOf(facts, actor)) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const audience = facts.request.requester === actor.person ? 'requester' : 'deciders';
  return { card: showCard(facts, await desk.trail(facts.request.id), audience) };
}

async function run(desk: Desk, actor: Actor, command: Command): Promise<Reply> {
  const outcome = await perform(desk.ports, actor, command);
  if ('confirm' in outcome) return confirming(desk, outcome.confirm);
  if ('refused' in outcome) return refusalReply(desk, outcome, '');
  return command.verb === 'ask' ? { say: await sayAsked(desk, outcome.done) } : { done: true };
}

async function replyTo(desk: Desk, outcome: Outcome): Promise<Reply> {
  return 'refused' in outcome ? refusalReply(desk, outcome, '') : { done: true };
}

async function sayAsked(desk: Desk, id: string): Promise<string> {
  const facts = await desk.ports.store.requestFacts(id);
  const account = facts?.accountNow;
  if (!facts || !account) return `Asked: ${id}.`;
  const what = `${facts.client?.name ?? account.client}, ${accountLine(account)}, ${sayDuration(facts.request.seconds)}`;
  return facts.grant
    ? `${facts.grant.id} is yours: ${what}.`
    : `Asked: ${id}. ${what}. You will hear here when it is decided.`;
}

/** A refusal as a sentence, with the card of what they already have where that helps. */
async function refusalReply(desk: Desk, outcome: Outcome, typed: string): Promise<Reply> {
  const refused = 'refused' in outcome ? outcome.refused : ({ code: 'unknown-id', typed } as const);
  const has =
    refused.code === 'already-pending'
      ? refused.request
      : refused.code === 'already-holding'
        ? refused.grant
        : null;
  const facts = has === null ? null : await desk.ports.store.requestFacts(requestIdOf(has));
  const { directory } = facts ?? (await desk.facts());
  if (!facts) return { say: sayRefusal(refused, directory) };
  const card = requestCard(facts, 'requester');
  return { card: { ...card, lines: [{ said: sayRefusal(refused, directory) }, ...card.lines] } };
}

function say(refused: Refusal, facts: Facts): Reply {
  return { say: sayRefusal(refused, facts.directory) };
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
