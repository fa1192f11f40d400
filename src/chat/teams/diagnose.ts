/** Is a tenant's bot as it should be? One line, with what to do. */

import type { TeamsTenant } from '../../config/config.js';
import type { Conversations } from '../conversations.js';
import { type Connector, ConnectorError } from './connector.js';
import { whyClosed } from './failures.js';
import { LoginRefused } from './login.js';

interface Subject {
  readonly entry: TeamsTenant;
  readonly connector: Connector;
  readonly conversations: Conversations;
}

/** Asks Microsoft: is the credential good, has the app ever been added, are the channels open to it? */
export async function diagnose(subject: Subject): Promise<{ workspace: string; ok: boolean; says: string }> {
  const { tenant } = subject.entry;
  const says = (await loginFault(subject)) ?? (await placeFault(subject));
  return { workspace: tenant, ok: says === null, says: says ?? 'Teams answers, and the app is added.' };
}

async function loginFault({ connector }: Subject): Promise<string | null> {
  try {
    await connector.login.token();
    return null;
  } catch (error) {
    return error instanceof LoginRefused
      ? `Microsoft refuses app_id or app_password (${error.why}): copy them anew from the app registration.`
      : `Microsoft's login can't be reached: ${(error as Error).message}`;
  }
}

async function placeFault(subject: Subject): Promise<string | null> {
  const newest = await subject.conversations.newest();
  if (newest?.state !== 'open')
    return 'Nobody has added the app yet: upload the package from manifests/teams in the admin centre, and add it for whoever decides.';
  const { requestsChannel, alertsChannel } = subject.entry;
  const { serviceUrl } = newest;
  for (const [setting, channel] of [
    ['requests_channel', requestsChannel],
    ['alerts_channel', alertsChannel],
  ] as const) {
    const fault = channel === undefined ? null : await channelFault(subject, serviceUrl, channel);
    if (fault !== null) return `${setting} ${channel} ${fault}`;
  }
  return null;
}

async function channelFault(
  { connector }: Subject,
  serviceUrl: string,
  channel: string,
): Promise<string | null> {
  try {
    await connector.call('GET', serviceUrl, `/${encodeURIComponent(channel)}/pagedmembers?pageSize=50`);
    return null;
  } catch (error) {
    if (error instanceof ConnectorError && whyClosed(error) !== null)
      return `isn't open to the app (${error.code}): check the id, and add Keyturn to that channel's team.`;
    return `can't be seen: ${(error as Error).message}`;
  }
}
