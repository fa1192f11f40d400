/** Where the tests of a connector are played: a world around one real target, and what every test needs of it. */

import { expect } from 'vitest';
import type { Secret } from '../../src/config/secret.js';
import { type Connector, type Elevation, jitLoginOf, type ReadBack } from '../../src/connectors/connector.js';
import { generatePassword } from '../../src/vault/password.js';
import type { Cuttable } from '../support/cuttable.js';
import { endOf, leaksIn, troubleOf } from '../support/trouble.js';

export interface TargetWorld {
  /** Reaches the target over `line`, with a time limit of `limitMs`. */
  readonly connector: Connector;
  /** The same, but its system's secret is a wrong one. */
  readonly stranger: Connector;
  /** What each call of the connector may take at most, or of `hasty` where there is one: 2,000 or so. */
  readonly limitMs: number;
  /** The same connector in a hurry, for what never answers: so the other's limit may be as long as its work takes. */
  readonly hasty?: Connector;
  /** The only way from the connectors to the target. What the world asks for itself goes another way. */
  readonly line: Cuttable;
  /** A group at the target that nobody is in. */
  readonly group: string;
  /** The system's own secret and any other that must never be seen in an error. */
  readonly secrets: readonly string[];
  /** Makes a login that can sign in at once, as the client's own administrators would. */
  make(login: string, password: string): Promise<void>;
  /** Signs in afresh, without the connector. Throws where the target gives no clear answer. */
  signsIn(login: string, password: string): Promise<boolean>;
  exists(login: string): Promise<boolean>;
  memberOf(login: string, group: string): Promise<boolean>;
  close(): Promise<void>;
}

/** More pieces than any act of a connector takes: a cut that never comes to an end is a fault of the test. */
const MOST_PIECES = 400;

/** The world, and what every test of it needs: fresh names and passwords, all of which no error may show. */
export class Stage {
  world!: TargetWorld;
  readonly #shown: string[] = [];
  #count = 0;

  open(world: TargetWorld): void {
    this.world = world;
    this.#shown.push(...world.secrets);
  }

  get connector(): Connector {
    return this.world.connector;
  }

  /** A login that is at the target, and its password. */
  async login(): Promise<{ readonly login: string; readonly password: Secret }> {
    const login = this.freshName();
    const password = await this.password(login);
    await this.world.make(login, password.reveal());
    return { login, password };
  }

  freshName(): string {
    this.#count += 1;
    return `svc${this.#count}`;
  }

  async password(login: string): Promise<Secret> {
    const password = (await this.connector.newPassword?.(login)) ?? generatePassword();
    this.#shown.push(password.reveal());
    return password;
  }

  elevation(login: string): Elevation {
    return { grant: this.freshGrant(), group: this.world.group, login, as: 'own' };
  }

  jit(): Elevation {
    const grant = this.freshGrant();
    return { grant, group: this.world.group, login: jitLoginOf(grant), as: 'jit' };
  }

  /** The trouble that a call ends in, once the error is known to hold no secret. */
  trouble(call: Promise<unknown>): Promise<string> {
    return troubleOf(call, this.#shown);
  }

  /** What a call read at the target: something, and no secret. */
  expectReading(reading: ReadBack): void {
    expect(Object.keys(reading)).not.toEqual([]);
    expect(leaksIn(reading, this.#shown)).toEqual([]);
  }

  /**
   * Does it again and again, cut off one piece later each time, until it goes through uncut.
   *
   * @param attempt given its number, does what the cut interrupts
   * @param afterwards with the line whole again
   */
  async cutAnywhere(
    attempt: (n: number) => Promise<unknown>,
    afterwards: (n: number) => Promise<void>,
  ): Promise<void> {
    for (let n = 1; n < MOST_PIECES; n += 1) {
      this.world.line.cutAt(n);
      const trouble = await endOf(attempt(n), this.#shown);
      const cut = this.world.line.mend();
      if (!cut) expect(trouble).toBeNull();
      await afterwards(n);
      if (!cut) {
        expect(n).toBeGreaterThan(2);
        return;
      }
    }
    throw new Error(`still cut after ${MOST_PIECES} pieces`);
  }

  private freshGrant(): string {
    this.#count += 1;
    return `G-${this.#count.toString().padStart(6, '7')}`;
  }
}

export function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}

export function elevate(stage: Stage, what: Elevation, password: Secret | null): Promise<ReadBack> {
  return lend(stage.connector, what, password);
}

export async function lend(
  connector: Connector,
  what: Elevation,
  password: Secret | null,
): Promise<ReadBack> {
  if (!connector.elevate) throw new Error('this connector lends no group');
  return connector.elevate(what, inAnHour(), password);
}

export async function withdraw(stage: Stage, what: Elevation): Promise<ReadBack> {
  if (!stage.connector.withdraw) throw new Error('this connector takes no group back');
  return stage.connector.withdraw(what);
}
