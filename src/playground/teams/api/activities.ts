/** What a bot sends: checked as Teams checks it, then said in the conversation. */

import { fields, isFields, list, text } from '../../values.js';
import { faultsOf, isTooLarge } from '../cards/check.js';
import { botId, splitThread, threadId } from '../ids.js';
import { adaptive, type Conversation, type Tenant } from '../tenant.js';
import type { Fields, Message } from '../types.js';
import { badCard, badRequest, noConversation, Refusal, tooLarge } from './refusal.js';

/**
 * About 100 KB for the whole message, in UTF-16, or 413 with MessageSizeTooBig:
 * learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
const messageLimit = 100 * 1024;

/** Cards and files that Teams knows: cards reference, learn.microsoft.com/microsoftteams. */
const attachmentTypes = new Set([
  adaptive,
  'application/vnd.microsoft.card.hero',
  'application/vnd.microsoft.card.thumbnail',
  'application/vnd.microsoft.card.signin',
  'application/vnd.microsoft.card.oauth',
  'application/vnd.microsoft.teams.card.list',
  'application/vnd.microsoft.teams.card.o365connector',
  'application/vnd.microsoft.teams.card.file.consent',
  'application/vnd.microsoft.teams.card.file.info',
]);

const textFormats = new Set(['plain', 'markdown', 'xml']);

const most = 10;

/** What may be said, taken from an activity. */
export function draftOf(activity: Fields): Pick<Message, 'text' | 'textFormat' | 'attachments'> {
  if (Buffer.byteLength(JSON.stringify(activity), 'utf16le') > messageLimit) throw tooLarge();
  const attachments = list(activity.attachments).filter(isFields);
  const said = text(activity.text);
  const textFormat = text(activity.textFormat) || 'markdown';
  if (!said && attachments.length === 0)
    throw badRequest('Activity must include non empty text or attachments.');
  if (!textFormats.has(textFormat)) throw badRequest(`There is no textFormat ${textFormat}.`);
  if (attachments.length > most) throw badRequest(`At most ${most} attachments.`);
  for (const one of attachments) checkAttachment(one);
  return { text: said, textFormat, attachments };
}

function checkAttachment({ contentType, content }: Fields): void {
  const type = text(contentType);
  if (!attachmentTypes.has(type) && !type.startsWith('image/'))
    throw badRequest(`Unknown attachment type '${type}'.`);
  if (type !== adaptive) return;
  if (isTooLarge(content)) throw tooLarge();
  const faults = faultsOf(content);
  if (faults.length > 0) throw badCard(`The card can't be shown: ${faults.join('; ')}.`);
}

/** The conversation that a bot is in. Where the app was removed, or the account is gone, it hears nothing. */
export function joinedConversation(tenant: Tenant, id: string): Conversation {
  const conversation = tenant.findConversation(id);
  if (!conversation) throw noConversation();
  const [member = ''] = conversation.members;
  const gone = conversation.kind === 'personal' && tenant.users.get(member)?.deleted;
  if (gone) throw noConversation();
  if (!conversation.installed)
    throw new Refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
  return conversation;
}

/**
 * The conversation that a bot may speak in. The codes are from "Status code responses":
 * learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
function openConversation(tenant: Tenant, id: string): Conversation {
  const conversation = joinedConversation(tenant, id);
  if (conversation.blocked)
    throw new Refusal(403, 'ConversationBlockedByUser', 'User blocked the conversation with the bot.');
  return conversation;
}

/** `POST …/activities` and `…/activities/{id}`. */
export function send(tenant: Tenant, id: string, activity: Fields, replyTo?: string): { id: string } {
  const conversation = openConversation(tenant, id);
  // "typing" shows three dots and leaves nothing.
  if (activity.type === 'typing') return { id: tenant.newId() };
  if (activity.type !== 'message') throw badRequest(`Unknown activity type '${text(activity.type)}'.`);
  const thread = conversation.kind === 'channel' ? (splitThread(id).thread ?? replyTo) : undefined;
  if (thread && !tenant.history(conversation.id).some((one) => one.id === thread)) throw noConversation();
  const said = tenant.post(conversation, {
    ...draftOf(activity),
    from: botId(tenant.appId),
    bot: true,
    ...(thread ? { thread } : {}),
  });
  return { id: said.id };
}

function ownMessage(tenant: Tenant, id: string, activityId: string): Message {
  const { id: base } = openConversation(tenant, id);
  const found = tenant.find(base, activityId);
  if (!found)
    throw new Refusal(404, 'ActivityNotFoundInConversation', 'The activity is not in the conversation.');
  if (!found.bot) throw new Refusal(403, 'Forbidden', 'A bot may change only what it sent.');
  return found;
}

/** `PUT …/activities/{id}`. */
export function update(tenant: Tenant, id: string, activityId: string, activity: Fields): { id: string } {
  const found = ownMessage(tenant, id, activityId);
  if (activity.type !== 'message') throw badRequest(`Unknown activity type '${text(activity.type)}'.`);
  return { id: tenant.amend(found, draftOf(activity)).id };
}

/** `DELETE …/activities/{id}`. */
export function remove(tenant: Tenant, id: string, activityId: string): void {
  tenant.amend(ownMessage(tenant, id, activityId), { deleted: true });
}

/** `POST /v3/conversations`: a person's chat, or a new thread in a channel. The tenant must be named. */
export function createConversation(tenant: Tenant, given: Fields): Fields {
  const channelData = fields(given.channelData);
  const named = text(given.tenantId) || text(fields(channelData.tenant).id);
  if (!named) throw badRequest('Missing tenantId.');
  if (named !== tenant.id) throw new Refusal(403, 'Forbidden', 'The bot does not belong to that tenant.');
  const channel = text(fields(channelData.channel).id);
  if (channel) return newThread(tenant, channel, fields(given.activity));
  const [member, ...others] = list(given.members).map((one) => text(fields(one).id));
  if (!member) throw badRequest('Members are missing.');
  if (given.isGroup === true || others.length > 0) throw badRequest('A bot can’t create a group chat.');
  return chatWith(tenant, member, given);
}

function chatWith(tenant: Tenant, member: string, given: Fields): Fields {
  const user = tenant.findUser(member);
  if (!user) throw badRequest('Failed to decrypt pairwise id');
  const chat = tenant.chatOf(user.id);
  // A blocked bot may still find the chat; what it says in it is refused.
  if (!chat.installed)
    throw new Refusal(403, 'ForbiddenOperationException', "Bot is not installed in user's personal scope");
  const activityId = isFields(given.activity) ? send(tenant, chat.id, given.activity).id : undefined;
  return { id: chat.id, ...(activityId ? { activityId } : {}) };
}

function newThread(tenant: Tenant, channel: string, activity: Fields): Fields {
  const { id } = openConversation(tenant, channel);
  const activityId = send(tenant, id, activity).id;
  return { id: threadId(id, activityId), activityId };
}
