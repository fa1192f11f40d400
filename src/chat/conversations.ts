/** The conversations that a platform told us of, for those platforms where a bot can't look them up. */

import {
  type Conversation,
  closeConversation,
  findConversation,
  newestConversation,
  openTeams,
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
  /** The teams that the app is in. */
  teams(): Promise<Conversation[]>;
  /** The one told of last, an open one where there is one. */
  newest(): Promise<Conversation | null>;
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
    find: (of) => findConversation(database, named, of),
    teams: () => openTeams(database, named),
    newest: () => newestConversation(database, named),
  };
}
