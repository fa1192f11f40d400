/** Socket Mode: one connection, brought back for as long as the process lives. */

import { setTimeout as pause } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { slackLogger } from './log.js';

const FIRST_TRY_MS = 5000;
const LONGEST_PAUSE_MS = 30_000;

export class Socket {
  readonly receiver: SocketModeReceiver;
  readonly #stopped = new AbortController();
  #running: Promise<void> | null = null;

  constructor(
    appToken: string,
    clientOptions: object,
    readonly log: Logger,
  ) {
    this.receiver = new SocketModeReceiver({
      appToken,
      logger: slackLogger(log),
      // Its own reconnecting rejects where nobody listens when Slack is down, which would end the process.
      autoReconnectEnabled: false,
      installerOptions: { clientOptions },
      // Whatever went wrong is logged by the gate; what isn't acknowledged comes again.
      processEventErrorHandler: async () => false,
    });
  }

  /** Connects, and resolves when connected or, where Slack is away, after a few seconds; then it keeps trying. */
  async start(): Promise<void> {
    const { client } = this.receiver;
    const connected = new Promise<void>((resolve) => client.once('connected', () => resolve()));
    this.#running = this.#keepConnected();
    await Promise.race([connected, pause(FIRST_TRY_MS, undefined, { ref: false })]);
  }

  async #keepConnected(): Promise<void> {
    const { client } = this.receiver;
    for (let failures = 0; !this.#stopped.signal.aborted; ) {
      const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      try {
        await client.start();
        failures = 0;
        await gone;
      } catch (error) {
        failures += 1;
        this.log.warn(
          { why: (error as Error | undefined)?.message },
          'Slack socket: no connection, trying again',
        );
      }
      const wait = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures);
      await pause(wait, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    // A socket that is closed already never says so again.
    await Promise.race([this.receiver.client.disconnect(), pause(1000, undefined, { ref: false })]);
    await Promise.race([this.#running, pause(1000, undefined, { ref: false })]);
  }
}
