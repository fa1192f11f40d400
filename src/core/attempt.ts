/** One judgement of one command by what is stored now: which verb it is, and on whose record a refusal of it stands. */

import { type ConfigurationCommand, judgeConfiguration } from './apply.js';
import { type Ask, ask, cancel, lapse } from './ask.js';
import type { Change } from './change.js';
import type { Command } from './command.js';
import { approve, deny } from './decide.js';
import { endFactor, offerFactor } from './enrol.js';
import type { Facts, PersonFacts, RequestFacts } from './facts.js';
import { requestIdOf } from './grant.js';
import { completeIdentity, endIdentity } from './identify.js';
import { resume } from './incident.js';
import { type Judged, refusalOnRecord } from './judged.js';
import type { Actor } from './people.js';
import { mayDecide } from './policy.js';
import type { Ports } from './ports.js';
import type { Refusal } from './refusals.js';
import { confirmBrowser, pressReveal } from './reveal.js';
import { expire, giveBack, pressNewSecret, revoke, setSecret } from './revoke.js';
import { rotateKeys } from './rotate-keys.js';

/** A judgement, and the id of what it makes or changes. */
export interface Attempt {
  readonly judged: Judged;
  readonly id: string;
  /** What was made is a question to the person's factor. */
  readonly asks?: true;
}

export async function attempt(ports: Ports, actor: Actor, command: Command): Promise<Attempt> {
  if (actor.met && command.verb !== 'complete-identity')
    return unknown(ports, actor, command.verb, { code: 'link-first' });
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
  if (command.verb === 'resume') return attemptResume(ports, actor, command.id);
  if (isOwn(command)) return attemptOwn(ports, actor, command);
  if (isOnConfiguration(command)) return attemptConfiguration(ports, actor, command);
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

async function attemptResume(ports: Ports, actor: Actor, id: string): Promise<Attempt> {
  const facts = await ports.store.alertFacts(id);
  if (!facts) return unknown(ports, actor, 'resume', { code: 'settled-already' });
  return onRecord(facts, actor, 'resume', 'operator', id, resume(facts, actor));
}

type Own = Extract<
  Command,
  { verb: 'complete-identity' | 'end-identity' | 'offer-factor' | 'end-factor' | 'rotate-keys' }
>;

/** What concerns a person's own ways in, rather than an account. */
function isOwn(command: Command): command is Own {
  return (
    command.verb === 'complete-identity' ||
    command.verb === 'end-identity' ||
    command.verb === 'offer-factor' ||
    command.verb === 'end-factor' ||
    command.verb === 'rotate-keys'
  );
}

async function attemptOwn(ports: Ports, actor: Actor, command: Own): Promise<Attempt> {
  const about = command.verb === 'offer-factor' ? command.person : actor.person;
  const facts = await ports.store.personFacts(about);
  const chain = facts.directory.person(about)?.client ?? 'operator';
  return onRecord(facts, actor, command.verb, chain, about, onOwn(ports, facts, actor, command));
}

function onOwn(ports: Ports, facts: PersonFacts, actor: Actor, command: Own): Judged {
  switch (command.verb) {
    case 'complete-identity':
      return completeIdentity(facts, actor, command.identity, ports.fresh.alertId());
    case 'end-identity':
      return endIdentity(facts, actor, command.identity, ports.fresh.alertId());
    case 'offer-factor':
      return offerFactor(facts, actor, command.factor, ports.fresh.alertId());
    case 'end-factor':
      return endFactor(facts, actor, command.factor, ports.fresh.alertId());
    case 'rotate-keys':
      return rotateKeys(facts, actor, command.key);
  }
}

function isOnConfiguration(command: Command): command is ConfigurationCommand {
  return command.verb === 'apply' || command.verb === 'apply-proposal' || command.verb === 'refuse-proposal';
}

/** `done` is the version that is in force from here on, or the proposal that was made or refused. */
async function attemptConfiguration(
  ports: Ports,
  actor: Actor,
  command: ConfigurationCommand,
): Promise<Attempt> {
  const asked = command.verb === 'apply' ? null : command.id;
  const facts = await ports.store.configurationFacts(asked);
  const born = { proposal: ports.fresh.proposalId(), alert: ports.fresh.alertId() };
  const judged = judgeConfiguration(facts, actor, command, born);
  const subject = facts.proposal?.id ?? 'keyturn.yaml';
  const attempted = onRecord(facts, actor, command.verb, 'operator', subject, judged);
  const next = 'change' in judged ? judged.change?.configuration : undefined;
  if (next) return { ...attempted, id: String(next.version) };
  return command.verb === 'apply' ? { ...attempted, id: born.proposal } : attempted;
}

type OnRequest = Exclude<
  Command,
  Own | ConfigurationCommand | { verb: 'ask' | 'set-secret' | 'confirm-browser' | 'resume' }
>;

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
export function onRecord(
  facts: Facts,
  actor: Actor,
  verb: string,
  chain: string,
  id: string,
  judged: Judged,
): Attempt {
  if ('change' in judged && !('refused' in judged))
    return { judged: guarded(actor, verb, judged.change), id };
  if (!('refused' in judged) || judged.change || actor.via === 'system') return { judged, id };
  // A stranger's tries are counted by the edge, not chained: nobody may grow a chain at will.
  if (!facts.directory.person(actor.person)) return { judged, id };
  const change = refusalOnRecord(facts, actor, chain, { verb, subject: id }, judged.refused);
  return { judged: { refused: judged.refused, change }, id };
}

/** Somebody may be paused between the judging and the commit; what lessens access goes on. */
function guarded(actor: Actor, verb: string, change: Change): Judged {
  const lessens = verb === 'return' || verb === 'cancel' || actor.via === 'system';
  if (lessens) return { change };
  return { change: { ...change, guards: [...change.guards, { noun: 'unpaused', id: actor.person }] } };
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
