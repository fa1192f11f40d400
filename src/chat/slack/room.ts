/** What every part of one workspace's chat needs. */

import type { webApi } from '@slack/bolt';
import type { SlackWorkspace } from '../../config/config.js';
import type { ChatProfile } from '../../core/identify.js';
import type { Joined } from '../joined.js';
import type { Unverified } from './http.js';
import type { Sender } from './send.js';

export interface SlackOptions extends Joined<Unverified> {
  readonly workspaces: readonly SlackWorkspace[];
  /** A test server's Web API, ending in `/api/`. */
  readonly apiUrl?: string;
  /** Milliseconds that only go forward, for how long a picture is waited for. */
  readonly now?: () => number;
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
