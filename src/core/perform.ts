/** The one way in: every button, typed command, form, page and CLI verb comes through `perform`. */

import { type Ask, ask, cancel, lapse } from './ask.js';
import type { SealedSecret } from './change.js';
import { approve, deny } from './decide.js';
import type { AccountFacts, RequestFacts } from './facts.js';
import { requestIdOf } from './grant.js';
import { type Judged, refusalOnRecord } from './judged.js';
import type { Actor } from './people.js';
import { mayDecide } from './policy.js';
import type { CustodyFacts, Ports } from './ports.js';
import type { Refusal } from './refusals.js';
import { askBrowser, type BrowserAsk, claim, confirmBrowser, type FreshLink, pressReveal } from './reveal.js';
import { enterNewSecret, expire, giveBack, pressNewSecret, revoke, setSecret } from './revoke.js';

/** What somebody wants done. Ids are opaque: everything behind them is looked up and authorised again. */
export type Command =
  | ({ readonly verb: 'ask' } & Ask)
  | { readonly verb: 'approve'; readonly id: string; readonly seconds?: number }
  | { readonly verb: 'deny'; readonly id: string; readonly reason: string }
  | { readonly verb: 'cancel' | 'return' | 'lapse' | 'expire'; readonly id: string }
  | { readonly verb: 'revoke'; readonly id: string; readonly reason: string }
  | ({ readonly verb: 'press-reveal' | 'press-new-secret'; readonly id: string } & {
      readonly link: FreshLink;
    })
  | { readonly verb: 'confirm-browser'; readonly link: string; readonly itIsMe: boolean }
  | { readonly verb: 'set-secret'; readonly sealed: SealedSecret };

/** What a browser with a link wants; it has no name until the link's owner vouches for it. */
export type BrowserCommand =
  | ({ readonly verb: 'ask-browser' } & BrowserAsk)
  | { readonly verb: 'claim'; readonly browserHash: string }
  | { readonly verb: 'enter-new-secret'; readonly browserHash: string; readonly sealed: SealedSecret };

export type Outcome = { readonly done: string } | { readonly refused: Refusal };

const ATTEMPTS = 40;

/**
 * Judges a command by what is stored now and commits what came of it. Judged
 * again whenever something moved in between. A refusal is put on record in the
 * chain of the client it concerns and answered as a value; `done` is the id of
 * what the command made or changed.
 */
export async function perform(ports: Ports, actor: Actor, command: Command): Promise<Outcome> {
  return untilSettled(ports, () => attempt(ports, actor, command));
}

/** The same for a browser that holds a link's token. */
export async function performInBrowser(
  ports: Ports,
  tokenHash: string,
  command: BrowserCommand,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.linkFacts({ tokenHash });
    if (!facts) return { judged: { refused: { code: 'link-over' } }, id: '' };
    const id = facts.link.id;
    switch (command.verb) {
      case 'ask-browser':
        return { judged: askBrowser(facts, command), id };
      case 'claim':
        return { judged: claim(facts, command.browserHash, ports.fresh.exposureId()), id };
      case 'enter-new-secret':
        return { judged: enterNewSecret(facts, command.browserHash, command.sealed), id };
    }
  });
}

interface Attempt {
  readonly judged: Judged;
  readonly id: string;
}

async function untilSettled(ports: Ports, judgeOnce: () => Promise<Attempt>): Promise<Outcome> {
  for (let n = 1; n <= ATTEMPTS; n++) {
    const { judged, id } = await judgeOnce();
    if (!judged.change) return 'refused' in judged ? { refused: judged.refused } : { done: id };
    const committed = await ports.store.commit(judged.change);
    if (committed === 'repeated') return { refused: { code: 'repeated' } };
    if (committed === 'done') return 'refused' in judged ? { refused: judged.refused } : { done: id };
    await ports.pause(n);
  }
  return { refused: { code: 'busy' } };
}

