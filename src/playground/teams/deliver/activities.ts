/** Activities as Teams writes them. learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations */
import { randomUUID } from 'node:crypto';
import { escapeText } from '../../values.js';
import { botId, threadId } from '../ids.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Fields, Message } from '../types.js';

/** What every activity from a person carries. */
export function envelope(tenant: Tenant, user: string, conversation: Conversation, thread?: string): Fields {
  const person = tenant.person(user);
  const at = new Date(tenant.now()).toISOString();
  const isChannel = conversation.kind === 'channel';
  return {
    id: `f:${randomUUID()}`,
    timestamp: at,
    localTimestamp: at.replace('Z', '+00:00'),
    localTimezone: 'Etc/UTC',
    serviceUrl: tenant.serviceUrl,
    channelId: 'msteams',
    from: { id: tenant.userId(user), name: person.name, aadObjectId: user },
    conversation: {
      ...(isChannel ? { isGroup: true } : {}),
      conversationType: isChannel ? 'channel' : 'personal',
      tenantId: tenant.id,
      id: isChannel && thread ? threadId(conversation.id, thread) : conversation.id,
    },
    recipient: { id: botId(tenant.appId), name: tenant.botName },
    entities: [{ locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Etc/UTC', type: 'clientInfo' }],
    channelData: channelData(tenant, conversation),
    locale: 'en-US',
  };
}

function channelData(tenant: Tenant, { kind, id, team }: Conversation): Fields {
  if (kind === 'personal') return { tenant: { id: tenant.id } };
  return {
    teamsChannelId: id,
    teamsTeamId: team?.id,
    channel: { id },
    team: { id: team?.id },
    tenant: { id: tenant.id },
  };
}

/**
 * Something typed, as HTML has it: `&`, `<` and `>` are entities. In a channel the mention stands in the text, and
 * again as an entity: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
 */
export function messageActivity(tenant: Tenant, said: Message, typed: string, mentioned: boolean): Fields {
  const conversation = tenant.conversation(said.conversation);
  const base = envelope(tenant, said.from, conversation, said.thread ?? said.id);
  const at = `<at>${tenant.botName}</at>`;
  const mention = { type: 'mention', text: at, mentioned: base.recipient };
  const entities = base.entities as Fields[];
  const text = `${mentioned ? `${at} ` : ''}${escapeText(typed)}`;
  return {
    ...base,
    type: 'message',
    id: said.id,
    text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<div>${text}</div>` }],
    entities: mentioned ? [...entities, mention] : entities,
  };
}

/** A card's Action.Submit: a message without words. */
export function submitActivity(tenant: Tenant, user: string, on: Message, value: Fields): Fields {
  return {
    ...envelope(tenant, user, tenant.conversation(on.conversation), on.thread ?? on.id),
    type: 'message',
    replyToId: on.id,
    value,
  };
}

/** An invoke: `adaptiveCard/action`, `task/fetch`, `task/submit`, `application/search`. */
export function invokeActivity(
  tenant: Tenant,
  user: string,
  conversation: Conversation,
  name: string,
  value: Fields,
  on?: Message,
): Fields {
  return {
    ...envelope(tenant, user, conversation, on?.thread ?? on?.id),
    type: 'invoke',
    name,
    value,
    ...(on ? { replyToId: on.id } : {}),
  };
}

type Membership = 'membersAdded' | 'membersRemoved';

/** Members came or went: people by their object id, or the bot itself. */
export function membersActivity(
  tenant: Tenant,
  by: string,
  conversation: Conversation,
  change: Membership,
  members: readonly (string | 'bot')[],
): Fields {
  const base = envelope(tenant, by, conversation);
  const named = (one: string): Fields =>
    one === 'bot' ? { id: botId(tenant.appId) } : { id: tenant.userId(one), aadObjectId: one };
  const eventType = change === 'membersAdded' ? 'teamMemberAdded' : 'teamMemberRemoved';
  const isChannel = conversation.kind === 'channel';
  return {
    ...base,
    type: 'conversationUpdate',
    [change]: members.map(named),
    ...(isChannel
      ? { channelData: { ...(base.channelData as Fields), team: conversation.team, eventType } }
      : {}),
  };
}

export function installationActivity(
  tenant: Tenant,
  by: string,
  conversation: Conversation,
  action: 'add' | 'remove',
): Fields {
  return { ...envelope(tenant, by, conversation), type: 'installationUpdate', action };
}
