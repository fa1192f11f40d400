/** What somebody has not looked at yet. */

import type { Chat, Room } from './chats.js';

/** Channel id → the `ts` of the newest message its reader has seen. */
export type Seen = Readonly<Record<string, string>>;

/** How many messages of others are newer than what was seen. An edit is no new message. */
export function unreadIn(channel: Room, me: string, seen: Seen): number {
  const last = seen[channel.id] ?? '';
  return channel.messages.filter((message) => message.from.id !== me && newer(message.ts, last)).length;
}

/** Over all channels. */
export function unreadOf(chat: Chat, seen: Seen): number {
  return chat.channels.reduce((sum, channel) => sum + unreadIn(channel, chat.me.id, seen), 0);
}

/** Where somebody who has just arrived should look: their own messages first. */
export function firstUnread(chat: Chat, seen: Seen): string | undefined {
  const waiting = chat.channels.filter((channel) => unreadIn(channel, chat.me.id, seen) > 0);
  return (waiting.find((channel) => channel.kind === 'dm') ?? waiting[0])?.id;
}

/** Newest timestamp of a channel, or '' where nothing was said. */
export function newestIn(channel: Room): string {
  return channel.messages.reduce((newest, message) => (newer(message.ts, newest) ? message.ts : newest), '');
}

/** Slack timestamps are seconds and a fraction of fixed length: compare by number, then by text. */
export function newer(a: string, b: string): boolean {
  if (b === '') return true;
  return Number(a) !== Number(b) ? Number(a) > Number(b) : a > b;
}
