/** auth.*, users.* and conversations.*: who there is and where one can talk. */

import { isTrue } from '../../values.js';
import type { Fields, SlackUser } from '../types.js';
import type { Channel, Workspace } from '../workspace.js';
import { type Call, type Method, need, page, SlackError } from './call.js';

/** The login name, which Slack's payloads still carry beside the real one. */
export const loginName = (user: SlackUser): string =>
  (user.email?.split('@')[0] ?? user.name).toLowerCase().replace(/[^a-z0-9._-]+/g, '.');

/** A user object. Only the e-mail of this workspace's own humans is shown. */
export function userJson(workspace: Workspace, user: SlackUser): Fields {
  const teamId = user.teamId ?? workspace.team;
  const email = user.isStranger || user.isBot ? {} : { email: user.email };
  const common = { id: user.id, team_id: teamId, name: loginName(user), deleted: user.deleted ?? false };
  const profile = { real_name: user.name, display_name: user.name, team: teamId, ...email };
  if (common.deleted) return { ...common, profile, is_bot: user.isBot ?? false, updated: 0 };
  return {
    ...common,
    real_name: user.name,
    tz: user.tz ?? 'Europe/Amsterdam',
    profile,
    is_admin: false,
    is_owner: false,
    is_restricted: user.isRestricted ?? false,
    is_ultra_restricted: user.isUltraRestricted ?? false,
    is_bot: user.isBot ?? false,
    is_app_user: false,
    ...(user.isStranger ? { is_stranger: true } : {}),
    is_email_confirmed: user.isEmailConfirmed ?? true,
    updated: 0,
  };
}

const authTest: Method = ({ workspace }) => ({
  url: `https://${workspace.domain}.slack.com/`,
  team: workspace.options.name,
  user: loginName(workspace.users.get(workspace.options.botUserId) as SlackUser),
  team_id: workspace.team,
  user_id: workspace.options.botUserId,
  bot_id: workspace.botId,
  is_enterprise_install: false,
});

const usersInfo: Method = (call) => {
  const user = call.workspace.users.get(need(call, 'user'));
  if (!user) throw new SlackError('user_not_found');
  return { user: userJson(call.workspace, user) };
};

const usersList: Method = ({ workspace, args }) => {
  const { items, response_metadata } = page([...workspace.users.values()], args);
  return { members: items.map((user) => userJson(workspace, user)), cache_ts: 0, response_metadata };
};

/** Slack finds only active humans of its own workspace by e-mail. */
const lookupByEmail: Method = (call) => {
  const email = need(call, 'email').toLowerCase();
  const user = [...call.workspace.users.values()].find(
    (one) => one.email?.toLowerCase() === email && !one.deleted && !one.isStranger && !one.isBot,
  );
  if (!user) throw new SlackError('users_not_found');
  return { user: userJson(call.workspace, user) };
};

const open: Method = (call) => {
  const { workspace, args } = call;
  if (args.channel) {
    const known = workspace.channels.get(String(args.channel));
    if (known?.kind !== 'dm') throw new SlackError('channel_not_found');
    return { no_op: true, already_open: true, channel: { id: known.id } };
  }
  const users = need(call, 'users').split(',');
  const user = workspace.users.get(users[0] ?? '');
  if (!user) throw new SlackError('user_not_found');
  if (users.length > 1) throw new SlackError('method_not_supported_for_channel_type');
  if (user.isBot) throw new SlackError('cannot_dm_bot');
  if (user.deleted) throw new SlackError('user_disabled');
  const dm = workspace.dmOf(user.id);
  const whole = isTrue(args.return_im) ? channelJson(workspace, dm) : { id: dm.id };
  return { channel: whole };
};

function channelJson(workspace: Workspace, channel: Channel): Fields {
  if (channel.kind === 'dm')
    return {
      id: channel.id,
      is_im: true,
      is_org_shared: false,
      user: channel.user,
      is_user_deleted: workspace.users.get(channel.user ?? '')?.deleted ?? false,
      is_open: true,
    };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_member: channel.botIsMember,
    is_shared: false,
    is_ext_shared: false,
    context_team_id: workspace.team,
    num_members: channel.members.size + (channel.botIsMember ? 1 : 0),
  };
}

/** A private channel that the app is not in does not exist for it. */
function known(call: Call): Channel {
  const channel = call.workspace.channels.get(need(call, 'channel'));
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new SlackError('channel_not_found');
  return channel;
}

const info: Method = (call) => ({ channel: channelJson(call.workspace, known(call)) });

const members: Method = (call) => {
  const channel = known(call);
  const bot = channel.botIsMember ? [call.workspace.options.botUserId] : [];
  const { items, response_metadata } = page([...channel.members, ...bot], call.args);
  return { members: items, response_metadata };
};

const conversationsList: Method = ({ workspace, args }) => {
  const seen = [...workspace.channels.values()].filter(
    (one) => one.kind === 'channel' && (!one.isPrivate || one.botIsMember),
  );
  const { items, response_metadata } = page(seen, args);
  return { channels: items.map((one) => channelJson(workspace, one)), response_metadata };
};

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'users.info': usersInfo,
  'users.list': usersList,
  'users.lookupByEmail': lookupByEmail,
  'conversations.open': open,
  'conversations.info': info,
  'conversations.list': conversationsList,
  'conversations.members': members,
};
