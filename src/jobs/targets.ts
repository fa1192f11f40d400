/** Brings the systems of clients to what is recorded: takes back, changes passwords, makes what grants need. It never gives up on an end. */

import type { Logger } from 'pino';
import { TryLater } from '../chat/chat.js';
import type { Secret } from '../config/secret.js';
import { type Connector, TargetError } from '../connectors/connector.js';
import type { System } from '../core/accounts.js';
import { nextStep, type Step, systemOf, type TargetFacts, untilOf } from '../core/at-target.js';
import type { Change } from '../core/change.js';
import type { Grant, Revocation } from '../core/grant.js';
import { gaveUp, provided, sealedLogin } from '../core/provide.js';
import { dropped, prepared, rotated } from '../core/rotate.js';
import { type Failure, takenBack, troubled } from '../core/take-back.js';
import type { ReadBack, Target } from '../core/target.js';
import type { StorePorts } from '../store/store.js';
import { generatePassword } from '../vault/password.js';
import { Breakers } from './breakers.js';
import type { Handler } from './outbox.js';

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
  readonly #open = new Map<string, Connector>();

  constructor(
    private readonly desk: TargetDesk,
    private readonly breakers: Breakers,
    id: string,
  ) {
    const [client = '', account = ''] = id.split('/');
    this.#place = [client, account];
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
      for (const connector of this.#open.values())
        await connector
          .close()
          .catch((err) => this.desk.log.warn({ err }, 'targets: a connection would not close'));
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
      change = await this.#change(facts, step, system);
      if (key !== null && needsTarget(step)) this.breakers.worked(key);
    } catch (error) {
      const failure = this.#failure(error, system);
      if (key !== null && isOfSystem(error)) this.breakers.failed(key, failure);
      throw await this.#put(facts, step, failure, 0);
    }
    const committed = await this.desk.ports.store.commit(change);
    if (committed !== 'done' && step.do === 'provide') await this.#undoLate(step.grant);
  }

  /** What was made for a grant that has ended meanwhile may come after its end was taken back: it is taken back once more. */
  async #undoLate(grant: Grant): Promise<void> {
    const facts = await this.desk.ports.store.requestFacts(grant.request);
    if (facts?.grant?.state !== 'ended' || facts.revocation?.state !== 'done') return;
    const target = grant.target as Target;
    const connector = await this.#connector(await this.#facts(), { do: 'provide', grant });
    if (target.kind === 'elevation') await connector.withdraw?.({ ...target, grant: grant.id });
    else await connector.disable?.(target.login);
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

  async #connector(facts: TargetFacts, step: Step): Promise<Connector> {
    const system = systemOf(facts, step);
    if (!system)
      throw new TargetError(
        'missing',
        'The configuration has no system for this account any more. Write it back, or change it by hand.',
      );
    const key = `${system.client}/${system.id}`;
    const open = this.#open.get(key) ?? (await this.desk.connect(system));
    if (!open)
      throw new TargetError(
        'missing',
        `No connector serves ${system.id}, a system of type ${system.type}. Change it by hand.`,
      );
    this.#open.set(key, open);
    return open;
  }

  async #change(facts: TargetFacts, step: Step, _system: System | null): Promise<Change> {
    switch (step.do) {
      case 'withdraw': {
        const { revocation } = step;
        const elevation = revocation.undo?.withdraw as Extract<Target, { kind: 'elevation' }>;
        const connector = await this.#connector(facts, step);
        return takenBack(
          facts,
          revocation,
          await able(connector, 'withdraw')({ ...elevation, grant: revocation.grant }),
        );
      }
      case 'disable': {
        const { revocation } = step;
        const connector = await this.#connector(facts, step);
        return takenBack(
          facts,
          revocation,
          await able(connector, 'disable')(revocation.undo?.disable?.login ?? ''),
        );
      }
      case 'settle': {
        const by = facts.lentBy[step.revocation.grant];
        return takenBack(facts, step.revocation, by === undefined ? {} : { stillLentBy: by });
      }
      case 'prepare':
        return this.#prepare(facts, step);
      case 'rotate':
        return this.#rotate(facts, step);
      case 'drop':
        return dropped(facts, step.rotation, 'somebody entered a later password by hand');
      case 'seal':
        return this.#seal(facts, step);
      case 'provide':
        return this.#provide(facts, step);
      case 'give-up':
        return gaveUp(facts, step.grant);
    }
  }

  async #prepare(facts: TargetFacts, step: Extract<Step, { do: 'prepare' }>): Promise<Change> {
    const connector = await this.#connector(facts, step);
    const login = loginOf(facts);
    const hanging =
      step.rotation?.cause === 'insisted' ? [] : ((await connector.dependencies?.(login)) ?? []);
    if (hanging.length > 0) throw new Hanging(sayHanging(facts, hanging));
    const { client, account } = facts.place;
    const from = await this.#current(facts);
    const secret = (await connector.newPassword?.(login, from)) ?? generatePassword();
    const place = { client, account, version: (facts.secret?.version ?? 0) + 1 };
    const sealed = await this.desk.vault.sealSecret(secret, place);
    return prepared(facts, step.rotation, sealed, this.desk.ports.fresh.rotationId());
  }

  async #rotate(facts: TargetFacts, step: Extract<Step, { do: 'rotate' }>): Promise<Change> {
    const connector = await this.#connector(facts, step);
    const login = loginOf(facts);
    const { client, account } = facts.place;
    const version = step.rotation.secretVersion as number;
    const sealed = step.rotation.sealed as string;
    const to = await this.desk.vault.openPrepared({ client, account, version }, sealed);
    const from = await this.#current(facts);
    const readBack = await connector.rotate(login, to, from);
    const seen = await proveRotated(connector, facts, login, to, from);
    return rotated(facts, step.rotation, { ...readBack, ...seen }, this.desk.ports.fresh.alertId());
  }

  async #current({ place, secret }: TargetFacts): Promise<Secret | null> {
    return secret ? this.desk.vault.openSecret(place.client, place.account, secret.version) : null;
  }

  async #seal(facts: TargetFacts, step: Extract<Step, { do: 'seal' }>): Promise<Change> {
    const connector = await this.#connector(facts, step);
    const { client, target } = step.grant;
    const login = (target as Target).login;
    const secret = (await connector.newPassword?.(login, null)) ?? generatePassword();
    return sealedLogin(facts, step.grant, await this.desk.vault.sealLogin(client, login, secret));
  }

  async #provide(facts: TargetFacts, step: Extract<Step, { do: 'provide' }>): Promise<Change> {
    const { grant } = step;
    const target = grant.target as Target;
    const until = untilOf(facts, grant);
    const connector = await this.#connector(facts, step);
    if (target.kind === 'login')
      return provided(facts, grant, until, await able(connector, 'enable')(target.login, until));
    const sealed = grant.made?.sealed ?? null;
    const password =
      sealed === null ? null : await this.desk.vault.openLogin(grant.client, target.login, sealed);
    const readBack = await able(connector, 'elevate')({ ...target, grant: grant.id }, until, password);
    return provided(facts, grant, until, readBack);
  }
}

