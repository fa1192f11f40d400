/** The way to the played Duo. */

import type { DuoAct, DuoChange, DuoOutcome, DuoPhone } from '../duo-contract.js';
import { post } from './api.js';
import { listenTogether } from './shared-stream.js';

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

/** Listens for changes until the page closes. */
export function listenToDuo(on: (change: DuoChange) => void): void {
  listenTogether<DuoChange>('keyturn-duo', '/play/duo/stream', on);
}
