/** Coming and going: the app in a chat or a team, people in a channel, accounts in the directory. */
import { installationActivity, membersActivity } from '../deliver/activities.js';
import type { Courier } from '../deliver/courier.js';
import type { Tamper } from '../deliver/tamper.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Fields, Seen, TeamsUser } from '../types.js';
import { Impossible } from './impossible.js';
import { nothingSent, noticed } from './seen.js';

export interface Installing {
  /** Of the team that gets or loses the app. Left out: one's own scope. */
  readonly channel?: string;
  readonly tamper?: Tamper;
}

export interface Membership {
  /** Installs the app in the person's own scope, or in a channel's team. */
  installs(user: string, how?: Installing): Promise<Seen>;
  uninstalls(user: string, how?: Installing): Promise<Seen>;
  /** Nothing is sent; what the bot says from now on is refused. */
  blocks(user: string, isBlocked: boolean): Seen;
  joins(user: string, channel: string, by: string): Promise<Seen>;
  parts(user: string, channel: string, by: string): Promise<Seen>;
  /** The admin deactivates the account. Teams tells the bot nothing. */
  leaves(user: string): Seen;
  changes(user: string, change: Partial<Omit<TeamsUser, 'id'>>): Seen;
}

/**
 * learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events:
 * the bot hears of its own coming and going twice, as `conversationUpdate` and as `installationUpdate`; when it is
 * removed from a personal scope, only as the latter.
 */
export function membershipOf(tenant: Tenant, courier: Courier): Membership {
  async function tell(activities: readonly Fields[], tamper?: Tamper): Promise<Seen> {
    let seen = nothingSent;
    for (const activity of activities) {
      const next = noticed(await courier.deliver(tenant, activity, tamper));
      seen = seen.ok ? next : seen;
    }
    return seen;
  }

  function turn(user: string, channel: string | undefined, installed: boolean): Conversation {
    const { name } = tenant.person(user);
    const where = channel === undefined ? tenant.chatOf(user) : tenant.conversation(channel);
    if (where.installed === installed)
      throw new Impossible(`For ${name} the app is ${installed ? 'there already' : 'not there'}.`);
    for (const one of tenant.conversations.values())
      if (one === where || (where.team && one.team?.id === where.team.id)) one.installed = installed;
    if (!installed) where.blocked = false;
    tenant.changed([...where.members]);
    return where;
  }

  function inChannel(id: string): Conversation {
    const channel = tenant.conversation(id);
    if (channel.kind !== 'channel') throw new Impossible(`${channel.name} is not a channel.`);
    return channel;
  }

  function setMember(user: string, channel: string, by: string, isMember: boolean): Promise<Seen> {
    const where = inChannel(channel);
    tenant.person(user);
    if (isMember) where.members.add(user);
    else where.members.delete(user);
    tenant.changed([...where.members, user]);
    const what = isMember ? 'membersAdded' : 'membersRemoved';
    return where.installed
      ? tell([membersActivity(tenant, by, where, what, [user])])
      : Promise.resolve(nothingSent);
  }

  return {
    async installs(user, { channel, tamper } = {}) {
      const where = turn(user, channel, true);
      const added = membersActivity(tenant, user, where, 'membersAdded', ['bot']);
      return tell([added, installationActivity(tenant, user, where, 'add')], tamper);
    },
    async uninstalls(user, { channel, tamper } = {}) {
      const where = turn(user, channel, false);
      const removed = membersActivity(tenant, user, where, 'membersRemoved', ['bot']);
      const told = installationActivity(tenant, user, where, 'remove');
      return tell(where.kind === 'channel' ? [removed, told] : [told], tamper);
    },
    blocks(user, isBlocked) {
      tenant.person(user);
      tenant.chatOf(user).blocked = isBlocked;
      tenant.changed([user]);
      return nothingSent;
    },
    joins: (user, channel, by) => setMember(user, channel, by, true),
    parts: (user, channel, by) => setMember(user, channel, by, false),
    leaves(user) {
      tenant.setUser(user, { deleted: true });
      return nothingSent;
    },
    changes(user, change) {
      tenant.setUser(user, change);
      return nothingSent;
    },
  };
}
