/** The way to the played Duo. */

import type { DuoAct, DuoChange, DuoOutcome, DuoPhone } from '../duo-contract.js';
import { post } from './api.js';

/** Somebody's phone as it is now; null where this server plays none for them. @throws where it can't be asked */
export async function getPhone(user: string): Promise<DuoPhone | null> {
  const answer = await fetch(`/play/duo/state?${new URLSearchParams({ user })}`);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`Duo answered ${answer.status}`);
  return (await answer.json()) as DuoPhone;
}

/** Does something on this phone. It never throws: what went wrong is a sentence in the outcome. */
export function press(user: string, what: DuoAct): Promise<DuoOutcome> {
  return post('/play/duo/act', { user, ...what });
}

type Told = { readonly change: DuoChange } | 'reconnected';

/**
 * Listens for changes until the page closes. A browser gives one origin six connections, and each tab needs one for its
 * Slack: so one tab listens for all of them, and when it closes another takes its place.
 */
export function listenToDuo(on: (change: DuoChange) => void): void {
  const tabs = new BroadcastChannel('keyturn-duo');
  const hear = (told: Told) => on(told === 'reconnected' ? {} : told.change);
  tabs.onmessage = (event: MessageEvent<Told>) => hear(event.data);
  const tell = (told: Told) => {
    tabs.postMessage(told);
    hear(told);
  };
  void navigator.locks.request('keyturn-duo', () => {
    const stream = new EventSource('/play/duo/stream');
    // What happened while nobody listened was not told.
    stream.onopen = () => tell('reconnected');
    stream.addEventListener('change', (event) => tell({ change: parse(event.data) }));
    return new Promise(() => undefined);
  });
}

function parse(data: string): DuoChange {
  try {
    return JSON.parse(data) as DuoChange;
  } catch {
    return {};
  }
}
