/** The forms: what they hold, and what is made of what was sent. */

import { askForm, reasonForm } from '../core/cards/forms.js';
import { glassForm, reviewForm } from '../core/cards/glass-form.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Command } from '../core/command.js';
import { whoMayDecide } from '../core/decide.js';
import type { RequestFacts } from '../core/facts.js';
import { requestIdOf } from '../core/grant.js';
import { mayKnowOf } from '../core/may-know.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Refusal } from '../core/refusals.js';
import { whyNotReview } from '../core/review-glass.js';
import { mayRevoke } from '../core/revoke.js';
import { readDuration } from '../core/words.js';
import type { Desk, Reply, Values } from './act.js';
import { answerGiven } from './give-code.js';
import { answerMore } from './more-time.js';
import { answerOffboard } from './offboard.js';
import { confirming, run, say } from './outcome.js';
import { answerCode } from './own-factor.js';

export async function answerForm(
  desk: Desk,
  actor: Actor,
  { form, id, values }: { form: string; id: string; values: Values },
): Promise<Reply> {
  if (form === 'deny' || form === 'revoke')
    return asErrors(await run(desk, actor, { verb: form, id, reason: values.why ?? '' }), 'why');
  if (form === 'review') return answerReview(desk, actor, id, values);
  if (form === 'break-glass') return answerGlass(desk, actor, values);
  if (form === 'extend') return answerMore(desk, actor, id, values);
  if (form === 'offboard') return answerOffboard(desk, actor, id, values);
  if (form === 'give-code') return answerGiven(desk, actor, id, values.code ?? '');
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

async function answerReview(desk: Desk, actor: Actor, id: string, values: Values): Promise<Reply> {
  const { verdict, why = '' } = values;
  if (verdict !== 'justified' && verdict !== 'misuse')
    return { errors: { verdict: 'Say whether it was justified or misuse.' } };
  return asErrors(await run(desk, actor, { verb: 'review', id, verdict, note: why }), 'why');
}

async function answerGlass(desk: Desk, actor: Actor, values: Values): Promise<Reply> {
  const [client = '', account = ''] = (values.glass ?? '').split('/');
  if (account === '') return { errors: { glass: 'Choose the account.' } };
  const outcome = await perform(desk.ports, actor, {
    verb: 'break-glass',
    ...{ client, account, seconds: readDuration(values.long ?? '') ?? Number.NaN },
    ...{ reason: values.why ?? '', ticket: values.ticket ?? null },
  });
  if ('confirm' in outcome) return confirming(desk, outcome.confirm);
  if (!('refused' in outcome)) return { done: true };
  const { directory } = await desk.facts();
  const field = FIELD_OF[outcome.refused.code] ?? 'glass';
  return { errors: { [field]: sayRefusal(outcome.refused, directory, client) } };
}

/** Below which field of the request form a refusal is shown. */
const FIELD_OF: Partial<Record<Refusal['code'], string>> = {
  'bad-duration': 'long',
  'no-reason': 'why',
  'short-reason': 'why',
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

export async function form(desk: Desk, actor: Actor, values: Values): Promise<Reply> {
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

/** The form of whoever breaks the glass. */
export async function askGlass(desk: Desk, actor: Actor): Promise<Reply> {
  const facts = await desk.facts();
  const person = facts.directory.person(actor.person);
  if (!person) return say({ code: 'nobody' }, facts);
  return person.role === 'auditor' ? say({ code: 'auditor' }, facts) : { form: glassForm(person, facts) };
}

/** The form of whoever reviews a break-glass. */
export async function askReview(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts || !mayKnowOf(facts, actor)) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const cannot = whyNotReview(facts, actor.person);
  return cannot ? say(cannot, facts) : { form: reviewForm(facts) };
}

export async function askReason(
  desk: Desk,
  actor: Actor,
  form: 'deny' | 'revoke',
  id: string,
): Promise<Reply> {
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

export function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
