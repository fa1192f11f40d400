/** What a person did in a chat, carried out, and what they are answered. */

import { digestCard } from '../core/cards/digest-card.js';
import { linkCard } from '../core/cards/identity-card.js';
import { wayCard } from '../core/cards/link-card.js';
import { helpCard, mineCard, pendingCard, showCard } from '../core/cards/lists.js';
import type { Audience } from '../core/cards/request-card.js';
import { whoMayDecide } from '../core/decide.js';
import { digestNow, mayReadDigest } from '../core/digest.js';
import type { RequestFacts } from '../core/facts.js';
import { requestIdOf } from '../core/grant.js';
import { mayKnowOf } from '../core/may-know.js';
import type { Actor, PersonId } from '../core/people.js';
import { perform } from '../core/perform.js';
import { mayDecide } from '../core/policy.js';
import { mayRevoke } from '../core/revoke.js';
import { readWords, type Typed } from '../core/words.js';
import type { Act, Desk, Reply } from './act.js';
import { answerForm, askGlass, askReason, askReview, form, wholeNumber } from './answer-form.js';
import { connect, sshKey } from './connect.js';
import { askCode, isCodeAsk, showAsk } from './give-code.js';
import { home } from './home.js';
import { askMore, extendTyped } from './more-time.js';
import { isSweep, letOffboard, openOffboard, showSweep } from './offboard.js';
import { refusalReply, run, say } from './outcome.js';
import { answerFactor, endChat, enrolPage, introduce, isOwnFactor, letEnrol } from './own-factor.js';
import { report, visitWay } from './report.js';

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

async function answerTyped(desk: Desk, actor: Actor, typed: Typed): Promise<Reply> {
  switch (typed.word) {
    case 'form':
      return form(desk, actor, {});
    case 'help':
      return { card: helpCard() };
    case 'unknown':
      return { card: helpCard(typed.typed) };
    case 'home':
      return { cards: await home(desk, actor) };
    case 'mine': {
      const { directory, now } = await desk.facts();
      return { card: mineCard(await desk.mine(actor.person), directory, now) };
    }
    case 'pending':
      return pending(desk, actor);
    case 'digest':
      return digest(desk, actor);
    case 'link':
      return { card: linkCard(await desk.ports.store.personFacts(actor.person), desk.prover.order) };
    case 'enrol':
      return letEnrol(desk, actor, typed.email);
    case 'ssh-key':
      return sshKey(desk, actor, typed.line);
    case 'rotate': {
      const { client, account } = typed;
      return run(desk, actor, { verb: 'rotate', client, account, insists: false });
    }
    case 'offboard':
      return letOffboard(desk, actor, typed.who);
    case 'show-sweep':
      return showSweep(desk, actor, typed.id);
    case 'show':
      return show(desk, actor, typed.id);
    case 'report':
      return typed.page ? report(desk, actor, typed.page) : say({ code: 'report-typed' }, await desk.facts());
    case 'sessions':
      return visitWay(desk, actor, 'sessions');
    case 'ask':
      return run(desk, actor, { verb: 'ask', ...typed, seconds: typed.seconds ?? Number.NaN });
    case 'break-glass-form':
      return askGlass(desk, actor);
    case 'break-glass': {
      const { asked } = typed;
      return run(desk, actor, { verb: 'break-glass', ...asked, seconds: asked.seconds ?? Number.NaN });
    }
    case 'review':
      return typed.verdict === null
        ? { say: 'Write your word and why, like: review R-8F3KQ2 justified the server was down.' }
        : run(desk, actor, { verb: 'review', id: typed.id, verdict: typed.verdict, note: typed.note });
    case 'approve':
      if (typed.badDuration) return { say: 'Write the time like 30m, 1h or 1h30m, after the id.' };
      return run(desk, actor, {
        verb: 'approve',
        id: typed.id,
        ...(typed.seconds === null ? {} : { seconds: typed.seconds }),
      });
    case 'extend':
      return extendTyped(desk, actor, typed);
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
    case 'extend':
      return askMore(desk, actor, id);
    case 'reveal':
      return way(desk, actor, id, 'press-reveal');
    case 'connect':
      return connect(desk, actor, id);
    case 'end-session':
      return run(desk, actor, { verb: 'end-session', id });
    case 'end-ssh-key':
      return run(desk, actor, { verb: 'end-ssh-key', key: id });
    case 'new-secret':
      return way(desk, actor, id, 'press-new-secret');
    case 'confirm-browser':
    case 'not-me':
      return run(desk, actor, { verb: 'confirm-browser', link: id, itIsMe: button === 'confirm-browser' });
    case 'give-code':
      return askCode(desk, actor, id);
    case 'show':
      if (isCodeAsk(id)) return showAsk(desk, actor, id);
      return isSweep(id) ? showSweep(desk, actor, id) : show(desk, actor, id);
    case 'offboard':
      return openOffboard(desk, actor, id);
    case 'drop-sweep':
      return run(desk, actor, { verb: button, id });
    case 'report':
    case 'sweep-result':
      return visitWay(desk, actor, id);
    case 'ask':
      return form(desk, actor, {});
    case 'apply-proposal':
    case 'refuse-proposal':
      return run(desk, actor, { verb: button, id });
    case 'break-glass':
      return askGlass(desk, actor);
    case 'review':
      return askReview(desk, actor, id);
    case 'allow-glass':
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

/** Today's so far, to whoever may read it; nothing is sent to anybody. */
async function digest(desk: Desk, actor: Actor): Promise<Reply> {
  const bare = await desk.facts();
  const may = mayReadDigest(bare, actor);
  if ('refused' in may) return say(may.refused, bare);
  const card = digestCard(digestNow(await desk.digest(), may.person), may.person.id, null);
  return card ? { card } : say({ code: 'digest-not-yours' }, bare);
}

async function show(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const facts = await desk.ports.store.requestFacts(requestIdOf(id));
  if (!facts || !mayKnowOf(facts, actor)) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const audience = audienceOf(facts, actor.person);
  const mayEnd = facts.directory.isLead(actor.person);
  return { card: showCard(facts, await desk.trail(facts.request.id), audience, mayEnd) };
}

/** Buttons go to whoever may press them; everybody else reads the same without. */
function audienceOf(facts: RequestFacts, person: PersonId): Audience {
  if (facts.request.requester === person) return 'requester';
  const { policyNow, request, directory } = facts;
  const decides = policyNow !== undefined && mayDecide(policyNow, request, directory).includes(person);
  return decides || (request.state !== 'pending' && mayRevoke(facts, person)) ? 'deciders' : 'told';
}
