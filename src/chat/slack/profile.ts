/** What Slack says of a user: whether this workspace vouches for them, and for which e-mail. */

import type { webApi } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { SlackWorkspace } from '../../config/config.js';
import type { ChatProfile } from '../../core/identify.js';
import { outboxError, slackWord } from './failures.js';

const slackUser = z.object({
  id: z.string().min(1),
  team_id: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_workflow_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_email_confirmed: z.boolean().optional(),
  profile: z.object({ email: z.string().optional() }).optional(),
});
type SlackUser = z.infer<typeof slackUser>;

/** A profile from one of Slack's user objects, as in users.info and user_change; null where it is none. */
export function readUser(workspace: SlackWorkspace, given: unknown): ChatProfile | null {
  const user = slackUser.safeParse(given).data;
  if (!user) return null;
  const standing = standingOf(user, workspace.team);
  const email = user.profile?.email?.trim() ?? '';
  const confirmed = user.is_email_confirmed === true && email !== '';
  return {
    ...{ platform: 'slack', workspace: workspace.team, userId: user.id, of: workspace.of },
    standing,
    email: standing === 'member' && confirmed ? email : null,
  };
}

function standingOf(user: SlackUser, team: string): ChatProfile['standing'] {
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.is_stranger || user.team_id !== team) return 'external';
  if (user.deleted) return 'deactivated';
  // Slack states both for every member; where it states neither, it hasn't said that this is one.
  if (user.is_restricted === undefined || user.is_ultra_restricted === undefined) return 'unknown';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** Asks Slack. `unknown` where it can't say now: nobody is let in on a guess. */
export async function loadProfile(
  web: webApi.WebClient,
  workspace: SlackWorkspace,
  userId: string,
  log: Logger,
): Promise<ChatProfile> {
  const unknown: ChatProfile = {
    ...{ platform: 'slack', workspace: workspace.team, userId, of: workspace.of },
    ...{ standing: 'unknown', email: null },
  };
  try {
    const { user } = await web.users.info({ user: userId });
    const profile = readUser(workspace, user);
    return profile?.userId === userId ? profile : unknown;
  } catch (error) {
    log.warn(
      { team: workspace.team, userId, why: slackWord(error) ?? 'no answer' },
      'Slack could not say who a user is',
    );
    return unknown;
  }
}

/** Looks a user up by e-mail; null where there is none, or the address isn't confirmed. */
export async function findByEmail(
  web: webApi.WebClient,
  workspace: SlackWorkspace,
  email: string,
): Promise<ChatProfile | null> {
  try {
    const { user } = await web.users.lookupByEmail({ email });
    const profile = readUser(workspace, user);
    return profile?.email?.toLowerCase() === email.toLowerCase() ? profile : null;
  } catch (error) {
    if (slackWord(error) === 'users_not_found') return null;
    throw outboxError(error);
  }
}
