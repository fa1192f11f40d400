/** Stands between Bolt's receivers and the app: each payload is read strictly once, before Bolt looks into it. */

import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Arrived } from './http.js';
import { type Incoming, readIncoming } from './incoming.js';

/** What a listener finds in Bolt's context as `passed`. */
export interface Passed {
  readonly incoming: Incoming;
  readonly ack: ReceiverEvent['ack'];
  /** When the delivery came in: Slack's three seconds run from then. */
  readonly arrivedAt: number;
}

export interface GateOptions {
  readonly team: string;
  /** Unreadable, or another workspace's: answered without the app. */
  readonly turnAway: (incoming: Turned, ack: ReceiverEvent['ack']) => Promise<void>;
  /** Something threw that nobody caught. */
  readonly fault: (error: unknown) => void;
}

export type Turned = Extract<Incoming, { kind: 'unreadable' | 'elsewhere' }>;

/**
 * A receiver whose app only ever gets payloads that were read. Bolt itself
 * acknowledges an event before any listener has run; here the acknowledgement
 * waits for the work, so that an event which a crash cut short is sent again.
 */
export function gated(inner: Receiver, options: GateOptions): Receiver {
  return {
    init: (app) => inner.init({ processEvent: (event: ReceiverEvent) => pass(app, event, options) } as App),
    start: (...given) => inner.start(...given),
    stop: (...given) => inner.stop(...given),
  };
}

async function pass(app: App, event: ReceiverEvent, options: GateOptions): Promise<void> {
  const incoming = readIncoming(event.body, options.team);
  const ack = onlyOnce(event.ack);
  try {
    if (incoming.kind === 'unreadable' || incoming.kind === 'elsewhere')
      await options.turnAway(incoming, ack);
    else if (incoming.kind === 'nothing') await ack();
    else {
      const { arrivedAt = performance.now() } = (event.customProperties ?? {}) as Partial<Arrived>;
      const passed: Passed = { incoming, ack, arrivedAt };
      const early = isEvent(incoming) ? async () => {} : ack;
      const body = withoutNulls(event.body);
      await app.processEvent({ ...event, body, ack: early, customProperties: { passed } });
    }
  } catch (error) {
    options.fault(error);
    // An event that isn't acknowledged comes again; everything else was answered by its listener.
    throw error;
  }
}

/** Bolt looks into some fields that Slack may leave null, such as a channel, and would throw. */
function withoutNulls(body: ReceiverEvent['body']): ReceiverEvent['body'] {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

function isEvent({ kind }: Incoming): boolean {
  return kind === 'message' || kind === 'home' || kind === 'user';
}

/** Slack wants one acknowledgement; Bolt throws at the second over HTTP. */
function onlyOnce(ack: ReceiverEvent['ack']): ReceiverEvent['ack'] {
  let done = false;
  return async (answer?: unknown) => {
    if (done) return;
    done = true;
    await ack(answer as never);
  };
}