/** Something would break with the present password: that takes somebody's word, and no further try changes it. */
class Hanging extends Error {}

/** What isn't settled within Keyturn alone. */
function needsTarget(step: Step): boolean {
  return !['settle', 'drop', 'give-up'].includes(step.do);
}

/** Troubles that the next account of the same system would have too. */
function isOfSystem(error: unknown): boolean {
  return error instanceof TargetError && ['unreachable', 'untrusted', 'not-allowed'].includes(error.trouble);
}

function loginOf({ stored, place }: TargetFacts): string {
  if (stored?.username) return stored.username;
  throw new TargetError(
    'missing',
    `The configuration names no sign-in name for ${place.client}/${place.account}.`,
  );
}

function able<K extends 'withdraw' | 'disable' | 'enable' | 'elevate'>(
  connector: Connector,
  what: K,
): NonNullable<Connector[K]> {
  const can = connector[what];
  if (!can) throw new TargetError('missing', 'This type of system can’t do that. Change it by hand.');
  return can.bind(connector) as NonNullable<Connector[K]>;
}

/** Read at the target by signing in: the new password is in force, and the one before opens nothing. */
async function proveRotated(
  connector: Connector,
  { stored, live }: TargetFacts,
  login: string,
  to: Secret,
  from: Secret | null,
): Promise<ReadBack> {
  const atRest = stored?.atRest === 'disabled' && live.length === 0;
  if (!atRest && (await connector.verify(login, to)) !== 'works')
    throw new TargetError(
      'refused',
      `The target took the new password of ${login}, but refuses to sign in with it.`,
    );
  if (from && (await connector.verify(login, from)) !== 'refused')
    throw new TargetError(
      'refused',
      `The target took the new password of ${login}, but the old one still works.`,
    );
  return { newWorks: !atRest, oldRefused: from !== null };
}

function sayHanging({ place }: TargetFacts, hanging: readonly string[]): string {
  const few = hanging.slice(0, 5).join(', ');
  return `On this password hang ${few}${hanging.length > 5 ? ' and others' : ''}, which would break with it. A lead changes it when they are ready: keyturn rotate ${place.client}/${place.account}`;
}
