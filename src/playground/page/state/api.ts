/** The page's only way out: its own server, nothing else. */

import type { ClockView } from '../clock-contract.js';
import type { AuditView, Cast, SlackMember } from '../contract.js';
import type { Act, Outcome, SlackState } from '../slack-contract.js';

/** What the server tells at this path. @throws where it doesn't */
export async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

export const getCast = () => get<Cast>('/play/cast');
export const getAudit = () => get<AuditView>('/play/audit');

/** One person's whole Slack, as it is now. */
export function getSlack({ team, user }: SlackMember): Promise<SlackState> {
  return get(`/play/slack/state?${new URLSearchParams({ team, user })}`);
}

/** Does something as this person. It never throws: what went wrong is a sentence in the outcome. */
export function act({ team, user }: SlackMember, what: Act): Promise<Outcome> {
  return post('/play/slack/act', { team, user, ...what });
}

/** Tells a played service what somebody does. It never throws: no answer is an outcome too. */
export async function post<T extends { readonly ok: boolean; readonly error?: string }>(
  path: string,
  body: object,
): Promise<T | { readonly ok: false; readonly error: string }> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const outcome = (await answer.json()) as T;
    return outcome.ok === undefined ? { ...outcome, ok: answer.ok } : outcome;
  } catch {
    return { ok: false, error: 'Keyturn did not answer. Is it still running?' };
  }
}

/** What the stream says has changed: a team, and its people where it knows them; or the clock, which is everybody's. */
export interface Change {
  readonly team?: string;
  readonly users?: readonly string[];
  readonly clock?: ClockView;
}

/** Listens for changes until the page closes; the browser reconnects by itself. */
export function listen(on: { change(change: Change): void; online(yes: boolean): void }): void {
  const stream = new EventSource('/play/slack/stream');
  stream.onopen = () => on.online(true);
  stream.onerror = () => on.online(false);
  stream.addEventListener('change', (event) => on.change(parse(event.data)));
}

function parse(data: string): Change {
  try {
    return JSON.parse(data) as Change;
  } catch {
    // A change that can't be read may concern anybody.
    return {};
  }
}
