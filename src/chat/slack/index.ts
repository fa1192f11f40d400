/** Slack. Several workspaces at once, each with its own secrets; none can speak for another. */

import { type Chat, Unreachable } from '../chat.js';
import { diagnose } from './diagnose.js';
import { findByEmail } from './profile.js';
import type { SlackOptions } from './room.js';
import { WorkspaceChat } from './workspace.js';

export type { Unverified } from './http.js';
export { renderForm } from './modal.js';
export { type Message, renderCard, renderSentence } from './render.js';
export type { SlackOptions } from './room.js';

/**
 * Joins Slack to the desk. Makes no call to Slack before `start`.
 * @throws where a signing secret or a bot token is empty.
 */
export function slackChat(options: SlackOptions): Chat {
  const chats = new Map(options.workspaces.map((w) => [w.team, new WorkspaceChat(w, options)]));
  const byPath = new Map(
    [...chats.values()].flatMap((chat) => (chat.path === null ? [] : [[chat.path, chat]])),
  );
  const room = (team: string) => {
    const found = chats.get(team);
    if (!found) throw new Unreachable(`no Slack workspace ${team} is configured`);
    return found.room;
  };
  const all = [...chats.values()];
  return {
    workspaces: options.workspaces.map(({ team, of, requestsChannel, alertsChannel }) => ({
      ...{ platform: 'slack', id: team, of },
      ...(requestsChannel === undefined ? {} : { requestsChannel }),
      ...(alertsChannel === undefined ? {} : { alertsChannel }),
    })),
    profile: async (workspace, userId) => room(workspace).profile(userId),
    find: async (workspace, email) => findByEmail(room(workspace).web, room(workspace).workspace, email),
    post: async (to, card) => room(to.workspace).sender.post(to, card),
    update: async (posted, card) => room(posted.workspace).sender.update(posted, card),
    handle(req, res) {
      const chat = byPath.get((req.url ?? '').split('?')[0] as string);
      chat?.receive(req, res);
      return chat !== undefined;
    },
    start: async () => void (await Promise.all(all.map((chat) => chat.start()))),
    stop: async () => void (await Promise.all(all.map((chat) => chat.stop()))),
    diagnose: () => Promise.all(all.map((chat) => diagnose(chat.room))),
  };
}
