/** What every part of one workspace's chat needs. */

import type { webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackWorkspace } from '../../config/config.js';
import type { ChatProfile } from '../../core/identify.js';
import type { ChatIdentity } from '../../core/people.js';
import type { Desk } from '../act.js';
import type { PersonOf } from '../introduce.js';
import type { Unverified } from './http.js';
import type { Sender } from './send.js';

export interface SlackOptions {
  readonly workspaces: readonly SlackWorkspace[];
  /** A test server's Web API, ending in `/api/`. */
  readonly apiUrl?: string;
  readonly desk: Desk;
  readonly personOf: PersonOf;
  readonly log: Logger;
  /** Counts what was not believed. */
  readonly onUnverified: (kind: Unverified) => void;
  /** Slack says that this user is no full member any more; `standing` says what they are now. Throw to be told again. */
  readonly onDeactivated?: (
    identity: ChatIdentity,
    standing: ChatProfile['standing'],
  ) => Promise<void> | void;
}

export interface Room extends Omit<SlackOptions, 'workspaces'> {
  readonly workspace: SlackWorkspace;
  readonly team: string;
  /** For what somebody waits for: one quick retry. */
  readonly web: webApi.WebClient;
  readonly sender: Sender;
  /** What Slack says of a user of this workspace now. */
  readonly profile: (userId: string) => Promise<ChatProfile>;
}
