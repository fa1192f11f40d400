/** Brings the systems of clients to what is recorded: takes back, changes passwords, makes what grants need. It never gives up on an end. */

import type { Logger } from 'pino';
import { TryLater } from '../chat/chat.js';
import type { Secret } from '../config/secret.js';
import { type Connector, TargetError } from '../connectors/connector.js';
import type { System } from '../core/accounts.js';
import { nextStep, type Step, systemOf, type TargetFacts } from '../core/at-target.js';
import type { Change } from '../core/change.js';
import type { Grant, Revocation } from '../core/grant.js';
import { type Failure, troubled } from '../core/take-back.js';
import type { StorePorts } from '../store/store.js';
import { Breakers } from './breakers.js';
import type { Handler } from './outbox.js';
import { Hanging, TargetSteps } from './target-steps.js';

/** Where passwords are opened and sealed. */
export interface TargetVault {
  openSecret(client: string, account: string, version: number): Promise<Secret>;
  sealSecret(secret: Secret, place: { client: string; account: string; version: number }): Promise<string>;
  openPrepared(place: { client: string; account: string; version: number }, sealed: string): Promise<Secret>;
  sealLogin(client: string, login: string, secret: Secret): Promise<string>;
  openLogin(client: string, login: string, sealed: string): Promise<Secret>;
}

export interface TargetDesk {
  readonly ports: StorePorts;
  readonly vault: TargetVault;
  /** Null where no connector serves this type. */
  readonly connect: (system: System) => Promise<Connector | null>;
  readonly log: Logger;
}

/** The jobs of `client/account`, each a few steps at most before others have their turn. */
export function targetJobs(desk: TargetDesk): Readonly<Record<'target', Handler>> {
  const breakers = new Breakers();
  return { target: (id) => new Work(desk, breakers, id).run() };
}

const MOST_STEPS = 12;

class Work {
  readonly #place: readonly [client: string, account: string];
  readonly #steps: TargetSteps;

  constructor(
    private readonly desk: TargetDesk,
    private readonly breakers: Breakers,
    id: string,
  ) {
    const [client = '', account = ''] = id.split('/');
    this.#place = [client, account];
    this.#steps = new TargetSteps(desk);
  }

  async run(): Promise<{ again: number } | undefined> {
    try {
      for (let n = 0; n < MOST_STEPS; n++) {
        const facts = await this.#facts();
        const step = nextStep(facts);
        if (!step) return undefined;
        await this.#takeAll(facts, step);
      }
      return { again: 0 };
    } finally {
      await this.#steps.close();
    }
  }

  #facts(): Promise<TargetFacts> {
    return this.desk.ports.store.targetFacts(...this.#place);
  }

  /** One step; ends that were found together are taken back together, since none of them is news to another. */
  async #takeAll(facts: TargetFacts, first: Step): Promise<void> {
    let known = facts;
    for (let step: Step | null = first; step; ) {
      await this.#take(known, step);
      if (!('revocation' in step)) return;
      const { revocation }: { revocation: Revocation } = step;
      known = { ...known, due: known.due.filter((one) => one !== revocation) };
      const next = nextStep(known);
      step = next && 'revocation' in next ? next : null;
    }
  }

  async #take(facts: TargetFacts, step: Step): Promise<void> {
    const system = systemOf(facts, step);
    const key = system && `${system.client}/${system.id}`;
    const known = key === null ? null : this.breakers.failureOf(key);
    if (known && needsTarget(step)) throw await this.#put(facts, step, known.failure, known.seconds);
    let change: Change;
    try {
      change = await this.#steps.take(facts, step);
      if (key !== null && needsTarget(step)) this.breakers.worked(key);
    } catch (error) {
      const failure = this.#failure(error, system);
      if (key !== null && isOfSystem(error)) this.breakers.failed(key, failure);
      throw await this.#put(facts, step, failure, 0);
    }
    const committed = await this.desk.ports.store.commit(change);
    if (committed !== 'done' && step.do === 'provide') await this.#undoLate(step.grant);
  }

  /** It may have been made after its end was taken back. */
  async #undoLate(grant: Grant): Promise<void> {
    const facts = await this.desk.ports.store.requestFacts(grant.request);
    if (facts?.grant?.state !== 'ended' || facts.revocation?.state !== 'done') return;
    await this.#steps.undo(await this.#facts(), grant);
  }

  /** Puts on record what keeps it from being done, and says when it is tried again. */
  async #put(facts: TargetFacts, step: Step, failure: Failure, wait: number): Promise<TryLater> {
    const { ports } = this.desk;
    const change = troubled(facts, step, failure, ports.fresh.alertId());
    // Behind an open breaker only what is news is written: thousands may wait for one system.
    if (wait === 0 || change.audit.length > 0 || change.notices.length > 0) await ports.store.commit(change);
    return new TryLater(failure.says, Math.max(wait, this.breakers.pauseOf(facts)));
  }

  #failure(error: unknown, system: System | null): Failure {
    if (error instanceof Hanging) return { says: error.message, isUntrusted: false, isPressing: true };
    if (error instanceof TargetError)
      return { says: error.message, isUntrusted: error.trouble === 'untrusted', isPressing: false };
    this.desk.log.error({ err: error, place: this.#place.join('/') }, 'targets: a fault of ours');
    return {
      says: `Something went wrong on Keyturn’s side at ${system?.id ?? 'its system'}; the log has it under ${this.#place.join('/')}.`,
      isUntrusted: false,
      isPressing: false,
    };
  }
}

/** What isn't settled within Keyturn alone. */
function needsTarget(step: Step): boolean {
  return !['settle', 'drop', 'give-up'].includes(step.do);
}

/** Troubles that the next account of the same system would have too. */
function isOfSystem(error: unknown): boolean {
  return error instanceof TargetError && ['unreachable', 'untrusted', 'not-allowed'].includes(error.trouble);
}
