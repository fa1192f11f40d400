/** The conversations that a platform told us of, for those platforms where a bot can't look them up. */

import {
  type Conversation,
  closeConversation,
  conversationsOf,
  saveConversation,
} from '../store/conversations.js';
import type { Database } from '../store/driver.js';

export type { Conversation } from '../store/conversations.js';

/** One workspace's conversations. */
export interface Conversations {
  open(conversation: Pick<Conversation, 'conversation' | 'userId' | 'serviceUrl'>): Promise<void>;
  close(conversation: string, why: string): Promise<void>;
  /** A person's own chat, or a conversation by its name. */
  find(of: string): Promise<Conversation | null>;
  all(): Promise<Conversation[]>;
}

/** Keeps them in the database, so that every replica can write first. */
export function keptConversations(
  database: Database,
  platform: Conversation['platform'],
  workspace: string,
): Conversations {
  const named = { platform, workspace };
  return {
    open: (told) => saveConversation(database, { ...named, ...told, state: 'open', why: null }),
    close: (conversation, why) => closeConversation(database, { ...named, conversation }, why),
    find: async (of) => (await conversationsOf(database, platform, workspace, of))[0] ?? null,
    all: () => conversationsOf(database, platform, workspace),
  };
}