async function attempt(ports: Ports, actor: Actor, command: Command): Promise<Attempt> {
  if (command.verb === 'ask') return attemptAsk(ports, actor, command);
  if (command.verb === 'set-secret') {
    const { client, account } = command.sealed;
    const facts = await ports.store.accountFacts(client, account);
    const judged = setSecret(facts, actor, command.sealed);
    return onRecord(facts, actor, command.verb, client, `${client}/${account}`, judged);
  }
  if (command.verb === 'confirm-browser') {
    const facts = await ports.store.linkFacts({ id: command.link });
    if (!facts) return unknown(ports, actor, command.verb, { code: 'link-over' });
    const judged = confirmBrowser(facts, actor, command.itIsMe);
    return onRecord(facts, actor, command.verb, facts.request.client, facts.link.id, judged);
  }
  const facts = await ports.store.requestFacts(requestIdOf(command.id));
  if (!facts || !mayKnowOf(facts, actor))
    return unknown(ports, actor, command.verb, { code: 'unknown-id', typed: command.id });
  const judged = onRequest(facts, actor, command);
  return onRecord(facts, actor, command.verb, facts.request.client, facts.request.id, judged);
}

/** Somebody tries ids. On record in the operator's chain, without what they typed: it may be another client's. */
async function unknown(ports: Ports, actor: Actor, verb: string, refused: Refusal): Promise<Attempt> {
  const facts = await ports.store.accountFacts('', '');
  return onRecord(facts, actor, verb, 'operator', 'an unknown id', { refused });
}

async function attemptAsk(ports: Ports, actor: Actor, command: Ask & { verb: 'ask' }): Promise<Attempt> {
  const facts = await ports.store.accountFacts(command.client, command.account);
  const id = ports.fresh.requestId();
  const judged = ask(facts, actor, command, id);
  const known = facts.directory.account(command.client, command.account);
  const may = 'refused' in judged && judged.refused.code !== 'unknown-account';
  // A refusal goes into a client's chain only where the person may know of that client.
  const chain = known && may ? command.client : 'operator';
  const subject = known && may ? `${command.client}/${command.account}` : 'an account';
  return { ...onRecord(facts, actor, 'ask', chain, subject, judged), id };
}

type OnRequest = Exclude<Command, { verb: 'ask' | 'set-secret' | 'confirm-browser' }>;

function onRequest(facts: RequestFacts, actor: Actor, command: OnRequest): Judged {
  switch (command.verb) {
    case 'approve':
      return approve(facts, actor, command.seconds);
    case 'deny':
      return deny(facts, actor, command.reason);
    case 'cancel':
      return cancel(facts, actor);
    case 'lapse':
      return lapse(facts, actor);
    case 'return':
      return giveBack(facts, actor);
    case 'expire':
      return expire(facts, actor);
    case 'revoke':
      return revoke(facts, actor, command.reason);
    case 'press-reveal':
      return pressReveal(facts, actor, command.link);
    case 'press-new-secret':
      return pressNewSecret(facts, actor, command.link);
  }
}

/** Puts a refusal on record, unless it brought a change of its own, or is the clock's own. */
function onRecord(
  facts: AccountFacts | CustodyFacts,
  actor: Actor,
  verb: string,
  chain: string,
  id: string,
  judged: Judged,
): Attempt {
  if (!('refused' in judged) || judged.change || actor.via === 'system') return { judged, id };
  // A stranger's tries are counted by the edge, not chained: nobody may grow a chain at will.
  if (!facts.directory.person(actor.person)) return { judged, id };
  const change = refusalOnRecord(facts, actor, chain, { verb, subject: id }, judged.refused);
  return { judged: { refused: judged.refused, change }, id };
}

/**
 * Whether the actor may know that this request exists. Contacts know their own
 * client's only; staff know those of clients they work for or decide on; leads
 * and auditors know all.
 */
export function mayKnowOf(facts: RequestFacts, actor: Actor): boolean {
  if (actor.via === 'system') return true;
  const { request, directory, policyNow } = facts;
  const person = directory.person(actor.person);
  if (!person) return false;
  if (person.kind === 'contact') return person.client === request.client;
  if (person.role === 'auditor' || person.tier === 'lead' || request.requester === person.id) return true;
  const client = directory.client(request.client);
  if (client && directory.serves(person, client)) return true;
  return policyNow !== undefined && mayDecide(policyNow, request, directory).includes(person.id);
}
