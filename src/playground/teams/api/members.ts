/** Who is in a conversation, as Teams tells a bot. */
import type { Tenant } from '../tenant.js';
import type { Fields, TeamsUser } from '../types.js';
import { joinedConversation } from './activities.js';
import { Refusal } from './refusal.js';

/** A member as Teams writes them: learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context */
function memberOf(tenant: Tenant, user: TeamsUser): Fields {
  const [givenName = '', ...rest] = user.name.split(' ');
  return {
    id: tenant.userId(user.id),
    name: user.name,
    givenName,
    surname: rest.join(' '),
    objectId: user.id,
    aadObjectId: user.id,
    ...(user.email ? { email: user.email } : {}),
    userPrincipalName: principalName(user),
    tenantId: tenant.id,
    userRole: user.guest ? 'guest' : 'user',
  };
}

const principalName = ({ userPrincipalName, email, id }: TeamsUser): string =>
  userPrincipalName ?? email ?? `${id}@unknown.example`;

const present = (tenant: Tenant, conversation: string): TeamsUser[] =>
  [...joinedConversation(tenant, conversation).members]
    .map((id) => tenant.users.get(id))
    .filter((one): one is TeamsUser => one !== undefined && !one.deleted);

/** `GET …/members`. */
export const members = (tenant: Tenant, conversation: string): Fields[] =>
  present(tenant, conversation).map((one) => memberOf(tenant, one));

/** `GET …/pagedmembers?pageSize=…&continuationToken=…`: 50 to 500 a page. */
export function pagedMembers(tenant: Tenant, conversation: string, query: URLSearchParams): Fields {
  const size = Math.min(500, Math.max(50, Number(query.get('pageSize') ?? 200)));
  const from = Number(query.get('continuationToken') ?? 0);
  const all = members(tenant, conversation);
  const next = from + size < all.length ? { continuationToken: String(from + size) } : {};
  return { members: all.slice(from, from + size), ...next };
}

/** `GET …/members/{id}`, by Teams' own id or the object id. */
export function member(tenant: Tenant, conversation: string, id: string): Fields {
  const user = tenant.findUser(id);
  if (!user || !joinedConversation(tenant, conversation).members.has(user.id))
    throw new Refusal(404, 'MemberNotFoundInConversation', 'Member not found in conversation.');
  return memberOf(tenant, user);
}
