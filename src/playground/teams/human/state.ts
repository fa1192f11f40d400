/** One person's screen as the page shows it, and nothing that this person may not see. */
import type { TeamsConversation, TeamsMessage, TeamsState } from '../../page/teams-contract.js';
import { botId } from '../ids.js';
import type { Conversation, Tenant } from '../tenant.js';
import type { Message } from '../types.js';

/** The screen of one person, or undefined when there is no such person. */
export function screenOf(tenant: Tenant, userId: string): TeamsState | undefined {
  const me = tenant.users.get(userId);
  if (!me) return undefined;
  const chat = tenant.chatOf(userId);
  const channels = [...tenant.conversations.values()].filter(
    (one) => one.kind === 'channel' && one.members.has(userId),
  );
  const { dialog, toasts } = { dialog: tenant.screens.dialog(userId), toasts: tenant.screens.toasts(userId) };
  return {
    tenant: { id: tenant.id, name: tenant.options.name },
    me: { id: me.id, name: me.name },
    conversations: [chat, ...channels].map((one) => conversationFor(tenant, one, userId)),
    dialog: dialog ? withoutOpener(dialog) : null,
    toasts,
  };
}

const withoutOpener = <T extends { opener: unknown }>({ opener: _, ...shown }: T): Omit<T, 'opener'> => shown;

const conversationFor = (
  tenant: Tenant,
  { id, name, kind }: Conversation,
  user: string,
): TeamsConversation => ({
  id,
  name,
  kind,
  messages: tenant.visible(id, user).map((message) => shown(tenant, message)),
});

function shown(tenant: Tenant, message: Message): TeamsMessage {
  const { id, from, bot, text, card, note, edited, at } = message;
  const name = bot ? tenant.botName : (tenant.users.get(from)?.name ?? from);
  return {
    id,
    from: { id: bot ? botId(tenant.appId) : from, name, isBot: bot },
    text,
    card: card ?? null,
    note: note ?? null,
    edited,
    at: new Date(at).toISOString(),
  };
}
