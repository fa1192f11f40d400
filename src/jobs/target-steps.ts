/** What one step does at a system, and the change that comes of it: nothing here is written, and everything may be repeated. */

import type { Secret } from '../config/secret.js';
import { type Connector, TargetError } from '../connectors/connector.js';
import { type Step, systemOf, type TargetFacts, untilOf } from '../core/at-target.js';
import type { Change } from '../core/change.js';
import type { Grant } from '../core/grant.js';
import { gaveUp, provided, sealedLogin } from '../core/provide.js';
import { dropped, prepared, rotated } from '../core/rotate.js';
import { takenBack } from '../core/take-back.js';
import type { ReadBack, Target } from '../core/target.js';
import { generatePassword } from '../vault/password.js';
import type { TargetDesk } from './targets.js';

/** Something would break with the present password: that takes somebody's word, and no further try changes it. */
export class Hanging extends Error {}

/** Takes steps over connections that are opened when they are first needed, and closed together. */
export class TargetSteps {
  readonly #open = new Map<string, Connector>();

  constructor(private readonly desk: TargetDesk) {}

  async close(): Promise<void> {
    for (const connector of this.#open.values())
      await connector
        .close()
        .catch((err) => this.desk.log.warn({ err }, 'targets: a connection would not close'));
  }

  /** What is true at the target once this step is taken. @throws TargetError, or {@link Hanging} */
  async take(facts: TargetFacts, step: Step): Promise<Change> {
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

  /** What was made for a grant that has ended meanwhile may come after its end was taken back: it is taken back once more. */
  async undo(facts: TargetFacts, grant: Grant): Promise<void> {
    const target = grant.target as Target;
    const connector = await this.#connector(facts, { do: 'provide', grant });
    if (target.kind === 'elevation') await connector.withdraw?.({ ...target, grant: grant.id });
    else await connector.disable?.(target.login);
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
