/** What the page asks of Keyturn's clock: `GET /play/clock` tells it, `POST` winds it on. Loopback and same origin only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { answer, readBody } from './http.js';
import { type ClockView, WINDS, type WindOutcome, type WindSeconds } from './page/clock-contract.js';
import { isOwnPage } from './play-door.js';
import { parsed } from './values.js';

/** The clock, by whoever holds the database. */
export interface PlayedClock {
  readonly view: () => ClockView;
  /** Resolves when it is wound on by so many seconds, and every open page was told. */
  readonly wind: (seconds: WindSeconds) => Promise<void>;
}

const AMOUNTS = WINDS.map(({ seconds }) => seconds);
const SENTENCE = `The clock is wound on by ${AMOUNTS.slice(0, -1).join(', ')} or ${AMOUNTS.at(-1)} seconds, and by nothing else.`;

const wish = z.strictObject({ seconds: z.literal(AMOUNTS) });

/** Answers one request for the clock. What can't be asked changes nothing, and is answered with a sentence. */
export async function serveClock(
  clock: PlayedClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  const say = (status: number, body: ClockView | WindOutcome) => answer(response, status, body, headers);
  const refuse = (status: number, error: string) => say(status, { ok: false, error });
  try {
    if (!isOwnPage(request)) return refuse(403, 'Only this machine’s own page may ask.');
    if (request.method === 'GET') return say(200, clock.view());
    if (request.method !== 'POST') return refuse(405, 'The clock is read, and wound on.');
    // A form of another site can't send this content type without asking first.
    if (!/^application\/json *(;|$)/.test(request.headers['content-type'] ?? ''))
      return refuse(415, 'Send JSON.');
    const read = wish.safeParse(parsed(await readBody(request)));
    if (!read.success) return refuse(400, SENTENCE);
    await clock.wind(read.data.seconds);
    say(200, { ok: true, clock: clock.view() });
  } catch {
    refuse(500, 'The clock could not be wound.');
  }
}
