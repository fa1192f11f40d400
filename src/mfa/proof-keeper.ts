/** Keeps what a factor said of a proof, does what waits for a yes, and says what came of it. */

import type { Logger } from 'pino';
import { codeTold } from '../core/ask-factor.js';
import { sayRefusal } from '../core/cards/say-refusal.js';
import type { Command, Outcome } from '../core/command.js';
import type { ProofFacts } from '../core/facts.js';
import type { Judged } from '../core/judged.js';
import { perform, performOnProof } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { actorOf, type Proof, type ProofFailure } from '../core/proof.js';
import { allowed, done, failed, moot, settled } from '../core/settle-proof.js';
import type { Verdict } from './provider.js';

/** Look at it again after so many seconds; nothing where it is settled. */
export type Advanced = { readonly again: number } | undefined;

/** Why a factor gave no answer that counts; `detail` is for the log alone. */
export interface Trouble {
  readonly failed: ProofFailure;
  readonly detail: string;
}

/** Whoever took a yes does at once what waits for it; so much later, whoever finds it undone does. */
const HEAD_START_SECONDS = 2;

export class ProofKeeper {
  readonly #ports: Ports;
  readonly #log: Logger;

  constructor(ports: Ports, log: Logger) {
    this.#ports = ports;
    this.#log = log;
  }

  /** What was allowed and not done yet: whoever took the yes is at it, or was stopped. */
  async finishAllowed(proof: Proof, now: Date): Promise<Advanced> {
    const wait = HEAD_START_SECONDS - (now.getTime() - (proof.settledAt ?? now).getTime()) / 1000;
    if (wait > 0) return { again: wait };
    if (proof.command !== null) return this.#act(proof);
    // At the command line, whoever asked does it themselves.
    if (now < proof.expiresAt) return { again: 1 };
    return this.put(proof, (f) => settled(f, 'timeout', this.alertId()));
  }

  /** Keeps what came of a question, unless the person has chosen another way meanwhile: then it says nothing any more. */
  async put({ id, method, txid, wish }: Proof, judge: (facts: ProofFacts) => Judged): Promise<undefined> {
    await performOnProof(this.#ports, { id }, (f) => {
      const same = f.proof.method === method && f.proof.txid === txid && f.proof.wish === wish;
      return same ? judge(f) : { refused: { code: 'proof-stale' } };
    });
  }

  async fail(proof: Proof, { failed: why, detail }: Trouble): Promise<undefined> {
    this.#log.warn({ proof: proof.id, why, detail }, 'a second factor failed');
    return this.put(proof, (f) => failed(f, why, this.alertId()));
  }

  /** What a factor said, kept. Only an allow is a proof. */
  async take(proof: Proof, verdict: Verdict): Promise<Advanced> {
    switch (verdict.verdict) {
      case 'waiting':
        if (verdict.code !== null) await this.put(proof, (f) => codeTold(f, verdict.code as string));
        return { again: Math.max(0.05, verdict.pauseMs / 1000) };
      case 'allowed':
        await this.put(proof, (f) => allowed(f, verdict));
        await this.actNow(proof.id);
        return;
      case 'denied':
      case 'fraud':
      case 'timeout':
        return this.put(proof, (f) => settled(f, verdict.verdict, this.alertId()));
      case 'failed':
        if (verdict.failed === 'aborted') return { again: 0 };
        if (verdict.retryable) return { again: 1 };
        return this.fail(proof, verdict);
      default:
        return verdict satisfies never;
    }
  }

  async actNow(id: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (facts?.proof.state === 'allowed') await this.#act(facts.proof);
    return this.outcome(id);
  }

  /** Does what waits. What can't be done any more is said, and the proof is good for nothing else. */
  async #act(proof: Proof): Promise<Advanced> {
    if (proof.command === null) return;
    const command = proof.command as unknown as Command;
    const outcome = await perform(this.#ports, actorOf(proof), command, proof.id);
    if (!('refused' in outcome)) return this.sayDone(proof.id);
    const { refused } = outcome;
    if (refused.code === 'busy') return { again: 1 };
    await performOnProof(this.#ports, { id: proof.id }, (f) =>
      moot(f, sayRefusal(refused, f.directory, f.proof.client ?? '')),
    );
  }

  async sayDone(id: string): Promise<undefined> {
    await performOnProof(this.#ports, { id }, done);
  }

  /** What came of it, as an answer to whoever waits. */
  async outcome(id: string): Promise<Outcome> {
    const facts = await this.#ports.store.proofFacts({ id });
    if (!facts) return { refused: { code: 'proof-stale' } };
    const { proof } = facts;
    if (proof.state === 'spent' || proof.state === 'allowed') return { done: proof.subjectId };
    if (proof.state === 'failed' && proof.failure !== null)
      return { refused: { code: 'factor-failed', failure: proof.failure } };
    return { refused: { code: 'not-confirmed-by', state: proof.state, said: proof.said } };
  }

  alertId(): string {
    return this.#ports.fresh.alertId();
  }
}
