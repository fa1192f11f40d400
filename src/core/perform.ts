/** The one way in: every button, typed command, form, page and CLI verb comes through `perform`. */

import { type ConfigurationCommand, judgeConfiguration } from './apply.js';
import { type Ask, ask, cancel, lapse } from './ask.js';
import type { Change, SealedSecret } from './change.js';
import { approve, deny } from './decide.js';
import { endFactor, offerFactor } from './enrol.js';
import type { FactorFacts, Facts, PersonFacts, ProofFacts, RequestFacts } from './facts.js';
import { requestIdOf } from './grant.js';
import { completeIdentity, endIdentity } from './identify.js';
import { resume } from './incident.js';
import { type Judged, refusalOnRecord } from './judged.js';
import type { Actor, ChatIdentity, PersonId } from './people.js';
import { mayDecide } from './policy.js';
import type { Ports } from './ports.js';
import type { Needs } from './proof.js';
import { askProof } from './prove.js';
import type { Refusal } from './refusals.js';
import { askBrowser, type BrowserAsk, claim, confirmBrowser, type FreshLink, pressReveal } from './reveal.js';
import { enterNewSecret, expire, giveBack, pressNewSecret, revoke, setSecret } from './revoke.js';
import { rotateKeys } from './rotate-keys.js';

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
  | { readonly verb: 'set-secret'; readonly sealed: SealedSecret }
  /** A chat account of one's own, met by e-mail, completed by one's factor. */
  | { readonly verb: 'complete-identity'; readonly identity: ChatIdentity }
  | { readonly verb: 'end-identity'; readonly identity: ChatIdentity }
  /** A lead settles an incident: the person it paused may act again. */
  | { readonly verb: 'resume'; readonly id: string }
  /** An authenticator for oneself (by a factor one has) or, as a lead, for somebody. */
  | { readonly verb: 'offer-factor'; readonly person: PersonId; readonly factor: string }
  | { readonly verb: 'end-factor'; readonly factor: string }
  /** `key`: the id of the master key that shall wrap the data keys; whoever is told that it is done wraps them. */
  | { readonly verb: 'rotate-keys'; readonly key: string }
  | ConfigurationCommand;

/** What a browser with a link wants; it has no name until the link's owner vouches for it. */
export type BrowserCommand =
  | ({ readonly verb: 'ask-browser' } & BrowserAsk)
  | { readonly verb: 'claim'; readonly browserHash: string }
  | { readonly verb: 'enter-new-secret'; readonly browserHash: string; readonly sealed: SealedSecret };

/** `confirm`: nothing is done yet; the person's factor is asked, and this is the proof that waits. */
export type Outcome =
  | { readonly done: string }
  | { readonly refused: Refusal }
  | { readonly confirm: string };

const ATTEMPTS = 40;

/**
 * Judges a command by what is stored now and commits what came of it. Judged
 * again whenever something moved in between. A refusal is put on record in the
 * chain of the client it concerns and answered as a value; `done` is the id of
 * what the command made or changed.
 */
export async function perform(
  ports: Ports,
  actor: Actor,
  command: Command,
  proof?: string,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = proof === undefined ? null : await ports.store.proofFacts({ id: proof });
    const who = facts ? { ...actor, proof: facts.proof } : actor;
    const attempted = await attempt(ports, who, command);
    return 'needs' in attempted.judged
      ? attemptProof(ports, actor, attempted.judged.needs, command)
      : attempted;
  });
}

/** What waits to be done once the factor says yes. A secret never waits: whoever brought it does. */
async function attemptProof(ports: Ports, actor: Actor, needs: Needs, command: Command): Promise<Attempt> {
  const facts = await ports.store.personFacts(actor.person);
  const id = ports.fresh.proofId();
  const waits = actor.via === 'cli' ? null : { ...command };
  const judged = askProof(facts, actor, needs, waits, id);
  const made = onRecord(facts, actor, needs.act, needs.client ?? 'operator', needs.subject.id, judged);
  return { ...made, id, asks: true };
}

/** Something about a proof, judged by what is stored of it until it is settled. */
export async function performOnProof(
  ports: Ports,
  by: { readonly id: string } | { readonly stateHash: string },
  judge: (facts: ProofFacts) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.proofFacts(by);
    if (!facts) return { judged: { refused: { code: 'proof-stale' } }, id: '' };
    return { judged: judge(facts), id: facts.proof.id };
  });
}

/** The same for a factor that Keyturn keeps. */
export async function performOnFactor(
  ports: Ports,
  by: { readonly id: string } | { readonly tokenHash: string },
  judge: (facts: FactorFacts) => Judged,
): Promise<Outcome> {
  return untilSettled(ports, async () => {
    const facts = await ports.store.factorFacts(by);
    if (!facts) return { judged: { refused: { code: 'enrol-over' } }, id: '' };
    return { judged: judge(facts), id: facts.factor.id };
  });
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
  /** What was made is a question to the person's factor. */
  readonly asks?: true;
}

async function untilSettled(ports: Ports, judgeOnce: () => Promise<Attempt>): Promise<Outcome> {
  for (let n = 1; n <= ATTEMPTS; n++) {
    const { judged, id, asks } = await judgeOnce();
    if ('needs' in judged) throw new Error('an act that has to be proven came to an entrance without proofs');
    const outcome: Outcome =
      'refused' in judged ? { refused: judged.refused } : asks ? { confirm: id } : { done: id };
    if (!judged.change) return outcome;
    const committed = await ports.store.commit(judged.change);
    if (committed === 'repeated') return { refused: { code: 'repeated' } };
    if (committed === 'done') return outcome;
    await ports.pause(n);
  }
  return { refused: { code: 'busy' } };
}

async function attempt(ports: Ports, actor: Actor, command: Command): Promise<Attempt> {
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
function onRecord(
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
