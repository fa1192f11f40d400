/** Is a workspace's app as it should be? One line, with what to do. */

import { slackWord } from './failures.js';
import type { Room } from './room.js';

/** What the bot's token has to allow; `manifests/slack.yaml` says why each. */
export const SCOPES = [
  ...['commands', 'chat:write', 'files:write', 'im:write', 'im:history', 'users:read', 'users:read.email'],
];
/** Only to check that the requests channel is there. */
export const CHANNEL_SCOPES = ['channels:read', 'groups:read'];

/** Asks Slack: is the token good and of this workspace, are its scopes enough, is the requests channel open to it? */
export async function diagnose(room: Room): Promise<{ workspace: string; ok: boolean; says: string }> {
  const says = (await tokenFault(room)) ?? (await channelFault(room, room.workspace.requestsChannel));
  return { workspace: room.team, ok: says === null, says: says ?? 'Slack answers, and the app is complete.' };
}

async function tokenFault({ web, team }: Room): Promise<string | null> {
  try {
    const found = await web.auth.test();
    if (found.team_id !== team)
      return `bot_token belongs to ${found.team_id ?? 'no workspace'}, not to ${team}: put in that workspace's own token.`;
    const granted = found.response_metadata?.scopes;
    const missing = granted ? [...SCOPES, ...CHANNEL_SCOPES].filter((scope) => !granted.includes(scope)) : [];
    return missing.length === 0
      ? null
      : `The app lacks ${missing.join(', ')}: add what manifests/slack.yaml lists and install it again.`;
  } catch (error) {
    const word = slackWord(error);
    return word === null
      ? `Slack can't be reached: ${(error as Error).message}`
      : `Slack refuses bot_token (${word}): copy it anew from the app's page.`;
  }
}

async function channelFault({ web }: Room, channel: string | undefined): Promise<string | null> {
  if (channel === undefined) return null;
  try {
    const { channel: found } = await web.conversations.info({ channel });
    if (found?.is_archived) return `requests_channel ${channel} is archived: name another.`;
    return found?.is_member
      ? null
      : `The app isn't in requests_channel ${channel}: type /invite @Keyturn there.`;
  } catch (error) {
    const word = slackWord(error) ?? (error as Error).message;
    return `requests_channel ${channel} can't be seen (${word}): check its id, and type /invite @Keyturn there.`;
  }
}
