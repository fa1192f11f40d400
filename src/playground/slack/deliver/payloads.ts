/** What Slack says to an app, field by field. docs.slack.dev/reference/interaction-payloads */

import { fields, newId, stableId } from '../../values.js';
import { messageJson } from '../api/call.js';
import { loginName, userJson } from '../api/people.js';
import { type Pressable, stateOf } from '../blocks/read.js';
import type { Fields, Message, SlackUser, StateValues, View } from '../types.js';
import type { Channel, Workspace } from '../workspace.js';

/** The deprecated verification token; sent by Slack still, never to be trusted. */
const verification = (workspace: Workspace): string => stableId('', workspace.team, 'verification');

const who = (workspace: Workspace, user: SlackUser): Fields => ({
  id: user.id,
  username: loginName(user),
  name: loginName(user),
  team_id: user.teamId ?? workspace.team,
});

const basics = (workspace: Workspace, user: SlackUser): Fields => ({
  user: who(workspace, user),
  api_app_id: workspace.appId,
  token: verification(workspace),
  team: { id: workspace.team, domain: workspace.domain },
  enterprise: null,
  is_enterprise_install: false,
});

const channelName = (channel: Channel): string =>
  channel.kind === 'dm' ? 'directmessage' : channel.isPrivate ? 'privategroup' : channel.name;

const actionStamp = (workspace: Workspace): string => (workspace.now() / 1000).toFixed(6);

/** The form fields of a slash command. */
export function slashPayload(
  workspace: Workspace,
  user: SlackUser,
  channel: Channel,
  command: string,
  text: string,
  responseUrl: string,
): Fields {
  return {
    token: verification(workspace),
    team_id: workspace.team,
    team_domain: workspace.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: loginName(user),
    command,
    text,
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: workspace.screens.issueTrigger(user.id),
  };
}

export function shortcutPayload(workspace: Workspace, user: SlackUser, callbackId: string): Fields {
  return {
    type: 'shortcut',
    ...basics(workspace, user),
    action_ts: actionStamp(workspace),
    callback_id: callbackId,
    trigger_id: workspace.screens.issueTrigger(user.id),
  };
}

/** Where an element was used: a message with its channel, or a view. */
function placeOf(workspace: Workspace, place: Message | View, state: StateValues): Fields {
  if (isMessage(place)) {
    const channel = workspace.channels.get(place.channel) as Channel;
    const ephemeral = place.ephemeralFor !== undefined;
    return {
      container: {
        type: 'message',
        message_ts: place.ts,
        channel_id: place.channel,
        is_ephemeral: ephemeral,
      },
      channel: { id: channel.id, name: channelName(channel) },
      // An ephemeral message is not kept by Slack, so its content doesn't come back.
      ...(ephemeral ? {} : { message: messageJson(workspace, place) }),
      state: { values: state },
    };
  }
  return { container: { type: 'view', view_id: place.id }, view: { ...place, state: { values: state } } };
}

export const isMessage = (place: Message | View): place is Message => 'ts' in place && 'channel' in place;

/** One element used: a button pressed, an option picked. */
export function actionsPayload(
  workspace: Workspace,
  user: SlackUser,
  place: Message | View,
  used: Pressable,
  chosen: Fields,
  state: StateValues,
  responseUrl: string | undefined,
): Fields {
  const { element, actionId, blockId } = used;
  const { type, text, value, style, placeholder } = element;
  const shown = Object.fromEntries(
    Object.entries({ text, value, style, placeholder }).filter(([, found]) => found !== undefined),
  );
  const fromModal = !isMessage(place) && place.type === 'modal';
  return {
    type: 'block_actions',
    ...basics(workspace, user),
    ...placeOf(workspace, place, state),
    trigger_id: workspace.screens.issueTrigger(user.id, fromModal),
    ...(responseUrl ? { response_url: responseUrl } : {}),
    actions: [
      {
        type,
        action_id: actionId,
        block_id: blockId,
        ...shown,
        ...chosen,
        action_ts: actionStamp(workspace),
      },
    ],
  };
}

/** What somebody typed into an external select. */
export function suggestionPayload(
  workspace: Workspace,
  user: SlackUser,
  place: Message | View,
  used: Pressable,
  typed: string,
): Fields {
  const { state: _, ...where } = placeOf(
    workspace,
    place,
    isMessage(place) ? stateOf(place) : place.state.values,
  );
  return {
    type: 'block_suggestion',
    ...basics(workspace, user),
    ...where,
    action_id: used.actionId,
    block_id: used.blockId,
    value: typed,
  };
}

export function submissionPayload(workspace: Workspace, user: SlackUser, view: View): Fields {
  return {
    type: 'view_submission',
    ...basics(workspace, user),
    trigger_id: workspace.screens.issueTrigger(user.id, true),
    view,
    response_urls: [],
  };
}

export function closedPayload(workspace: Workspace, user: SlackUser, view: View, cleared: boolean): Fields {
  return { type: 'view_closed', ...basics(workspace, user), view, is_cleared: cleared };
}

/** An event in the envelope that the Events API puts around it. */
export function eventPayload(workspace: Workspace, event: Fields): Fields {
  return {
    token: verification(workspace),
    team_id: workspace.team,
    context_team_id: workspace.team,
    api_app_id: workspace.appId,
    event: { event_ts: workspace.stamp(), ...event },
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(workspace.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team,
        user_id: workspace.options.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}

export function messageEvent(workspace: Workspace, message: Message): Fields {
  const channel = workspace.channels.get(message.channel) as Channel;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    event_ts: message.ts,
    client_msg_id: message.clientMsgId,
    text: message.text,
    team: workspace.users.get(message.user)?.teamId ?? workspace.team,
    channel: message.channel,
    channel_type: channel.kind === 'dm' ? 'im' : channel.isPrivate ? 'group' : 'channel',
  };
}

export function userChangeEvent(workspace: Workspace, user: SlackUser): Fields {
  return {
    type: 'user_change',
    user: fields(userJson(workspace, user)),
    cache_ts: Math.floor(workspace.now() / 1000),
  };
}
