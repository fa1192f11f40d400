/** What every part of one tenant's chat needs. */

import type { TeamsTenant } from '../../config/config.js';
import type { TestEndpoints } from '../../config/test-endpoints.js';
import type { ChatProfile } from '../../core/identify.js';
import type { Conversations } from '../conversations.js';
import type { Joined } from '../joined.js';
import type { Connector } from './connector.js';
import type { Unverified } from './guard.js';
import type { Sender } from './send.js';

export interface TeamsOptions extends Joined<Unverified> {
  readonly tenants: readonly TeamsTenant[];
  /** Test servers instead of Microsoft's. */
  readonly endpoints: Pick<TestEndpoints, 'botOpenidMetadataUrl' | 'botLoginUrl' | 'botServiceUrl'>;
  /** Where a tenant's conversations are kept. */
  readonly conversations: (tenant: string) => Conversations;
  /** How long somebody who pressed is kept waiting for their answer; later it comes as a message. */
  readonly answerMs?: number;
  /** How long Microsoft is waited for. */
  readonly timeoutMs?: number;
  /** Milliseconds that only go forward, for how long a token or Teams' word about a person holds. */
  readonly now?: () => number;
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
