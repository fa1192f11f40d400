/** Teams. Several tenants at once, each with a bot of its own; none can speak for another. */

import { type Chat, Unreachable } from '../chat.js';
import type { TeamsOptions } from './room.js';
import { TenantChat } from './tenant.js';

export type { Unverified } from './guard.js';
export type { TeamsOptions } from './room.js';

/**
 * Joins Teams to the desk. Makes no call to Microsoft by itself.
 * @throws where an app id or its password is empty: nothing could be verified then.
 */
export function teamsChat(options: TeamsOptions): Chat {
  const chats = new Map(options.tenants.map((entry) => [entry.tenant, new TenantChat(entry, options)]));
  const tenant = (id: string) => {
    const found = chats.get(id);
    if (!found) throw new Unreachable(`no Teams tenant ${id} is configured`);
    return found;
  };
  const all = [...chats.values()];
  return {
    workspaces: options.tenants.map(({ tenant: id, of, requestsChannel, alertsChannel }) => ({
      ...{ platform: 'teams', id, of },
      ...(requestsChannel === undefined ? {} : { requestsChannel }),
      ...(alertsChannel === undefined ? {} : { alertsChannel }),
    })),
    profile: async (workspace, userId) => tenant(workspace).room.profile(userId),
    find: async (workspace, email) => tenant(workspace).find(email),
    post: async (to, card) => tenant(to.workspace).room.sender.post(to, card),
    update: async (posted, card) => tenant(posted.workspace).room.sender.update(posted, card),
    invite: async ({ workspace, userId }, name) => tenant(workspace).room.sender.invite(userId, name),
    handle(req, res) {
      const chat = all.find(({ path }) => path === (req.url ?? '').split('?')[0]?.toLowerCase());
      chat?.receive(req, res);
      return chat !== undefined;
    },
    start: async () => {},
    stop: async () => void (await Promise.all(all.map((chat) => chat.stop()))),
    diagnose: () => Promise.all(all.map((chat) => chat.diagnose())),
  };
}
