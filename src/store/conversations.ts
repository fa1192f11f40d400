/** Where a chat platform lets us speak: each conversation that it told us of, and whether it is still open. */

import type { ChatIdentity } from '../core/people.js';
import type { Database } from './driver.js';

export interface Conversation {
  readonly platform: ChatIdentity['platform'];
  readonly workspace: string;
  readonly conversation: string;
  /** Whose own chat it is; null for a team. */
  readonly userId: string | null;
  /** The platform's server for it. */
  readonly serviceUrl: string;
  readonly state: 'open' | 'closed';
  /** Why it is closed. */
  readonly why: string | null;
}

const COLUMNS = `platform, workspace, conversation, user_id as "userId", service_url as "serviceUrl", state, why`;

// Nothing is written where nothing has changed: this runs at every message.
const SAVE = {
  name: 'save_conversation',
  text: `insert into keyturn.conversations as c (platform, workspace, conversation, user_id, service_url, state, why, at)
    values ($1, $2, $3, $4, $5, $6, $7, keyturn.now())
    on conflict (platform, workspace, conversation) do update set user_id = excluded.user_id,
      service_url = excluded.service_url, state = excluded.state, why = excluded.why, at = excluded.at
    where (c.user_id, c.service_url, c.state, c.why) is distinct from
      (excluded.user_id, excluded.service_url, excluded.state, excluded.why)`,
};

/** Keeps a conversation as it is now. */
export async function saveConversation(database: Database, c: Conversation): Promise<void> {
  await database.run(SAVE, [c.platform, c.workspace, c.conversation, c.userId, c.serviceUrl, c.state, c.why]);
}

const CLOSE = {
  name: 'close_conversation',
  text: `update keyturn.conversations set state = 'closed', why = $4, at = keyturn.now()
    where platform = $1 and workspace = $2 and conversation = $3 and state = 'open'`,
};

/** The app was removed from a conversation, or blocked in it. */
export async function closeConversation(
  database: Database,
  { platform, workspace, conversation }: Pick<Conversation, 'platform' | 'workspace' | 'conversation'>,
  why: string,
): Promise<void> {
  await database.run(CLOSE, [platform, workspace, conversation, why]);
}

const FIND = {
  name: 'find_conversation',
  text: `select ${COLUMNS} from keyturn.conversations where platform = $1 and workspace = $2
    and (user_id = $3 or conversation = $3) order by at desc limit 1`,
};

/** A person's own chat, or a conversation by its name. */
export async function findConversation(
  database: Database,
  { platform, workspace }: Pick<Conversation, 'platform' | 'workspace'>,
  of: string,
): Promise<Conversation | null> {
  const [found] = await database.run<Conversation>(FIND, [platform, workspace, of]);
  return found ?? null;
}

const TEAMS = {
  name: 'open_teams',
  text: `select ${COLUMNS} from keyturn.conversations where platform = $1 and workspace = $2
    and user_id is null and state = 'open' order by at desc`,
};

/** The teams of a workspace that the app is in. */
export async function openTeams(
  database: Database,
  { platform, workspace }: Pick<Conversation, 'platform' | 'workspace'>,
): Promise<Conversation[]> {
  return database.run<Conversation>(TEAMS, [platform, workspace]);
}

const NEWEST = {
  name: 'newest_conversation',
  text: `select ${COLUMNS} from keyturn.conversations where platform = $1 and workspace = $2
    order by state = 'open' desc, at desc limit 1`,
};

/** The one that the platform told us of last, an open one where there is one. */
export async function newestConversation(
  database: Database,
  { platform, workspace }: Pick<Conversation, 'platform' | 'workspace'>,
): Promise<Conversation | null> {
  const [found] = await database.run<Conversation>(NEWEST, [platform, workspace]);
  return found ?? null;
}
