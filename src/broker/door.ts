/** The bastion's port: shut while nothing is lent by SSH, and opened by itself once an `apply` has begun to. */

import type { Logger } from '../config/logging.js';
import type { Facts } from '../core/facts.js';
import type { Broker } from './open.js';

export interface DoorDesk {
  facts(): Promise<Pick<Facts, 'directory'>>;
  /** Opens the port. @throws Error that says why it can't be had. */
  open(): Promise<Broker>;
  readonly log: Logger;
}

const LOOK_MS = 3_000;

export class Door {
  readonly #desk: DoorDesk;
  #broker: Broker | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** What was said of it last, so that it isn't said every few seconds. */
  #said = '';

  constructor(desk: DoorDesk) {
    this.#desk = desk;
  }

  /** Null while it is shut. */
  get broker(): Broker | null {
    return this.#broker;
  }

  /** @throws Error where it has to be open and can't be: who starts a Keyturn wants to know at once. */
  async start(): Promise<void> {
    await this.#openIfWanted();
    this.#lookAgain();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#broker?.stop();
  }

  async #openIfWanted(): Promise<void> {
    const { directory } = await this.#desk.facts();
    if (directory.accounts.some(({ deliver }) => deliver.includes('ssh')))
      this.#broker = await this.#desk.open();
  }

  #lookAgain(): void {
    if (this.#broker || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#openIfWanted()
        .catch((err: Error) => {
          if (this.#said !== err.message) this.#desk.log.error({ err }, 'the SSH port is not open');
          this.#said = err.message;
        })
        .then(() => this.#lookAgain());
    }, LOOK_MS);
    this.#timer.unref();
  }
}
