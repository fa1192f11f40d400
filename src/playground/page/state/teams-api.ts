/** The way to the played Teams. */

import type { TeamsMember } from '../contract.js';
import type { TeamsAct, TeamsOutcome, TeamsState } from '../teams-contract.js';
import { get, post } from './api.js';
import { listenTogether } from './shared-stream.js';

/** One person's whole Teams, as it is now. */
export function getTeams({ tenant, user }: TeamsMember): Promise<TeamsState> {
  return get(`/play/teams/state?${new URLSearchParams({ tenant, user })}`);
}

/** Does something as this person. It never throws: what went wrong is a sentence in the outcome. */
export function actInTeams({ tenant, user }: TeamsMember, what: TeamsAct): Promise<TeamsOutcome> {
  return post('/play/teams/act', { tenant, user, ...what });
}

/** What the stream says has changed: a tenant, and its people where it knows them. */
export interface TeamsChange {
  readonly tenant?: string;
  readonly users?: readonly string[];
}

/** Listens for changes until the page closes. */
export function listenToTeams(on: (change: TeamsChange) => void): void {
  listenTogether<TeamsChange>('keyturn-teams', '/play/teams/stream', on);
}
