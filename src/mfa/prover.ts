/** Carries a proof from the question to the answer, by whichever factor the person has, and then does what waits for it. */

import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Secret } from '../config/secret.js';
import { another, anotherMethod, insteadOfPush, methodsFor, prompted, waiting } from '../core/ask-factor.js';
import type { Outcome } from '../core/command.js';
import { activeFactor } from '../core/factor.js';
import type { ProofFacts } from '../core/facts.js';
import { codesLeft, pushWait } from '../core/fatigue.js';
import type { Judged } from '../core/judged.js';
import type { Actor } from '../core/people.js';
import { performOnProof } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import {
  duoName,
  isTurnOf,
  type Method,
  type Proof,
  type ProofFailure,
  PUSH_SECONDS,
} from '../core/proof.js';
import type { Refusal } from '../core/refusals.js';
import { allowed, settled, wrongCode } from '../core/settle-proof.js';
import { type Advanced, ProofKeeper, type Trouble } from './proof-keeper.js';
import { hasFailed } from './provider.js';
import type { Providers } from './providers.js';
import { PushAsker } from './push-asker.js';
import { verifyTotp } from './totp.js';

export interface ProverOptions {
  readonly ports: Ports;
  readonly providers: Providers;
  /** Opens what an authenticator of ours was sealed with. */
  readonly openFactor: (factor: { readonly id: string; readonly sealed: string }) => Promise<Secret>;
  readonly log: Logger;
}

/** Not being enrolled in Duo holds for all of Duo: its prompt would offer to enrol whoever sits there. */
const DUO: readonly Method[] = ['duo_push', 'duo_universal'];
/** While Duo can't be asked, whoever has an authenticator is asked for its code; everybody else is refused. */
const AWAY: readonly ProofFailure[] = ['unreachable', 'too-slow', 'rate-limited'];

export class Prover {
  readonly #ports: Ports;
  readonly #providers: Providers;
  readonly #options: ProverOptions;
  readonly #keeper: ProofKeeper;
  readonly #pushes: PushAsker;

  constructor(options: ProverOptions) {
    this.#options = options;
    this.#ports = options.ports;
    this.#providers = options.providers;
    this.#keeper = new ProofKeeper(options.ports, options.log);
    this.#pushes = new PushAsker(options.ports, this.#keeper, options.providers.push);
  }

  /** The factors that can be asked here, in order. */
  get order(): readonly Method[] {
    return this.#providers.order;
  }

  /** Stops looking at Duo; what waits there goes on at the next start, or on another replica. */
  stop(): void {
    this.#pushes.leave();
  }

  /** The next step of a proof that waits for a factor. Safe to repeat, on any replica. */
  async advance(id: string): Promise<Advanced> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (!facts) return;
    const { proof, now } = facts;
    if (proof.state === 'spent') return this.#keeper.sayDone(id);
    if (proof.state === 'allowed') return this.#keeper.finishAllowed(proof, now);
    if (proof.state !== 'asked' && proof.state !== 'waiting') return;
    if (now >= proof.expiresAt)
      return this.#keeper.put(proof, (f) => settled(f, 'timeout', this.#keeper.alertId()));
    if (proof.state === 'asked') return this.#ask(facts);
    if (proof.method === 'duo_push' && proof.txid !== null) return this.#pushes.look(proof);
    const rings = proof.pushedAt !== null && now.getTime() < proof.pushedAt.getTime() + PUSH_SECONDS * 1000;
    if (proof.txid !== null && rings) return this.#pushes.hearReport(proof);
    return { again: Math.max(0.1, (proof.expiresAt.getTime() - now.getTime()) / 1000) };
  }

  /** The digits of an authenticator, as typed. What waits is done at once, and answered. */
  async enterCode(actor: Actor, id: string, typed: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    const factor = facts && activeFactor(facts.factors);
    if (!facts || facts.proof.person !== actor.person) return { refused: { code: 'confirm-not-yours' } };
    if (!factor || factor.sealed === null) return { refused: { code: 'no-factor-yet' } };
    const secret = await this.#options.openFactor({ id: factor.id, sealed: factor.sealed });
    const alert = this.#keeper.alertId();
    const outcome = await performOnProof(this.#ports, { id }, (f) =>
      judgeCode(f, actor, secret, typed, alert),
    );
    if (!('done' in outcome)) return outcome;
    return this.#keeper.actNow(id);
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
    await this.#keeper.fail(facts.proof, started);
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
      await this.#keeper.put(facts.proof, (f) => settled(f, 'denied', this.#keeper.alertId()));
      return { facts, outcome: await this.#keeper.outcome(id) };
    }
    const expected = { username: duoName(person), state, askedAt: promptedAt as Date, now: facts.now };
    const verdict = await this.#providers.universal.finish({ code, state }, expected);
    await this.#keeper.take(facts.proof, verdict);
    return { facts, outcome: await this.#keeper.outcome(id) };
  }

  /** Another factor of theirs, by their own wish. */
  async another(actor: Actor, id: string): Promise<Outcome> {
    const outcome = await performOnProof(this.#ports, { id }, (facts) => {
      const method = anotherMethod(facts, this.order);
      return method === null ? { refused: { code: 'no-other-way' } } : another(facts, actor, method);
    });
    if ('done' in outcome) this.#pushes.leave(id);
    return outcome;
  }

  async #ask(facts: ProofFacts): Promise<Advanced> {
    const { proof } = facts;
    const person = facts.directory.person(proof.person);
    if (!person) return this.#keeper.fail(proof, { failed: 'no-factor', detail: 'the person has left' });
    const notTheirs: Method[] = [];
    let why: Trouble | null = null;
    for (;;) {
      const [method] = methodsFor(facts, this.order, notTheirs);
      if (method === undefined)
        return this.#keeper.fail(proof, why ?? { failed: 'no-factor', detail: 'none is enrolled' });
      if (method !== 'duo_push') return this.#turn(proof, method, why);
      const wait = pushWait(facts);
      if (wait > 0) return { again: wait };
      const sent = await this.#pushes.send(facts, duoName(person));
      if (sent === undefined || sent === 'sent') return;
      if (sent.failed === 'not-enrolled' || AWAY.includes(sent.failed)) notTheirs.push(...DUO);
      else if (sent.failed === 'no-push') notTheirs.push('duo_push');
      else return this.#keeper.fail(proof, sent);
      if (proof.wish !== null) return this.#keeper.fail(proof, sent);
      why = sent;
    }
  }

  /** Another factor than a push: the first that they have, or the first that could be reached. */
  #turn(proof: Proof, method: Method, why: Trouble | null): Promise<undefined> {
    if (why === null) return this.#keeper.put(proof, (f) => waiting(f, method, null));
    this.#options.log.warn({ proof: proof.id, why: why.failed, detail: why.detail }, 'no push could be had');
    return this.#keeper.put(proof, (f) => insteadOfPush(f, method, why.failed, this.#keeper.alertId()));
  }
}

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
