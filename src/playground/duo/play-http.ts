/** What the page's phone talks to: `/play/duo/state`, `/stream` and `/act`. Loopback and same origin only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerAtDoor } from '../play-door.js';
import type { Fields } from '../slack/types.js';
import { text } from '../values.js';
import type { Act, PhoneState } from './phone.js';
import { Impossible } from './pushes.js';
import type { Change } from './types.js';

export interface PlayContext {
  readonly phone: (username: string) => PhoneState | undefined;
  readonly act: (username: string, act: Act) => void;
  /** `end` is called when the fake stops. Returns how to leave. */
  readonly subscribe: (listener: (change: Change) => void, end: () => void) => () => void;
}

/** Answers one request below `/play/duo/`. */
export function servePlay(
  context: PlayContext,
  request: IncomingMessage,
  response: ServerResponse,
  verb: string,
): Promise<void> {
  const door = {
    state: (query: URLSearchParams) => context.phone(query.get('user') ?? ''),
    nobody: 'Duo has no such user.',
    act: async (given: Fields) => perform(context, given),
    subscribe: context.subscribe,
  };
  return answerAtDoor(door, request, response, verb);
}

function perform(context: PlayContext, given: Fields): Fields {
  try {
    context.act(text(given.user), readAct(given));
    return { ok: true };
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
    return { ok: false, error: error.message };
  }
}

function readAct(given: Fields): Act {
  const kind = text(given.kind);
  const txid = text(given.txid);
  if (kind === 'allow') return { kind, txid, ...(text(given.code) ? { code: text(given.code) } : {}) };
  if (kind === 'deny' || kind === 'fraud') return { kind, txid };
  const phone = text(given.phone);
  if (kind === 'phone' && (phone === 'on' || phone === 'slow' || phone === 'off')) return { kind, phone };
  throw new Impossible(`Nobody can “${kind}” here.`);
}
