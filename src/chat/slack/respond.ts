/** Answers at a `response_url`. Bolt's own `respond` waits for ever and tries once. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from './render.js';

const TIMEOUT_MS = 4000;
const BEFORE_RETRY_MS = 300;

/** Says something to the one who acted, alone, and leaves the card that was pressed as it is. */
export async function respond(url: string, message: Message, apiUrl: string | undefined): Promise<void> {
  if (!isSlacks(url, apiUrl)) throw new Error('a response_url that is not Slack’s');
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...message });
  for (let left = 1; ; left--) {
    const failure = await send(url, body);
    if (failure === null) return;
    // The address is an answer's key, so it is never part of the message.
    if (left === 0 || !failure.mayPass) throw new Error(`Slack didn't take an answer: ${failure.why}`);
    await pause(BEFORE_RETRY_MS);
  }
}

async function send(url: string, body: string): Promise<{ why: string; mayPass: boolean } | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    return { why: `status ${response.status}`, mayPass: response.status >= 500 || response.status === 429 };
  } catch (error) {
    return { why: (error as Error).name, mayPass: true };
  }
}

/** Only Slack's own addresses are written to, or the test server's. */
function isSlacks(url: string, apiUrl: string | undefined): boolean {
  const { origin, protocol, hostname } = new URL(url);
  if (apiUrl !== undefined) return origin === new URL(apiUrl).origin;
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname);
}
