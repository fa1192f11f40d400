/** A push from its sending to the person's answer, over restarts and on any replica. */

import { sending, waiting } from '../core/ask-factor.js';
import { headlineOf } from '../core/cards/say-proof.js';
import type { ProofFacts } from '../core/facts.js';
import { performOnProof } from '../core/perform.js';
import type { Ports } from '../core/ports.js';
import { type Proof, PUSH_SECONDS } from '../core/proof.js';
import { settled } from '../core/settle-proof.js';
import type { DuoPush } from './duo-push.js';
import type { Advanced, ProofKeeper, Trouble } from './proof-keeper.js';
import { hasFailed, type Verdict } from './provider.js';

/** One look at Duo waits no longer, so that another replica can go on soon after this one is killed. */
const POLL_MS = 5_000;
/** A push that a stopped Keyturn may or may not have sent is sent once more, and no third time. */
const MOST_SENDS = 2;

export class PushAsker {
  readonly #looks = new Map<string, AbortController>();

  constructor(
    private readonly ports: Ports,
    private readonly keeper: ProofKeeper,
    private readonly duo: DuoPush | null,
  ) {}

  /** Stops looking at Duo for this proof, or for all of them: there is something else to do. */
  leave(id?: string): void {
    for (const [proof, look] of this.#looks) if (id === undefined || id === proof) look.abort();
  }

  /** Sends one push. Undefined where another replica is at it. */
  async send({ proof }: ProofFacts, username: string): Promise<'sent' | Trouble | undefined> {
    if (!this.duo) return { failed: 'no-push', detail: 'duo_push is not configured' };
    if (proof.sends >= MOST_SENDS)
      return { failed: 'lost', detail: 'sent twice, and the answer of neither kept' };
    const mine = await performOnProof(this.ports, { id: proof.id }, (f) =>
      f.proof.version === proof.version ? sending(f) : { refused: { code: 'proof-stale' } },
    );
    if (!('done' in mine)) return undefined;
    const started = await this.duo.start({ username, act: headlineOf(proof), facts: proof.facts });
    if (hasFailed(started)) return started;
    const { txid, code } = started;
    await this.keeper.put(proof, (f) => waiting(f, 'duo_push', { txid, code }));
    return 'sent';
  }

  /** Has the person answered? */
  async look(proof: Proof): Promise<Advanced> {
    const verdict = await this.#poll(proof, proof.code);
    if (verdict) return this.keeper.take(proof, verdict);
    return this.keeper.fail(proof, { failed: 'refused', detail: 'duo_push is not configured any more' });
  }

  /**
   * A push that its person has turned away from still lies on their phone. Whoever is in
   * their chat account could have turned away from it for them: "I didn't ask for this"
   * is heard of it, and nothing else.
   */
  async hearReport(proof: Proof): Promise<Advanced> {
    const verdict = await this.#poll(proof, null);
    if (verdict?.verdict === 'fraud')
      return this.keeper.put(proof, (f) => settled(f, 'fraud', this.keeper.alertId()));
    const silent = verdict?.verdict === 'waiting' || (verdict?.verdict === 'failed' && verdict.retryable);
    return { again: silent ? 0.5 : PUSH_SECONDS };
  }

  async #poll({ id, txid }: Proof, code: string | null): Promise<Verdict | undefined> {
    const look = new AbortController();
    this.#looks.set(id, look);
    try {
      const signal = AbortSignal.any([look.signal, AbortSignal.timeout(POLL_MS)]);
      return await this.duo?.poll({ txid: txid as string, code }, signal);
    } finally {
      this.#looks.delete(id);
    }
  }
}
