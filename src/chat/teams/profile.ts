/** What Teams says of a user: whether this tenant vouches for them, and for which e-mail. */

import { z } from 'zod';
import type { TeamsTenant } from '../../config/config.js';
import type { ChatProfile } from '../../core/identify.js';
import type { Conversations } from '../conversations.js';
import { type Connector, ConnectorError } from './connector.js';
import { outboxError, whyClosed } from './failures.js';

/** A member, as learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context has it. */
const teamsMember = z.object({
  aadObjectId: z.string().min(1).optional(),
  objectId: z.string().min(1).optional(),
  email: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  tenantId: z.string().optional(),
  userRole: z.string().optional(),
});
type TeamsMember = z.infer<typeof teamsMember>;
const page = z.object({ members: z.array(z.unknown()), continuationToken: z.string().nullish() });

const PAGE = 500;
/** A team has at most 25,000 members. */
const MOST_PAGES = 50;

export interface Roster {
  readonly entry: TeamsTenant;
  readonly connector: Connector;
  readonly conversations: Conversations;
  /** Teams' server where no conversation has named one yet. */
  readonly serviceUrl: string;
}

type Place = { readonly conversation: string; readonly serviceUrl: string };

/** A profile from one of Teams' members; null where it is none. */
export function readMember({ entry }: Pick<Roster, 'entry'>, given: unknown): ChatProfile | null {
  const member = teamsMember.safeParse(given).data;
  const userId = member?.aadObjectId ?? member?.objectId;
  if (!member || userId === undefined) return null;
  const standing = standingOf(member, entry.tenant);
  // The directory's own address; where it keeps none, the name that one signs in with.
  const email = (member.email || member.userPrincipalName || '').trim();
  return {
    ...{ platform: 'teams', workspace: entry.tenant, userId: userId.toLowerCase(), of: entry.of },
    standing,
    email: standing === 'member' && email !== '' ? email : null,
  };
}

function standingOf({ tenantId, userRole }: TeamsMember, tenant: string): ChatProfile['standing'] {
  if (tenantId !== undefined && tenantId.toLowerCase() !== tenant) return 'external';
  if (userRole === 'guest' || userRole === 'anonymous') return 'guest';
  // Where Teams doesn't say both, it hasn't said that this is one of the tenant's own.
  return userRole === 'user' && tenantId !== undefined ? 'member' : 'unknown';
}

/**
 * Asks Teams, in the person's own chat or in a team where they are. `unknown` where it can't say now: nobody
 * is let in on a guess. `deactivated` where a chat of theirs has them no more.
 */
export async function loadProfile(roster: Roster, userId: string): Promise<ChatProfile> {
  const { entry, conversations, connector } = roster;
  const as = (standing: ChatProfile['standing']): ChatProfile => ({
    ...{ platform: 'teams', workspace: entry.tenant, userId, of: entry.of, standing, email: null },
  });
  const own = await conversations.find(userId);
  for (const { conversation, serviceUrl } of [...(own ? [own] : []), ...(await teamsOf(roster))]) {
    const path = `/${encodeURIComponent(conversation)}/members/${encodeURIComponent(userId)}`;
    try {
      const profile = readMember(roster, await connector.call('GET', serviceUrl, path));
      if (profile?.userId === userId) return profile;
    } catch (error) {
      if (isGone(error) && conversation === own?.conversation) return as('deactivated');
      // Nothing answers: the next chat would only be waited for as well.
      if (!(error instanceof ConnectorError)) return as('unknown');
    }
  }
  return as('unknown');
}

/** Another 404 may be anybody's on the way there, and says nothing of a person. */
const GONE = ['ConversationNotFound', 'MemberNotFoundInConversation'];

function isGone(error: unknown): boolean {
  return error instanceof ConnectorError && error.status === 404 && GONE.includes(error.code);
}

/** Looks a user up by e-mail in the teams that have the app; null where none of them has such a one. */
export async function findByEmail(roster: Roster, email: string): Promise<ChatProfile | null> {
  for (const team of await teamsOf(roster)) {
    for await (const given of membersOf(roster, team)) {
      const profile = readMember(roster, given);
      if (profile?.email?.toLowerCase() === email.toLowerCase()) return profile;
    }
  }
  return null;
}

const NOBODY = { members: [] };

/** The teams that have the app, and those of our own channels, of which Teams may have told before we listened. */
async function teamsOf({ entry, conversations, serviceUrl }: Roster): Promise<Place[]> {
  const [teams, newest] = await Promise.all([conversations.teams(), conversations.newest()]);
  const anywhere = newest?.serviceUrl ?? serviceUrl;
  const { requestsChannel, alertsChannel } = entry;
  const ours = new Set([requestsChannel, alertsChannel].filter((id) => id !== undefined));
  return [...teams, ...[...ours].map((conversation) => ({ conversation, serviceUrl: anywhere }))];
}

async function* membersOf(
  { connector }: Roster,
  { conversation, serviceUrl }: Place,
): AsyncGenerator<unknown> {
  let token = '';
  for (let n = 0; n < MOST_PAGES; n++) {
    const query = `pageSize=${PAGE}${token === '' ? '' : `&continuationToken=${encodeURIComponent(token)}`}`;
    const path = `/${encodeURIComponent(conversation)}/pagedmembers?${query}`;
    const answered = await connector.call('GET', serviceUrl, path).catch((error) => {
      // Out of one team, but perhaps not out of the next.
      if (whyClosed(error) !== null) return NOBODY;
      throw outboxError(error);
    });
    const { members, continuationToken } = page.parse(answered);
    yield* members;
    if (!continuationToken) return;
    token = continuationToken;
  }
}
