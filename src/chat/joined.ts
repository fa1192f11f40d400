/** What every chat is joined to: who people are, what they may do, and who is told what. */

import type { Logger } from 'pino';
import type { ChatProfile } from '../core/identify.js';
import type { ChatIdentity } from '../core/people.js';
import type { Desk } from './act.js';
import type { PersonOf } from './introduce.js';

/** @typeParam Kind the ways in which something is not believed. */
export interface Joined<Kind extends string = string> {
  readonly desk: Desk;
  readonly personOf: PersonOf;
  readonly log: Logger;
  /** Counts what was not believed, by kind. */
  readonly onUnverified: (kind: Kind) => void;
  /** The platform says that this user is no full member any more; `standing` says what they are now. Throw to be told again. */
  readonly onDeactivated?: (
    identity: ChatIdentity,
    standing: ChatProfile['standing'],
  ) => Promise<void> | void;
  /** Somebody can be written to who couldn't be before. */
  readonly onReachable?: () => Promise<void> | void;
}
