/** chat.*: saying, changing and taking back. docs.slack.dev/reference/methods */

import { text } from '../../values.js';
import type { Fields, Message } from '../types.js';
import type { Channel } from '../workspace.js';
import {
  type Call,
  contentOf,
  type Method,
  messageJson,
  metadataOf,
  need,
  SlackError,
  writable,
} from './call.js';

/** chat.postMessage takes a channel id, a `D…`, or a user id, which means that person's direct message. */
function target(call: Call): Channel {
  const id = need(call, 'channel');
  const { workspace } = call;
  if (!/^[UW]/.test(id)) {
    const named = [...workspace.channels.values()].find(
      (one) => one.kind === 'channel' && !one.isPrivate && `#${one.name}` === id,
    );
    return usable(call, writable(call, named?.id ?? id));
  }
  const user = workspace.users.get(id);
  if (!user || user.deleted || user.isBot) throw new SlackError('channel_not_found');
  return workspace.dmOf(id);
}

/** A direct message with somebody who has left is closed. */
function usable(call: Call, channel: Channel): Channel {
  if (channel.user && call.workspace.users.get(channel.user)?.deleted) throw new SlackError('is_archived');
  return channel;
}

// client_msg_id is kept but never used to drop a second copy: Slack promises no such thing to bots.
const postMessage: Method = (call) => {
  const channel = target(call);
  const { text: words, blocks, attachments } = contentOf(call.args, call.workspace.files);
  const metadata = metadataOf(call.args);
  const threadTs = text(call.args.thread_ts);
  if (threadTs && !call.workspace.find(channel.id, threadTs)) throw new SlackError('thread_not_found');
  const message = call.workspace.post({
    channel: channel.id,
    user: call.workspace.options.botUserId,
    bot: true,
    text: words,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    ...(metadata ? { metadata } : {}),
    ...(threadTs ? { threadTs } : {}),
    ...(call.args.client_msg_id ? { clientMsgId: text(call.args.client_msg_id) } : {}),
  });
  return { channel: channel.id, ts: message.ts, message: messageJson(call.workspace, message) };
};

const postEphemeral: Method = (call) => {
  const channel = usable(call, writable(call, need(call, 'channel')));
  const user = need(call, 'user');
  if (!channel.members.has(user)) throw new SlackError('user_not_in_channel');
  const { text: words, blocks, attachments } = contentOf(call.args, call.workspace.files);
  const message = call.workspace.post({
    channel: channel.id,
    user: call.workspace.options.botUserId,
    bot: true,
    text: words,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    ephemeralFor: user,
  });
  return { message_ts: message.ts };
};

/** The app's own message; an ephemeral one can't be found again by its stamp. */
function ownMessage(call: Call, refusal: string): Message {
  const id = need(call, 'channel');
  const ts = need(call, 'ts');
  const channel = call.workspace.channels.get(id);
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new SlackError('channel_not_found');
  const message = call.workspace.find(id, ts);
  if (!message || message.ephemeralFor) throw new SlackError('message_not_found');
  if (message.user !== call.workspace.options.botUserId) throw new SlackError(refusal);
  if (channel.isArchived) throw new SlackError('is_archived');
  return message;
}

/**
 * Slack: with text and no blocks the old blocks go; with neither they stay. "(edited)"
 * shows only on a text without blocks.
 */
const update: Method = (call) => {
  const message = ownMessage(call, 'cant_update_message');
  const metadata = metadataOf(call.args);
  const { text: words, blocks, attachments } = contentOf(call.args, call.workspace.files);
  const next = call.workspace.amend(message, {
    text: words,
    ...(blocks ? { blocks } : words ? { blocks: [] } : {}),
    ...(attachments ? { attachments } : {}),
    ...(metadata ? { metadata } : {}),
    edited: message.edited || (blocks === undefined && words !== message.text),
  });
  return {
    channel: next.channel,
    ts: next.ts,
    text: next.text,
    message: messageJson(call.workspace, next) as Fields,
  };
};

const remove: Method = (call) => {
  const message = ownMessage(call, 'cant_delete_message');
  call.workspace.amend(message, { deleted: true });
  return { channel: message.channel, ts: message.ts };
};

const getPermalink: Method = (call) => {
  const channel = need(call, 'channel');
  const ts = need(call, 'message_ts');
  if (!call.workspace.channels.has(channel)) throw new SlackError('channel_not_found');
  if (!call.workspace.find(channel, ts)) throw new SlackError('message_not_found');
  const permalink = `https://${call.workspace.domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  return { channel, permalink };
};

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
