/** Carries a proof from the question to the answer, by whichever factor the person has, and then does what waits for it. */

import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Secret } from '../config/secret.js';
import {
  another,
  anotherMethod,
  codeTold,
  insteadOfPush,
  methodsFor,
  prompted,
  sending,
  waiting,
} from '../core/ask-factor.js';
import { headlineOf } from '../core/cards/say-proof.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Command, Outcome } from '../core/command.js';
import { activeFactor } from '../core/factor.js';
import type { ProofFacts } from '../core/facts.js';
import { codesLeft, pushWait } from '../core/fatigue.js';
import type { Judged } from '../core/judged.js';
import type { Actor } from '../core/people.js';
import { perform, performOnProof } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import {
  actorOf,
  duoName,
  isTurnOf,
  type Method,
  type Proof,
  type ProofFailure,
  PUSH_SECONDS,
} from '../core/proof.js';
import type { Refusal } from '../core/refusals.js';
import { allowed, done, failed, moot, settled, wrongCode } from '../core/settle-proof.js';
import { type Failed, hasFailed, type Verdict } from './provider.js';
import type { Providers } from './providers.js';
import { verifyTotp } from './totp.js';

export interface ProverOptions {
  readonly ports: Ports;
  readonly providers: Providers;
  /** Opens what an authenticator of ours was sealed with. */
  readonly openFactor: (factor: { readonly id: string; readonly sealed: string }) => Promise<Secret>;
  readonly log: Logger;
}

/** Look at it again after so many seconds; nothing where it is settled. */
export type Advanced = { readonly again: number } | undefined;

/** One look at Duo waits no longer, so that another replica can go on soon after this one is killed. */
const POLL_MS = 5_000;
/** A push that a stopped Keyturn may or may not have sent is sent once more, and no third time. */
const MOST_SENDS = 2;
/** Whoever took a yes does at once what waits for it; so much later, whoever finds it undone does. */
const HEAD_START_SECONDS = 2;
/** Not being enrolled in Duo holds for all of Duo: its prompt would offer to enrol whoever sits there. */
const DUO: readonly Method[] = ['duo_push', 'duo_universal'];
/** While Duo can't be asked, whoever has an authenticator is asked for its code; everybody else is refused. */
const AWAY: readonly ProofFailure[] = ['unreachable', 'too-slow', 'rate-limited'];

export class Prover {
  readonly #ports: Ports;
  readonly #providers: Providers;
  readonly #options: ProverOptions;
  readonly #polls = new Map<string, AbortController>();

  constructor(options: ProverOptions) {
    this.#options = options;
    this.#ports = options.ports;
    this.#providers = options.providers;
  }

  /** The factors that can be asked here, in order. */
  get order(): readonly Method[] {
    return this.#providers.order;
  }

  /** Stops looking at Duo; what waits there goes on at the next start, or on another replica. */
  stop(): void {
    for (const poll of this.#polls.values()) poll.abort();
  }

  /** The next step of a proof that waits for a factor. Safe to repeat, on any replica. */
  async advance(id: string): Promise<Advanced> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (!facts) return;
    const { proof, now } = facts;
    if (proof.state === 'spent') return this.#sayDone(id);
    if (proof.state === 'allowed') return this.#finish(proof, now);
    if (proof.state !== 'asked' && proof.state !== 'waiting') return;
    if (now >= proof.expiresAt) return this.#put(proof, (f) => settled(f, 'timeout', this.#alert()));
    if (proof.state === 'asked') return this.#ask(facts);
    if (proof.method === 'duo_push' && proof.txid !== null) return this.#poll(proof);
    const rings = proof.pushedAt !== null && now.getTime() < proof.pushedAt.getTime() + PUSH_SECONDS * 1000;
    if (proof.txid !== null && rings) return this.#hearReport(proof, proof.txid);
    return { again: Math.max(0.1, (proof.expiresAt.getTime() - now.getTime()) / 1000) };
  }

