/** A client's contact types a one-time code for somebody's page: asked in chat, sealed here, and never said again. */

import { Secret } from '../config/secret.js';
import { codeCard, giveCodeForm } from '../core/cards/code-card.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import { type CodeAsk, readCode } from '../core/code-window.js';
import { whyNotGive } from '../core/codes.js';
import type { LinkFacts } from '../core/facts.js';
import { mayKnowOf } from '../core/may-know.js';
import type { Actor } from '../core/people.js';
import { perform } from '../core/perform.js';
import type { Desk, Reply } from './act.js';
import { say } from './outcome.js';

export function isCodeAsk(id: string): boolean {
  return id.startsWith('K-');
}

/** The form for the digits, or why there is none. */
export async function askCode(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const found = await find(desk, actor, id);
  if (!found) return say({ code: 'unknown-id', typed: id }, await desk.facts());
  const { facts, ask } = found;
  const cannot = whyNotGive(facts, ask, actor);
  return cannot ? say(cannot, facts) : { form: giveCodeForm(facts, ask) };
}

/** What came of the asking, to those who may answer it: the way back from the form. */
export async function showAsk(desk: Desk, actor: Actor, id: string): Promise<Reply> {
  const found = await find(desk, actor, id);
  return found
    ? { card: codeCard(found.facts, found.ask) }
    : say({ code: 'unknown-id', typed: id }, await desk.facts());
}

/** What was typed, sealed for the one page that it goes to. */
export async function answerGiven(desk: Desk, actor: Actor, id: string, typed: string): Promise<Reply> {
  const found = await find(desk, actor, id);
  const code = readCode(typed);
  if (found && code === null)
    return { errors: { code: sayRefusal({ code: 'bad-code' }, found.facts.directory) } };
  // Whoever may not answer is refused, and on record, by the one way in; nothing of theirs is sealed.
  const may = found && code !== null && whyNotGive(found.facts, found.ask, actor) === null;
  const sealed = may ? await desk.sealCode(placeOf(found), new Secret(code)) : '';
  const outcome = await perform(desk.ports, actor, { verb: 'give-code', ask: id, sealed });
  if (!('refused' in outcome)) return { done: true };
  const { directory } = found?.facts ?? (await desk.facts());
  return { say: sayRefusal(outcome.refused, directory) };
}

interface Found {
  readonly facts: LinkFacts;
  readonly ask: CodeAsk;
}

async function find(desk: Desk, actor: Actor, id: string): Promise<Found | null> {
  const facts = await desk.ports.store.linkFacts({ ask: id });
  const ask = facts?.codeAsks.find((one) => one.id === id);
  return facts && ask && mayKnowOf(facts, actor) ? { facts, ask } : null;
}

function placeOf({ facts, ask }: Found) {
  return { client: facts.request.client, link: ask.link, n: ask.n };
}
