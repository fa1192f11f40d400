/** What every part of one tenant's chat needs. */

import type { Logger } from 'pino';
import type { TeamsTenant } from '../../config/config.js';
import type { TestEndpoints } from '../../config/test-endpoints.js';
import type { ChatProfile } from '../../core/identify.js';
import type { ChatIdentity } from '../../core/people.js';
import type { Desk } from '../act.js';
import type { Conversations } from '../conversations.js';
import type { PersonOf } from '../introduce.js';
import type { Connector } from './connector.js';
import type { Unverified } from './guard.js';
import type { Sender } from './send.js';

export interface TeamsOptions {
  readonly tenants: readonly TeamsTenant[];
  /** Test servers instead of Microsoft's. */
  readonly endpoints: Pick<TestEndpoints, 'botOpenidMetadataUrl' | 'botLoginUrl' | 'botServiceUrl'>;
  readonly desk: Desk;
  readonly personOf: PersonOf;
  /** Where a tenant's conversations are kept. */
  readonly conversations: (tenant: string) => Conversations;
  readonly log: Logger;
  /** Counts what was not believed. */
  readonly onUnverified: (kind: Unverified) => void;
  /** Teams says that this user is no full member any more. */
  readonly onDeactivated?: (
    identity: ChatIdentity,
    standing: ChatProfile['standing'],
  ) => Promise<void> | void;
  /** How long somebody who pressed is kept waiting for their answer; later it comes as a message. */
  readonly answerMs?: number;
  /** How long Microsoft is waited for. */
  readonly timeoutMs?: number;
  /** Milliseconds that only go forward, for how long a token or Teams' word about a person holds. */
  readonly now?: () => number;
  /** Somebody can be written to who couldn't be before. */
  readonly onReachable?: () => Promise<void> | void;
}

export interface Room extends Omit<TeamsOptions, 'tenants' | 'conversations'> {
  readonly entry: TeamsTenant;
  readonly tenant: string;
  readonly conversations: Conversations;
  readonly connector: Connector;
  readonly serviceUrl: string;
  readonly sender: Sender;
  /** What Teams says of a user of this tenant now. */
  readonly profile: (userId: string) => Promise<ChatProfile>;
}