  /** What was allowed and not done yet: whoever took the yes is at it, or was stopped. */
  async #finish(proof: Proof, now: Date): Promise<Advanced> {
    const wait = HEAD_START_SECONDS - (now.getTime() - (proof.settledAt ?? now).getTime()) / 1000;
    if (wait > 0) return { again: wait };
    if (proof.command !== null) return this.#act(proof);
    // At the command line, whoever asked does it themselves.
    if (now < proof.expiresAt) return { again: 1 };
    return this.#put(proof, (f) => settled(f, 'timeout', this.#alert()));
  }

  /** The digits of an authenticator, as typed. What waits is done at once, and answered. */
  async enterCode(actor: Actor, id: string, typed: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    const factor = facts && activeFactor(facts.factors);
    if (!facts || facts.proof.person !== actor.person) return { refused: { code: 'confirm-not-yours' } };
    if (!factor || factor.sealed === null) return { refused: { code: 'no-factor-yet' } };
    const secret = await this.#options.openFactor({ id: factor.id, sealed: factor.sealed });
    const alert = this.#alert();
    const outcome = await performOnProof(this.#ports, { id }, (f) =>
      judgeCode(f, actor, secret, typed, alert),
    );
    if (!('done' in outcome)) return outcome;
    return this.#actNow(id);
  }

  /** The address of Duo's own page for this person. A former address is answered by nothing. */
  async prompt(actor: Actor, id: string): Promise<{ readonly url: string } | { readonly refused: Refusal }> {
    const { universal } = this.#providers;
    const facts = await this.#ports.store.proofFacts({ id });
    const person = facts?.directory.person(actor.person);
    if (!facts || !person || !universal) return { refused: { code: 'proof-stale' } };
    const state = randomBytes(32).toString('base64url');
    const kept = await performOnProof(this.#ports, { id }, (f) => prompted(f, actor, hash(state)));
    if ('refused' in kept) return kept;
    const started = await universal.start(duoName(person), state);
    if (!hasFailed(started)) return { url: started.url };
    await this.#fail(facts.proof, started);
    return { refused: { code: 'factor-failed', failure: started.failed } };
  }

  /** What the browser brought back from Duo. `facts` are of the proof that it was for; null where there is none. */
  async finish(
    state: string | null,
    code: string | null,
    error: string | null = null,
  ): Promise<{ readonly facts: ProofFacts | null; readonly outcome: Outcome }> {
    const stale = { facts: null, outcome: { refused: { code: 'proof-stale' } } } as const;
    if (!state || !this.#providers.universal) return stale;
    const stateHash = hash(state);
    const facts = await this.#ports.store.proofFacts({ stateHash });
    const person = facts?.directory.person(facts.proof.person);
    if (!facts || !person || !isTurnOf(facts.proof, 'duo_universal', facts.now)) return stale;
    const { id, promptedAt } = facts.proof;
    // Spent by the first return, whatever that one brings.
    const claimed = await performOnProof(this.#ports, { stateHash }, (f) => spendState(f));
    if (!('done' in claimed)) return stale;
    // The person turned back at Duo's page.
    if (code === null && error === 'access_denied') {
      await this.#put(facts.proof, (f) => settled(f, 'denied', this.#alert()));
      return { facts, outcome: await this.#outcome(id) };
    }
    const expected = { username: duoName(person), state, askedAt: promptedAt as Date, now: facts.now };
    const verdict = await this.#providers.universal.finish({ code, state }, expected);
    await this.#take(facts.proof, verdict);
    return { facts, outcome: await this.#outcome(id) };
  }

  /** Another factor of theirs, by their own wish. */
  async another(actor: Actor, id: string): Promise<Outcome> {
    const outcome = await performOnProof(this.#ports, { id }, (facts) => {
      const method = anotherMethod(facts, this.order);
      return method === null ? { refused: { code: 'no-other-way' } } : another(facts, actor, method);
    });
    if ('done' in outcome) this.#polls.get(id)?.abort();
    return outcome;
  }

  async #ask(facts: ProofFacts): Promise<Advanced> {
    const { proof } = facts;
    const person = facts.directory.person(proof.person);
    if (!person) return this.#fail(proof, { failed: 'no-factor', detail: 'the person has left' });
    const notTheirs: Method[] = [];
    let why: Failure | null = null;
    for (;;) {
      const [method] = methodsFor(facts, this.order, notTheirs);
      if (method === undefined)
        return this.#fail(proof, why ?? { failed: 'no-factor', detail: 'none is enrolled' });
      if (method !== 'duo_push') return this.#turn(proof, method, why);
      const wait = pushWait(facts);
      if (wait > 0) return { again: wait };
      const sent = await this.#push(facts, duoName(person));
      if (sent === undefined || !hasFailed(sent)) return;
      if (sent.failed === 'not-enrolled' || AWAY.includes(sent.failed)) notTheirs.push(...DUO);
      else if (sent.failed === 'no-push') notTheirs.push('duo_push');
      else return this.#fail(proof, sent);
      if (proof.wish !== null) return this.#fail(proof, sent);
      why = sent;
    }
  }

  /** Another factor than a push: the first that they have, or the first that could be reached. */
  #turn(proof: Proof, method: Method, why: Failure | null): Promise<undefined> {
    if (why === null) return this.#put(proof, (f) => waiting(f, method, null));
    this.#options.log.warn({ proof: proof.id, why: why.failed, detail: why.detail }, 'no push could be had');
    return this.#put(proof, (f) => insteadOfPush(f, method, why.failed, this.#alert()));
  }

  /** Sends one push; undefined where another replica is at it. */
  async #push({ proof }: ProofFacts, username: string): Promise<object | Failure | undefined> {
    const { push } = this.#providers;
    if (!push) return { failed: 'no-push', detail: 'duo_push is not configured' };
    if (proof.sends >= MOST_SENDS)
      return { failed: 'lost', detail: 'sent twice, and the answer of neither kept' };
    const mine = await performOnProof(this.#ports, { id: proof.id }, (f) =>
      f.proof.version === proof.version ? sending(f) : { refused: { code: 'proof-stale' } },
    );
    if (!('done' in mine)) return undefined;
    const started = await push.start({ username, act: headlineOf(proof), facts: proof.facts });
    if (hasFailed(started)) return started;
    const { txid, code } = started;
    await this.#put(proof, (f) => waiting(f, 'duo_push', { txid, code }));
    return {};
  }

  /**
   * A push that its person has turned away from still lies on their phone. Whoever is in
   * their chat account could have turned away from it for them: "I didn't ask for this"
   * is heard of it, and nothing else.
   */
  async #hearReport(proof: Proof, txid: string): Promise<Advanced> {
    const { push } = this.#providers;
    const verdict = await push?.poll({ txid, code: null }, AbortSignal.timeout(POLL_MS));
    if (verdict?.verdict === 'fraud') return this.#put(proof, (f) => settled(f, 'fraud', this.#alert()));
    const silent = verdict?.verdict === 'waiting' || (verdict?.verdict === 'failed' && verdict.retryable);
    return { again: silent ? 0.5 : PUSH_SECONDS };
  }

  async #poll(proof: Proof): Promise<Advanced> {
    const { push } = this.#providers;
    if (!push) return this.#fail(proof, { failed: 'refused', detail: 'duo_push is not configured any more' });
    const abort = new AbortController();
    this.#polls.set(proof.id, abort);
    try {
      const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(POLL_MS)]);
      const verdict = await push.poll({ txid: proof.txid as string, code: proof.code }, signal);
      return await this.#take(proof, verdict);
    } finally {
      this.#polls.delete(proof.id);
    }
  }

  /** What a factor said, kept. Only an allow is a proof. */
  async #take(proof: Proof, verdict: Verdict): Promise<Advanced> {
    switch (verdict.verdict) {
      case 'waiting':
        if (verdict.code !== null) await this.#put(proof, (f) => codeTold(f, verdict.code as string));
        return { again: Math.max(0.05, verdict.pauseMs / 1000) };
      case 'allowed':
        await this.#put(proof, (f) => allowed(f, verdict));
        await this.#actNow(proof.id);
        return;
      case 'denied':
      case 'fraud':
      case 'timeout':
        return this.#put(proof, (f) => settled(f, verdict.verdict, this.#alert()));
      case 'failed':
        if (verdict.failed === 'aborted') return { again: 0 };
        if (verdict.retryable) return { again: 1 };
        return this.#fail(proof, verdict);
      default:
        return verdict satisfies never;
    }
  }

  async #fail(proof: Proof, { failed: why, detail }: Failure): Promise<undefined> {
    this.#options.log.warn({ proof: proof.id, why, detail }, 'a second factor failed');
    return this.#put(proof, (f) => failed(f, why, this.#alert()));
  }

  /** Keeps what came of a question, unless the person has chosen another way meanwhile: then it says nothing any more. */
  async #put({ id, method, txid, wish }: Proof, judge: (facts: ProofFacts) => Judged): Promise<undefined> {
    await performOnProof(this.#ports, { id }, (f) => {
      const same = f.proof.method === method && f.proof.txid === txid && f.proof.wish === wish;
      return same ? judge(f) : { refused: { code: 'proof-stale' } };
    });
  }

  async #actNow(id: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (facts?.proof.state === 'allowed') await this.#act(facts.proof);
    return this.#outcome(id);
  }

  /** Does what waits. What can't be done any more is said, and the proof is good for nothing else. */
  async #act(proof: Proof): Promise<Advanced> {
    if (proof.command === null) return;
    const command = proof.command as unknown as Command;
    const outcome = await perform(this.#ports, actorOf(proof), command, proof.id);
    if (!('refused' in outcome)) return this.#sayDone(proof.id);
    const { refused } = outcome;
    if (refused.code === 'busy') return { again: 1 };
    await performOnProof(this.#ports, { id: proof.id }, (f) =>
      moot(f, sayRefusal(refused, f.directory, f.proof.client ?? '')),
    );
  }

  async #sayDone(id: string): Promise<undefined> {
    await performOnProof(this.#ports, { id }, done);
  }

  /** What came of it, as an answer to whoever waits. */
  async #outcome(id: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (!facts) return { refused: { code: 'proof-stale' } };
    const { proof } = facts;
    if (proof.state === 'spent' || proof.state === 'allowed') return { done: proof.subjectId };
    if (proof.state === 'failed' && proof.failure !== null)
      return { refused: { code: 'factor-failed', failure: proof.failure } };
    return { refused: { code: 'not-confirmed-by', state: proof.state, said: proof.said } };
  }

  #alert(): string {
    return this.#ports.fresh.alertId();
  }
}

type Failure = { readonly failed: ProofFailure; readonly detail: string } | Failed;

function judgeCode(facts: ProofFacts, actor: Actor, secret: Secret, typed: string, alert: string): Judged {
  const { proof, now } = facts;
  if (!isTurnOf(proof, 'totp', now)) return { refused: { code: 'proof-stale' } };
  const left = codesLeft(facts);
  if (left <= 0) return { refused: { code: 'too-many-codes' } };
  const factor = activeFactor(facts.factors);
  if (!factor) return { refused: { code: 'no-factor-yet' } };
  const result = verifyTotp(secret, typed, factor.lastStep, now);
  if (result.ok)
    return allowed(facts, {
      method: 'totp',
      evidence: `${factor.id} ${result.timeStep}`,
      step: result.timeStep,
    });
  // What isn't six digits is a slip of the thumb, not a guess.
  if (result.why === 'malformed') return { refused: { code: 'wrong-code', left } };
  return wrongCode(facts, actor, alert);
}

function spendState({ proof, ...facts }: ProofFacts): Judged {
  const row: Proof = { ...proof, stateHash: null, version: proof.version + 1 };
  return {
    change: {
      directory: facts.directory.version,
      guards: [],
      writes: [{ put: 'proof', row }],
      audit: [],
      notices: [],
    },
  };
}

function hash(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}
